"""How the database came to look as it does, one step at a time."""
