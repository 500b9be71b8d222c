"""One module for each command of ``lyhord``."""
