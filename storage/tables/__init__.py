"""The tables, alike on both databases, and the kinds of column they are made of."""
