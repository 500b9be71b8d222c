"""Who works with cases, and where: the municipality as a tree, rights to read, log-ins, and who stands in."""
