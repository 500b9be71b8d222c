"""Settings and municipality profiles."""
