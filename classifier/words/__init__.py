"""Wordings as lists and patterns: of flags, tracks, danger and courtesy, in Swedish and other languages."""
