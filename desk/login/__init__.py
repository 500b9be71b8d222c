"""Logging in: passwords and one-time codes, the municipality's own log-in, sessions, and slowing down who guesses."""
