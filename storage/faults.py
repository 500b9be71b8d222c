"""What an error of the database is about: its disk, another transaction, or what it was given."""

import sqlite3
from errno import errorcode

import sqlalchemy as sa

_BASIC = 0xFF
"""The part of an SQLite error's code that says its kind."""
_SQLITE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)
# PostgreSQL's error codes disk_full, io_error, data_corrupted and index_corrupted.
_POSTGRES = ("53100", "58030", "XX001", "XX002")
# read_only_sql_transaction.
_SHUT = "25006"
# deadlock_detected, serialization_failure.
_MET = ("40P01", "40001")


def met_another(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL let this transaction go because it and another waited for each other: nothing was written."""
    return getattr(error.orig, "sqlstate", "") in _MET


def disk_failed(error: sa.exc.DBAPIError) -> bool:
    """Whether the database's disk is full, failing or shut for writing, or its files damaged: no letter is at fault."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & _BASIC in _SQLITE or getattr(error.orig, "sqlstate", "") in _POSTGRES


def takes_no_writing(error: BaseException | None) -> bool:
    """Whether PostgreSQL's own error says that the server is a standby, or set to reading alone."""
    return getattr(error, "sqlstate", "") == _SHUT


def kind_of(error: Exception) -> str:
    """An error for the log: its kind and the database's or the system's own code for it, never what it quotes."""
    cause = getattr(error, "orig", None) or error
    # A library's own kinds count otherwise: of ssl's errors number 1 is no EPERM.
    number = cause.errno if isinstance(cause, OSError) and type(cause).__module__ == "builtins" else None
    code = errorcode.get(number or 0) or getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "")
    return f"{type(error).__name__} {code}" if code else type(error).__name__
