"""The case on the desk: what its page shows and its forms take, how it is opened, and its line in a list."""
