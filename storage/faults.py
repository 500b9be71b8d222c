"""What an error of the database is about: its disk, another transaction, or what it was given."""

import sqlite3

import sqlalchemy as sa

_BASIC = 0xFF
"""The part of an SQLite error's code that says its kind."""
_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# PostgreSQL's error codes disk_full, io_error, data_corrupted and index_corrupted.
_POSTGRES = ("53100", "58030", "XX001", "XX002")
# deadlock_detected, serialization_failure.
_MET = ("40P01", "40001")


def met_another(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL let this transaction go because it and another waited for each other: nothing was written."""
    return getattr(error.orig, "sqlstate", "") in _MET


def disk_failed(error: sa.exc.DBAPIError) -> bool:
    """Whether the database's disk is full or failing, or its files are damaged: nothing to be written is at fault."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & _BASIC in _SQLITE or getattr(error.orig, "sqlstate", "") in _POSTGRES
