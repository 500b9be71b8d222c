"""Opens the database: how a transaction begins and what a connection is told, on SQLite and on PostgreSQL."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert

from cases.case import Case
from cases.ports import Analyser

_WRITES = "lyhord_writes"
# A writer waits this long for the one before it; no transaction holds SMTP, parsing or model work.
_BUSY_SECONDS = 30.0
_KEY_LENGTH = 255


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///file`` or ``postgresql://…`` (psycopg 3), with transactions as the Rulings say."""
    target = sa.make_url(url)
    if target.get_backend_name() == "sqlite":
        return _open_sqlite(target)
    return sa.create_engine(postgresql_url(url), pool_pre_ping=True)


def postgresql_url(url: str) -> sa.URL:
    """A PostgreSQL address with our driver named, whichever way it was written."""
    target = sa.make_url(url)
    return target.set(drivername="postgresql+psycopg") if "+" not in target.drivername else target


def _open_sqlite(target: sa.URL) -> sa.Engine:
    # isolation_level None: the driver starts no transaction of its own, so that BEGIN IMMEDIATE can be ours.
    arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = sa.create_engine(target, connect_args=arguments, pool_size=8, max_overflow=32)
    sa.event.listen(engine, "do_connect", lambda *_: _make_private(target.database))
    sa.event.listen(engine, "connect", _tell_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: str | None) -> None:
    """Make a new database file readable by its owner alone: it holds every letter; SQLite's -wal and -shm follow it."""
    if path and not path.startswith((":", "file:")) and Path(path).parent.is_dir():
        Path(path).touch(mode=0o600, exist_ok=True)


def _tell_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that commits at the end, and rolls back where an exception leaves it."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one moment of the database and refuses to write."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            yield from _read_sqlite(connection)
        else:
            yield from _read_postgresql(connection)


def _read_sqlite(connection: sa.Connection) -> Iterator[sa.Connection]:
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


def _read_postgresql(connection: sa.Connection) -> Iterator[sa.Connection]:
    reader = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reader.begin() as transaction:
        yield reader
        transaction.rollback()


class Part:
    """What every part of a transaction has: its connection, and the analyser that makes search terms.

    Rows that nothing refers to (journal, search documents, flags, ...) may wait and are written many at a time; they
    are there before anything is asked or changed through ``connection``, and before the transaction commits.
    """

    def __init__(self, connection: sa.Connection, analyser: Analyser) -> None:
        self.ahead = connection
        self.analyser = analyser
        self._waiting: dict[sa.Table, list[dict[str, Any]]] = {}
        # Cases read or written in this transaction, as they stand; whoever may read them is asked each time.
        self._seen: dict[str, Case] = {}

    @property
    def connection(self) -> sa.Connection:
        """The connection, once what waits is written; ``ahead`` is the same for what cannot see rows that wait."""
        self.flush()
        return self.ahead

    def after(self, *tables: sa.Table) -> sa.Connection:
        """The connection for what is asked of these tables alone; what waits is written where some of it is theirs."""
        return self.ahead if self._waiting.keys().isdisjoint(tables) else self.connection

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, {}
        for table, rows in waiting.items():
            self.ahead.execute(_insert(table), rows)

    def insert(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Write one row now."""
        self.ahead.execute(_insert(table), dict(row))

    def insert_later(self, table: sa.Table, *rows: Mapping[str, Any]) -> None:
        """Write rows together with others; ask for them through ``connection`` alone."""
        if rows:
            self._waiting.setdefault(table, []).extend(map(dict, rows))

    def insert_new(self, table: sa.Table, row: Mapping[str, Any], keys: Sequence[str]) -> bool:
        """Write one row; False, without a database error, where one with the same keys stands there already."""
        statement = _insert_new(self.ahead.dialect.name, table, tuple(keys))
        # Not rowcount: where SQLAlchemy asks PostgreSQL for the new serial, that is -1.
        return self.ahead.execute(statement, dict(row)).first() is not None

    def replace(self, table: sa.Table, keys: Sequence[str], row: Mapping[str, Any]) -> None:
        """Write one row over the one with the same keys."""
        rest = {name: value for name, value in row.items() if name not in keys}
        statement = upsert(self.ahead.dialect.name, table).values(dict(row))
        self.connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest))


@cache
def _insert(table: sa.Table) -> sa.Insert:
    """One statement for a table and all its rows, so that SQLAlchemy need not build and compare it each time."""
    return table.insert()


@cache
def _insert_new(dialect: str, table: sa.Table, keys: tuple[str, ...]) -> ReturningInsert[Any]:
    statement = upsert(dialect, table).on_conflict_do_nothing(index_elements=list(keys))
    return statement.returning(*table.primary_key.columns)


def upsert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT; both databases spell it alike, but SQLAlchemy keeps two."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def index_key(text: str) -> str:
    """The text as it is compared and indexed: lower case, and a digest where longer than an index entry may be."""
    key = text.strip().casefold()
    clean = key.encode("utf-8", "replace").replace(b"\x00", b"?")
    if len(clean) <= _KEY_LENGTH:
        return clean.decode()
    return f"sha256:{hashlib.sha256(clean).hexdigest()}"


def bare_id(message_id: str) -> str:
    """A Message-ID without its angle brackets."""
    return message_id.strip().removeprefix("<").removesuffix(">").strip()


def message_key(message_id: str) -> str | None:
    """A Message-ID without its angle brackets, as compared (case counts, RFC 5322 3.6.4); None where there is none."""
    clean = bare_id(message_id).encode("utf-8", "replace").replace(b"\x00", b"?")
    if len(clean) > _KEY_LENGTH:
        return f"sha256:{hashlib.sha256(clean).hexdigest()}"
    return clean.decode() or None
