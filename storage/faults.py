"""What an error of the database is about: its disk, or what it was given."""

import sqlite3

import sqlalchemy as sa

_BASIC = 0xFF
"""The part of an SQLite error's code that says its kind."""
_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
# PostgreSQL's error codes disk_full and io_error.
_POSTGRES = ("53100", "58030")


def disk_failed(error: sa.exc.DBAPIError) -> bool:
    """Whether the database's disk is full or failing: nothing that was to be written is at fault."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & _BASIC in _SQLITE or getattr(error.orig, "sqlstate", "") in _POSTGRES
