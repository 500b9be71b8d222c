"""Opens the database: how a transaction begins and what a connection is told, on SQLite and on PostgreSQL."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from cases.case import Case
from cases.parts import in_parts
from cases.ports import Analyser
from storage.database.bulk import delete_rows, insert_rows, update_rows
from storage.database.questions import Answer, Answers, Question
from storage.database.rested import ask_the_rested, leave_the_shut, plan_simply
from storage.database.sqlite_file import open_sqlite, read_sqlite, unhurried
from storage.tables.columns import metadata

_KEY_LENGTH = 255
# As many keys as a statement may name without trouble.
_KEYS_AT_ONCE = 500
_Names = tuple[str, ...]
_Row = Mapping[str, Any]


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///file`` or ``postgresql://…`` (psycopg 3), with transactions as the Rulings say.

    Its errors hide what was written: they end in logs, and that is letters, addresses and hashes of passwords.
    """
    target = sa.make_url(url)
    if target.get_backend_name() == "sqlite":
        return open_sqlite(target)
    # Whatever the server's own is: who waited for another's change goes on by it, instead of being refused.
    level = "READ COMMITTED"
    engine = sa.create_engine(postgresql_url(url), hide_parameters=True, isolation_level=level)
    return leave_the_shut(ask_the_rested(plan_simply(engine)))


def postgresql_url(url: str) -> sa.URL:
    """A PostgreSQL address with our driver named, whichever way it was written."""
    target = sa.make_url(url)
    return target.set(drivername="postgresql+psycopg") if "+" not in target.drivername else target


def libpq_options(url: str) -> dict[str, str]:
    """What PostgreSQL's own programs are told of an address; of several servers ``host`` and ``port`` with commas.

    They do not know SQLAlchemy's way of naming more than one.
    """
    target = postgresql_url(url)
    _, options = target.get_dialect()().create_connect_args(target)
    return {name: str(value) for name, value in options.items()}


@contextmanager
def writing(engine: sa.Engine, *, redoable: bool = False) -> Iterator[sa.Connection]:
    """A transaction that commits at the end, and rolls back where an exception leaves it.

    ``redoable``: its commit does not wait for the disk. Both databases write their log in the order of commits, so the
    next one that does wait takes it along.
    """
    with engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        with unhurried(connection) if redoable and on_sqlite else nullcontext(), connection.begin():
            if redoable and not on_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one moment of the database and refuses to write."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            yield from read_sqlite(connection)
        else:
            yield from _read_postgresql(connection)


def _read_postgresql(connection: sa.Connection) -> Iterator[sa.Connection]:
    reader = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reader.begin() as transaction:
        yield reader
        transaction.rollback()


class Part:
    """What every part of a transaction has: its connection, what waits to be written, and what was answered already.

    Rows may wait and are written many at a time: they are there before anything is asked or changed through
    ``connection``, before what ``after`` names is asked for, and before the transaction commits.
    """

    def __init__(self, connection: sa.Connection, analyser: Analyser) -> None:
        self.ahead = connection
        self.analyser = analyser
        self.answers = Answers()
        # The tables that something waits for; the rows themselves by table and the columns they are found by.
        self.touched: set[sa.Table] = set()
        # The questions whose answers count all that waits for a table.
        self._counted: dict[sa.Table, frozenset[Question]] = {}
        # The cases that such rows belong to.
        self.linked: set[str | None] = set()
        self._new: dict[tuple[sa.Table, _Names, bool], list[_Row]] = {}
        self._changed: dict[tuple[sa.Table, _Names, _Names], list[_Row]] = {}
        self._removed: dict[tuple[sa.Table, str], list[Any]] = {}
        # Cases read or written in this transaction, as they stand; whoever may read them is asked each time.
        self._seen: dict[str, Case] = {}

    @property
    def connection(self) -> sa.Connection:
        """The connection, once what waits is written; ``ahead`` is the same for what cannot see rows that wait."""
        self.flush()
        # Whoever has it may write anything.
        self.answers.forget()
        return self.ahead

    def after(self, *tables: sa.Table) -> sa.Connection:
        """The connection to ask these tables alone; what waits is written where some of it is theirs."""
        if not self.touched.isdisjoint(tables):
            self.flush()
        return self.ahead

    def flush(self) -> None:
        """Write what waits: what goes first, then new rows in the order of their links, then what changes."""
        self.touched.clear()
        self._counted.clear()
        self.answers.settle()
        removed, self._removed = self._removed, {}
        for (table, key), values in removed.items():
            delete_rows(self.ahead, table, key, values)
        new, self._new = self._new, {}
        for what in sorted(new, key=lambda one: _rank()[one[0]]):
            self._write(*what, new[what])
        changed, self._changed = self._changed, {}
        for (table, keys, _), rows in changed.items():
            self.written(table, rows, update_rows(self.ahead, table, keys, rows))

    def _write(self, table: sa.Table, keys: _Names, over: bool, rows: list[_Row]) -> None:
        self.written(table, rows, insert_rows(self.ahead, table, rows, keys, over=over))

    def written(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], count: int) -> None:
        """Told of rows that waited and are written, and how many of them there were; a part may look closer."""

    def insert(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        """Write one row now."""
        self.answers.wrote(table, row)
        self.ahead.execute(_insert(table), dict(row))

    def insert_later(self, table: sa.Table, *rows: _Row, once: _Names = ()) -> None:
        """Write rows together with others, all with the same columns.

        ``once`` are the columns of a key: a row whose key is there already is then left out.
        """
        if rows:
            self._wait(table, rows)
            self._new.setdefault((table, once, False), []).extend(rows)

    def insert_known(self, table: sa.Table, row: _Row, grown: Mapping[Question, Sequence[Any]]) -> None:
        """Write a row together with others where it is known what it adds to the answers of some questions, if any."""
        self._wait(table, [row], but=grown)
        self._new.setdefault((table, (), False), []).append(row)
        for question, answer in grown.items():
            if answer:
                self.answers.grow(question, answer[0], answer)

    def replace_later(self, table: sa.Table, keys: _Names, row: _Row) -> None:
        """Write a row together with others, over the one with the same keys where there is one."""
        self._wait(table, [row])
        self._new.setdefault((table, keys, True), []).append(row)

    def update_later(self, table: sa.Table, keys: _Names, row: _Row) -> None:
        """Change a row together with others, found by these of its columns; ``was_x`` is what ``x`` must be before."""
        self._wait(table, [row])
        self._changed.setdefault((table, keys, tuple(row)), []).append(row)

    def delete_later(self, table: sa.Table, key: str, value: object) -> None:
        """Remove the rows with this key together with others, before new ones are written."""
        self._wait(table, [{key: value}])
        self._removed.setdefault((table, key), []).append(value)

    def _wait(self, table: sa.Table, rows: Sequence[_Row], but: Collection[Question] = ()) -> None:
        self.touched.add(table)
        self._counted[table] = self._counted.get(table, frozenset(but)) & frozenset(but)
        for row in rows:
            self.linked.add(row.get("case_id"))
            self.answers.wrote(table, row, but)

    def foresee(self, question: Question, keys: Iterable[str], since: datetime | None = None) -> None:
        """Ask for many keys at once what will be asked for one at a time."""
        wanted = [key for key in dict.fromkeys(keys) if self.answers.of(question, key, since) is None]
        window = {} if since is None else {"since": since}
        for some in in_parts(wanted, _KEYS_AT_ONCE):
            rows = self._sees(question).execute(question.select, window | {"keys": some})
            self.answers.learn(question, some, rows, since)

    def _sees(self, question: Question) -> sa.Connection:
        """The connection, once what waits is written, unless it is known what that adds to the answers."""
        waits = (table for table in question.keyed if table in self.touched)
        return (
            self.ahead
            if all(question in self._counted.get(table, ()) for table in waits)
            else self.after(*question.keyed)
        )

    def ask(self, question: Question, key: str, since: datetime | None = None) -> Answer:
        """The rows of one key; of a windowed question they may reach further back than ``since``."""
        if (known := self.answers.of(question, key, since)) is None:
            self.foresee(question, [key], since)
            known = self.answers.of(question, key, since) or []
        return known

    def insert_new(self, table: sa.Table, row: Mapping[str, Any], keys: Sequence[str]) -> bool:
        """Write one row; False, without a database error, where one with the same keys stands there already."""
        self.answers.wrote(table, row)
        statement = _insert_new(self.ahead.dialect.name, table, tuple(keys))
        # Not rowcount: where SQLAlchemy asks PostgreSQL for the new serial, that is -1.
        return self.after(table).execute(statement, dict(row)).first() is not None

    def replace(self, table: sa.Table, keys: Sequence[str], row: Mapping[str, Any]) -> None:
        """Write one row over the one with the same keys."""
        rest = {name: value for name, value in row.items() if name not in keys}
        statement = upsert(self.ahead.dialect.name, table).values(dict(row))
        self.connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest))


@cache
def _rank() -> Mapping[sa.Table, int]:
    """Tables in an order in which every row finds what it links to."""
    return {table: place for place, table in enumerate(metadata.sorted_tables)}


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


def mailbox_key(address: str) -> str:
    """An address as ``index_key`` has it, without what follows a plus: that is the same mailbox (RFC 5233)."""
    local, at, domain = address.strip().rpartition("@")
    return index_key(f"{local.partition('+')[0] or local}{at}{domain}")


def bare_id(message_id: str) -> str:
    """A Message-ID without its angle brackets."""
    return message_id.strip().removeprefix("<").removesuffix(">").strip()


def message_key(message_id: str) -> str | None:
    """A Message-ID without its angle brackets, as compared (case counts, RFC 5322 3.6.4); None where there is none."""
    clean = bare_id(message_id).encode("utf-8", "replace").replace(b"\x00", b"?")
    if len(clean) > _KEY_LENGTH:
        return f"sha256:{hashlib.sha256(clean).hexdigest()}"
    return clean.decode() or None
