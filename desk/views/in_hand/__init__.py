"""One case: its page, what is done with it, what is written and what leaves."""
