"""SQLite's file: made for its owner alone, and how a transaction on it begins and waits for its turn to write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

_WRITES = "lyhord_writes"
# A writer waits this long for the one before it; no transaction holds SMTP, parsing or model work.
_BUSY_SECONDS = 30.0
_IMMEDIATE = "BEGIN IMMEDIATE"
_DURABLE = "FULL"
# Pages in the log from which a commit also moves them into the file, which waits for the disk: SQLite's own number.
_LONG_LOG = 1000
# What is in the higher bits of SQLite's codes only says which case of an error it is.
_BASIC = 0xFF


def open_sqlite(target: sa.URL) -> sa.Engine:
    """An engine whose writers come one after the other."""
    # isolation_level None: the driver starts no transaction of its own, so that BEGIN IMMEDIATE can be ours.
    arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = sa.create_engine(target, connect_args=arguments, pool_size=8, max_overflow=32, hide_parameters=True)
    sa.event.listen(engine, "do_connect", lambda *_: _make_private(target.database))
    sa.event.listen(engine, "connect", _tell_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def unhurried(connection: sa.Connection) -> Iterator[None]:
    """While it lasts, a commit on this connection is in the log, but need not be on the disk yet.

    Nor does it move the log into the file, which is waiting for the disk, too: a commit that waits does, and each
    letter is kept by one.
    """
    _commits(connection, "NORMAL", long_log=0)
    try:
        yield
    finally:
        # The connection goes back to the pool, where the next commit may be a letter that nobody else has any more.
        _commits(connection, _DURABLE, long_log=_LONG_LOG)


def _commits(connection: sa.Connection, how: str, *, long_log: int) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA synchronous = {how}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {long_log}")
    cursor.close()


def _make_private(path: str | None) -> None:
    """Make a new database file readable by its owner alone: it holds every letter; SQLite's -wal and -shm follow it."""
    if path and not path.startswith((":", "file:")) and not Path(path).exists():
        # Where it cannot be made SQLite says so, as an error that whoever waits for the database knows.
        with suppress(OSError):
            Path(path).touch(mode=0o600, exist_ok=True)


def _tell_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"synchronous={_DURABLE}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    if connection.get_execution_options().get(_WRITES, True):
        _take_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: sa.Connection) -> None:
    """Wait for the writer before: left to itself SQLite asks more and more seldom, and sleeps far past its end."""
    until = monotonic() + _BUSY_SECONDS
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 1")
    try:
        while not _begun(cursor, connection.dialect, patient=monotonic() < until):
            pass
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {1000 * _BUSY_SECONDS:.0f}")
        cursor.close()


def _begun(cursor: DBAPICursor, dialect: Dialect, *, patient: bool) -> bool:
    try:
        cursor.execute(_IMMEDIATE)
    except sqlite3.OperationalError as error:
        if patient and error.sqlite_errorcode & _BASIC == sqlite3.SQLITE_BUSY:
            return False
        # As SQLAlchemy would say it, so that whoever waits for an outage of the database knows one.
        raise sa.exc.DBAPIError.instance(_IMMEDIATE, None, error, sqlite3.Error, dialect=dialect) from error
    return True


def read_sqlite(connection: sa.Connection) -> Iterator[sa.Connection]:
    """The connection, in a transaction that sees one moment of the database and refuses to write."""
    reader = connection.execution_options(**{_WRITES: False})
    try:
        with reader.begin() as transaction:
            reader.exec_driver_sql("PRAGMA query_only=ON")
            yield reader
            transaction.rollback()
    finally:
        # The connection goes back to the pool, where the next one may want to write.
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA query_only=OFF")
        cursor.close()
