"""Logging in and out, here or at the municipality's own log-in, and one's own account."""
