"""Many cases and letters: the queue, lists, what is done with several, and what has no case."""
