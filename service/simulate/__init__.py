"""A year of a municipality in minutes: made-up people act on the real steps, and an independent checker looks back."""
