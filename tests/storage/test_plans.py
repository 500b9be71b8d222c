"""No question of a letter's way, or of the sweeps, reads a whole table: else each would cost more from year to year."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from cases.people.access import SYSTEM, Viewer
from cases.store.views import ListFilter, ListKind, ListOrder, OrderKey
from storage import SqlStore
from storage.database.engine import open_engine
from storage.queries.watch import standing
from storage.search.analyse import analyse
from storage.tables.columns import metadata
from tests.steps.house import SmallHouse, mail

_READS = ("SELECT", "WITH", "UPDATE", "DELETE")
_NEVER_MANY = {"routing_rules"}
"""Tables whose rows a person writes one by one, and of which there are never more than fifty."""
_Asked = dict[str, Any]


@contextmanager
def _listening() -> Iterator[_Asked]:
    """What is asked meanwhile, each question once, with values it was asked with."""
    asked: _Asked = {}

    def note(_c: object, _cursor: object, statement: str, values: object, _context: object, many: bool) -> None:
        if statement.startswith(_READS):
            asked.setdefault(statement, values[0] if many and isinstance(values, list) else values)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def _steps(url: str, asked: _Asked) -> list[tuple[str, str]]:
    """The steps of their plans, each with its question, as a database plans that was never analysed."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return [
            (str(row[3]), statement)
            for statement, values in asked.items()
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def _scans(url: str, asked: _Asked) -> list[str]:
    """The steps that read a whole table or index."""
    return [f"{step}: {statement}" for step, statement in _steps(url, asked) if _reads_all(step)]


def _reads_all(step: str) -> bool:
    first, table, *_ = step.split()
    return first == "SCAN" and table in metadata.tables and table not in _NEVER_MANY


@pytest.fixture
def house(sqlite_url: str) -> Iterator[SmallHouse]:
    store = SqlStore(sqlite_url, analyser=analyse)
    yield SmallHouse(store)
    store.close()


def test_nothing_of_a_letters_way_reads_a_whole_table(house: SmallHouse, sqlite_url: str) -> None:
    with _listening() as asked:
        house.receive(mail())
        house.receive(mail("Lampan lyser än.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
        house.send()
    assert len(asked) > 20
    assert _scans(sqlite_url, asked) == []


def test_nothing_of_the_sweeps_reads_a_whole_table(house: SmallHouse, sqlite_url: str) -> None:
    house.receive(mail())
    house.later(days=9)
    engine = open_engine(sqlite_url)
    with _listening() as asked:
        house.stages.sweep(house.now)
        house.stages.promises(house.now)
        standing(engine, house.now)
    engine.dispose()
    assert len(asked) > 5
    assert _scans(sqlite_url, asked) == []


def test_no_page_of_the_register_sorts_all_of_it(house: SmallHouse, sqlite_url: str) -> None:
    """Each order follows an index; only what is alike in it is sorted."""
    orders = (ListOrder(key, turned, ("gata",)) for key in OrderKey for turned in (False, True))
    with _listening() as asked, house.store.read() as tx:
        for order in orders:
            if order.key is not OrderKey.DUE:
                tx.lines(ListKind.ALL, Viewer("u1", sees_unflagged=True), ListFilter(order=order))
    assert len(asked) > 5
    assert [step for step, _ in _steps(sqlite_url, asked) if step == "USE TEMP B-TREE FOR ORDER BY"] == []


def test_the_register_by_unit_reads_no_other_units_cases_and_by_state_one_unit_once(
    house: SmallHouse, sqlite_url: str
) -> None:
    with _listening() as asked, house.store.read() as tx:
        tx.lines(ListKind.ALL, Viewer("u1"), ListFilter(order=ListOrder(OrderKey.UNIT, units=("gata",))))
    assert [one for one in _scans(sqlite_url, asked) if "USING COVERING INDEX" not in one] == []
    with _listening() as asked, house.store.read() as tx:
        tx.lines(ListKind.ALL, Viewer("u1"), ListFilter(unit_id="gata", order=ListOrder(OrderKey.STATUS)))
    assert len(asked) == 1


def test_the_few_cases_with_a_day_are_found_by_it_and_then_sorted(house: SmallHouse, sqlite_url: str) -> None:
    """In the register by deadline they come first; the late ones are few in whichever order."""
    late = date(2026, 11, 26)
    asker = Viewer("u1", sees_unflagged=True)
    with _listening() as asked, house.store.read() as tx:
        tx.lines(ListKind.ALL, asker, ListFilter(order=ListOrder(OrderKey.DUE)))
        for key in OrderKey:
            tx.lines(ListKind.ALL, asker, ListFilter(order=ListOrder(key, units=("gata",)), late_on=late))
    assert len(asked) == 2 + len(OrderKey)
    assert {step for step, _ in _steps(sqlite_url, asked) if " cases " in step} == {
        "SEARCH cases USING INDEX ix_cases_open_due (open=? AND due>?)",
        "SEARCH cases USING INDEX ix_cases_open_due (open=? AND due<?)",
        "SCAN cases USING INDEX ix_cases_received_at",
    }


@pytest.mark.postgres
def test_postgresql_finds_by_indexes_what_one_may_read(postgres_url: str) -> None:
    """Who reads one small unit would otherwise have every case there is looked at, for the page and for its count."""
    store = SqlStore(postgres_url, analyser=analyse)
    asker = Viewer("u1", member_units=frozenset({"gata"}), registrator_units=frozenset({"skola"}))
    with _listening() as asked, store.read() as tx:
        tx.lines(ListKind.ALL, asker, ListFilter())
        tx.count(ListKind.ALL, asker, ListFilter(), 100)
    store.close()
    assert len(asked) == 2
    with psycopg.connect(postgres_url) as connection, psycopg.ClientCursor(connection) as cursor:
        # So small a table it would read as a whole, or in its order.
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_indexscan = off")
        for statement, values in asked.items():
            plan = "\n".join(row[0] for row in cursor.execute(f"EXPLAIN {statement}".encode(), values))
            assert "BitmapOr" in plan, plan


def test_how_the_model_fared_lately_reads_nothing_older(house: SmallHouse, sqlite_url: str) -> None:
    """*Modell* read every suggestion there is, and its scores for the figures every decision."""
    with _listening() as asked, house.store.read() as tx:
        tx.routed_cases(house.now)
        tx.suggested_areas(house.now)
    assert len(asked) == 2
    first = {
        step for step, _ in _steps(sqlite_url, asked) if step.startswith(("SEARCH suggestions", "SEARCH decisions"))
    }
    assert first == {
        "SEARCH decisions USING INDEX ix_decisions_decided_at (decided_at>?)",
        "SEARCH suggestions USING INDEX ix_suggestions_at (at>?)",
    }
    assert [one for one in _scans(sqlite_url, asked) if "rule_hits" not in one] == []


def test_what_has_ended_long_ago_is_found_by_when_it_came(house: SmallHouse, sqlite_url: str) -> None:
    """A case that came after the day asked for cannot have ended before it, and most have come after."""
    with _listening() as asked, house.store.read() as tx:
        tx.ended_cases(SYSTEM, house.now, 10)
    steps = {step for step, _ in _steps(sqlite_url, asked)}
    assert "SEARCH cases USING INDEX ix_cases_status_received_at (status=? AND received_at<?)" in steps
