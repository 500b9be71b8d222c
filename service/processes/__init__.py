"""The processes of an installation: daemon, desk and reader; how they start, are watched and stop."""
