"""Fills a database with many cases fast: a few hundred are received as the daemon does, the rest are copies in SQL."""

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from cases.areas import Area
from cases.flags import FlagKind
from cases.incidents import Imprint
from cases.suggestion import CaseType, Severity
from storage import SqlStore
from storage.analyse import analyse
from storage.columns import Moment
from storage.engine import open_engine
from storage.incident_tables import imprints
from storage.mail_tables import messages, outbox
from storage.tables import (
    case_deadlines,
    case_flags,
    case_numbers,
    cases,
    decisions,
    journal,
    search_docs,
    suggestions,
)
from tests.desk import house as h

LETTERS = Path(__file__).parents[3] / "classifier" / "letters" / "train.jsonl"
SEEDS = 400
_COPIED = (cases, case_numbers, case_flags, case_deadlines, messages, suggestions, decisions, journal, search_docs)
_TABLES = (*_COPIED, outbox, imprints)
# What makes a row its own: it gets the copy's number at its end.
_OWN = frozenset(
    {"id", "case_id", "message_row_id", "source_id", "token", "token_key", "number_key", "sender_key", "message_id"}
    | {"message_key", "number", "content_digest", "recipient_key"}
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
_FIRST_NAMES = ("Anna", "Bo", "Cilla", "Dag", "Eva", "Folke", "Greta", "Hans", "Inga", "Jon", "Karin", "Leif")
_LAST_NAMES = ("Alm", "Berg", "Dal", "Ek", "Frid", "Gran", "Holm", "Lund", "Nord", "Ros", "Sjö", "Vik")
_DIMENSIONS, _YEARS = 256, 3


def fill(url: str, opened: int, closed: int) -> None:
    """Put so many open and closed cases into a migrated, empty database, the same ones each time."""
    store = SqlStore(url, analyser=analyse)
    seeds = min(SEEDS, opened)
    house = h.House(store, h.office(), h.Watch())
    house.people()
    dice = random.Random(1)
    for letter in _letters(seeds):
        _receive(house, letter, dice)
    store.close()
    _copy(url, opened // seeds - 1, closed // seeds)


def _letters(count: int) -> Iterator[dict[str, object]]:
    lines = LETTERS.read_text("utf-8").splitlines()
    step = max(1, len(lines) // count)
    return (json.loads(line) for line in lines[::step][:count])


def _receive(house: h.House, letter: dict[str, object], dice: random.Random) -> None:
    text, subject = str(letter["body"]), str(letter["subject"])
    area = Area(str(letter["area"]))
    words = [word for word in text.split()[:3] if word]
    flags = [(FlagKind(kind), text[:20]) for kind in _known(letter["flags"])]
    made = h.suggestion(text, area, 0.5 + dice.random() / 2, words=words, flags=flags)
    made = replace(
        made, type=CaseType(str(letter["type"])), severity=Severity(str(letter["severity"])), imprint=_imprint(dice)
    )
    name = f"{dice.choice(_FIRST_NAMES)} {dice.choice(_LAST_NAMES)}"
    address = f"{name.lower().replace(' ', '.').replace('ö', 'o')}@mejl.example"
    house.letter(subject, text, made, from_name=name, from_addr=address, hours=dice.randint(1, 40))


def _known(kinds: object) -> Iterator[str]:
    for kind in kinds if isinstance(kinds, list) else ():
        with suppress(ValueError):
            yield FlagKind(kind)


def _imprint(dice: random.Random) -> Imprint:
    vector = bytes(dice.randrange(256) for _ in range(_DIMENSIONS))
    return Imprint("bench:0.310", vector, frozenset({f"plats{dice.randrange(40)}"}), frozenset({"lykta", "väg"}))


def _copy(url: str, opened: int, closed: int) -> None:
    """Copy each seed ``opened`` times as an open case and ``closed`` times as a closed one, spread over three years."""
    engine = _hasty(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE copies (n INTEGER, days INTEGER, open INTEGER)")
        made = [{"n": n, "days": n % 60, "open": 1} for n in range(1, opened + 1)]
        span = 365 * _YEARS
        made += [{"n": opened + n, "days": 30 + n * span // (closed + 1), "open": 0} for n in range(1, closed + 1)]
        if made:
            connection.execute(sa.text("INSERT INTO copies VALUES (:n, :days, :open)"), made)
        sqlite = connection.dialect.name == "sqlite"
        top = {t.name: connection.execute(sa.select(sa.func.max(t.c.seq))).scalar() for t in _TABLES if "seq" in t.c}
        for table in _TABLES:
            _copy_table(connection, table, top.get(table.name), sqlite=sqlite)
        connection.exec_driver_sql("DROP TABLE copies")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _hasty(url: str) -> sa.Engine:
    """An engine that would lose everything in a power cut, and has room for the indexes: nothing here is worth more."""
    if not url.startswith("sqlite"):
        return open_engine(url)
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "connect")
    def _tell(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000"):
            connection.cursor().execute(f"PRAGMA {pragma}")

    return engine


def _copy_table(connection: sa.Connection, table: sa.Table, top: int | None, *, sqlite: bool) -> None:
    columns = [column for column in table.c if column.name != "seq"]
    values = [_value(column, sqlite=sqlite) for column in columns]
    # Only the seeds themselves are copied, never what this statement adds.
    seeds = f" WHERE t.seq <= {top}" if top is not None else ""
    names = ", ".join(f'"{column.name}"' for column in columns)
    wanted = f"SELECT {', '.join(values)} FROM {table.name} t CROSS JOIN copies c{seeds} ORDER BY c.n"
    statement = f"INSERT INTO {table.name} ({names}) {wanted}"
    connection.exec_driver_sql(statement if sqlite else statement.replace("%", "%%"))


def _value(column: sa.Column[object], *, sqlite: bool) -> str:
    name = f't."{column.name}"'
    if column.table is cases and column.name in _CHANGED:
        received = _earlier(cases.c.received_at, "t.received_at", sqlite=sqlite)
        return _CHANGED[column.name].format(old=_earlier(column, name, sqlite=sqlite), received=received)
    if column.table is outbox and column.name in ("status", "text", "html"):
        # Letters long sent would be most of the database, and no list or search reads them.
        return "'sent'" if column.name == "status" else f"CASE WHEN c.open = 0 THEN '' ELSE {name} END"
    if column.name == "raw_id":
        return "NULL"
    if column.name in _OWN:
        return f"CASE WHEN {name} = '' THEN {name} ELSE {name} || '-' || c.n END"
    return _earlier(column, name, sqlite=sqlite)


def _earlier(column: sa.Column[object], name: str, *, sqlite: bool) -> str:
    """A moment or a day moved back by the copy's days; anything else as it is."""
    if isinstance(column.type, sa.Date):
        return f"date({name}, '-' || c.days || ' days')" if sqlite else f"{name} - c.days"
    if isinstance(column.type, Moment):
        day = f"strftime('%Y-%m-%d %H:%M:%S', {name}, '-' || c.days || ' days') || '.000000'"
        return day if sqlite else f"{name} - c.days * interval '1 day'"
    return name
