"""Tools that make documents out of what the tests know."""
