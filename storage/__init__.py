"""Keeps everything in SQLite or PostgreSQL: one transaction per ``with``, rows turned into the words of ``cases``."""

from storage.store import SqlStore

__all__ = ["SqlStore"]
