"""A letter meets its case: the one it begins or joins, whether a machine wrote it, and what its words ask for."""
