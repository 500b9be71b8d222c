"""Copies cases in SQL, each with its own id, number, address and text, so that a database holds many within minutes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa

from storage.database.engine import open_engine
from storage.tables.cases import (
    case_deadlines,
    case_flags,
    case_numbers,
    cases,
    decisions,
    journal,
    search_docs,
    suggestions,
)
from storage.tables.columns import Moment
from storage.tables.incidents import imprints
from storage.tables.mail import messages, outbox, raw_contents, raw_messages

_OF_A_CASE = (case_numbers, case_flags, case_deadlines, messages, suggestions, decisions, journal, search_docs)
_TABLES = (cases, *_OF_A_CASE, outbox, imprints)
_RAW = (raw_messages, raw_contents)
# What makes a row its own: it gets the copy's number at its end.
_OWN = frozenset(
    {"id", "case_id", "message_row_id", "source_id", "token", "token_key", "number_key", "sender_key", "message_id"}
    | {"message_key", "number", "content_digest", "raw_id", "sha256"}
)
_UNITS = ("gata", "va", "skola", "hemtjanst", "kansli")
_WHICH_UNIT = " ".join(f"WHEN {n} THEN '{unit}'" for n, unit in enumerate(_UNITS))
_UNIT = f"(CASE c.n % 5 {_WHICH_UNIT} END)"
# Every second open case waits to be routed, the others are somebody's; what is closed has its unit and its end.
_CHANGED = {
    "open": "(c.open = 1)",
    "status": "CASE WHEN c.open = 0 THEN 'closed' WHEN c.n % 2 = 0 THEN 'assigned' ELSE {old} END",
    "unit_id": f"CASE WHEN c.open = 0 OR c.n % 2 = 0 THEN {_UNIT} ELSE {{old}} END",
    "assignee_id": "CASE WHEN c.open = 0 OR c.n % 10 = 0 THEN 'handlaggare' ELSE {old} END",
    "due": "CASE WHEN c.open = 0 THEN NULL ELSE {old} END",
    "opened_at": "{received}",
    "closed_at": "CASE WHEN c.open = 0 THEN {received} ELSE NULL END",
}
_NOTE_SEEDS = (
    "CREATE TABLE bench_seeds AS SELECT id FROM cases",
    "CREATE TABLE bench_raws AS SELECT raw_id AS id FROM messages WHERE raw_id IS NOT NULL AND case_id IS NOT NULL",
    "CREATE TABLE bench_copies (n INTEGER, days INTEGER, open INTEGER)",
)
_FORGET_SEEDS = tuple(f"DROP TABLE {name}" for name in ("bench_seeds", "bench_raws", "bench_copies"))
_CASES_AT_ONCE = 20_000


class Copy(NamedTuple):
    """One more of every seed: the number at the end of all that is its own, days to move it back, 1 where open."""

    n: int
    days: int
    open: int


class Copier:
    """Copies the cases that a database holds when it is made; nobody else may have the database open meanwhile.

    ``whole`` takes the letters' bytes along, and gives numbers and people words of their own in the search.
    """

    def __init__(self, url: str, *, whole: bool = False) -> None:
        self._url, self._whole = url, whole
        with _hasty(url) as connection:
            for statement in _NOTE_SEEDS:
                connection.exec_driver_sql(statement)
            self.seeds = int(connection.exec_driver_sql("SELECT count(*) FROM bench_seeds").scalar_one())
            connection.commit()

    def copy(self, copies: Iterable[Copy]) -> None:
        """Each seed once more for each of these."""
        left = list(copies)
        step = max(1, _CASES_AT_ONCE // max(1, self.seeds))
        with _hasty(self._url) as connection:
            for start in range(0, len(left), step):
                self._copy_some(connection, left[start : start + step])
                connection.commit()

    def analyse(self) -> None:
        """Let the database count what its columns hold: PostgreSQL does by itself, SQLite never unless told."""
        with _hasty(self._url) as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()

    def done(self) -> None:
        """Forget which the seeds were."""
        with _hasty(self._url) as connection:
            for statement in _FORGET_SEEDS:
                connection.exec_driver_sql(statement)
            connection.commit()

    def _copy_some(self, connection: sa.Connection, copies: list[Copy]) -> None:
        connection.exec_driver_sql("DELETE FROM bench_copies")
        rows = [one._asdict() for one in copies]
        connection.execute(sa.text("INSERT INTO bench_copies VALUES (:n, :days, :open)"), rows)
        for table in (*_RAW, *_TABLES) if self._whole else _TABLES:
            self._copy_table(connection, table)

    def _copy_table(self, connection: sa.Connection, table: sa.Table) -> None:
        sqlite = connection.dialect.name == "sqlite"
        columns = [column for column in table.c if column.name != "seq"]
        values = ", ".join(self._value(column, sqlite=sqlite) for column in columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        seeds = "bench_raws" if table in _RAW else "bench_seeds"
        link = next(name for name in ("case_id", "raw_id", "id") if name in table.c)
        source = f"bench_copies c CROSS JOIN {seeds} s JOIN {table.name} t ON t.{link} = s.id"
        statement = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {source} ORDER BY c.n"
        connection.exec_driver_sql(statement if sqlite else statement.replace("%", "%%"))

    def _value(self, column: sa.Column[object], *, sqlite: bool) -> str:
        name = f't."{column.name}"'
        if column.table is cases and column.name in _CHANGED:
            received = _earlier(cases.c.received_at, "t.received_at", sqlite=sqlite)
            return _CHANGED[column.name].format(old=_earlier(column, name, sqlite=sqlite), received=received)
        if column.table is outbox and (letter := _LETTERS.get(column.name)):
            return letter
        if column.name == "raw_id" and not self._whole:
            return "NULL"
        if column.name == "uidvalidity":
            return f"{name} + c.n"
        if column is search_docs.c.terms and self._whole:
            return f"CASE WHEN t.kind IN ('number', 'party') THEN {name} || 'k' || c.n ELSE {name} END"
        return _own(name) if column.name in _OWN else _earlier(column, name, sqlite=sqlite)


def _own(name: str) -> str:
    return f"CASE WHEN {name} = '' THEN {name} ELSE {name} || '-' || c.n END"


# Letters long sent would be most of the database, and no list or search reads them; staff get letters of many cases.
_LETTERS = {
    "status": "'sent'",
    "text": "CASE WHEN c.open = 0 THEN '' ELSE t.text END",
    "html": "CASE WHEN c.open = 0 THEN '' ELSE t.html END",
    "recipient_key": f"CASE WHEN t.kind LIKE 'till%' THEN t.recipient_key ELSE {_own('t.recipient_key')} END",
}


def _earlier(column: sa.Column[object], name: str, *, sqlite: bool) -> str:
    """A moment or a day moved back by the copy's days; anything else as it is."""
    if isinstance(column.type, sa.Date):
        return f"date({name}, '-' || c.days || ' days')" if sqlite else f"{name} - c.days"
    if isinstance(column.type, Moment):
        day = f"strftime('%Y-%m-%d %H:%M:%S', {name}, '-' || c.days || ' days') || '.000000'"
        return day if sqlite else f"{name} - c.days * interval '1 day'"
    return name


@contextmanager
def _hasty(url: str) -> Iterator[sa.Connection]:
    """A connection that would lose everything in a power cut, with room for the indexes: nothing here is worth more."""
    engine = open_engine(url) if not url.startswith("sqlite") else sa.create_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.commit()
        yield connection
    engine.dispose()
