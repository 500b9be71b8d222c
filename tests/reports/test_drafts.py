"""Drafts to those responsible: in time, once, with what is missing (R14, R20, R22)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cases.compilations.periods import ChainStep, ReportRules
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.steps.records.compilations import compilation_sweep
from tests.reports import town

TWICE = ReportRules(half_yearly_months=(2, 8), chain=tuple(ChainStep))
DAY = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)


def sweep(store, now=DAY, rules=TWICE) -> int:
    with store.begin() as tx:
        return compilation_sweep(tx, town.OFFICE, now, rules)


def letters(store):
    with store.read() as tx:
        found = [tx.get_entry(one.entry.id) for one in tx.entries([OutboxStatus.QUEUED], SYSTEM)]
    assert {entry.letter.kind for entry in found} <= {LetterKind.HALVAR}
    return {entry.recipient: entry for entry in found}


def fill(store) -> None:
    with store.begin() as tx:
        town.add(tx, town.case(outcome=None))
        town.add(tx, town.case(unit_id="skola", improvement="Bra.", closed_at=DAY))
        # Praise and questions make no list, so va has nothing to compile.
        town.add(tx, town.case(unit_id="va", type=None))


def test_units_with_something_to_compile_get_it_and_so_do_their_heads(sqlite_store) -> None:
    fill(sqlite_store)
    assert sweep(sqlite_store) == 5
    found = letters(sqlite_store)
    assert set(found) == {
        "gustav@ekdala.example",
        "sigrid@ekdala.example",
        "sven@ekdala.example",
        "britt@ekdala.example",
        "registrator@ekdala.example",
    }
    unit, head = found["gustav@ekdala.example"].letter.text, found["sven@ekdala.example"].letter.text
    assert "https://lyhord.ekdala.example/statistik?period=2026-H1&enhet=gata" in unit
    assert "Åtgärd saknas i ett ärende." in unit
    assert "första halvåret 2026" in unit
    assert "31 juli 2026" in unit
    assert "31 augusti 2026" in head
    assert "enhet=sbf" in head
    assert "Det här saknas" not in found["sigrid@ekdala.example"].letter.text
    for entry in found.values():
        assert town.SENDER not in entry.letter.text + entry.letter.html
        assert town.SUBJECT not in entry.letter.text + entry.letter.html


def test_the_sweep_is_idempotent_and_may_be_late(store) -> None:
    fill(store)
    assert sweep(store, DAY - timedelta(days=3)) == 0, "17 July is too early"
    assert sweep(store, DAY + timedelta(days=20)) == 5
    assert sweep(store, DAY + timedelta(days=20)) == 0
    assert sweep(store, DAY + timedelta(days=21)) == 0
    assert sweep(store, datetime(2026, 9, 1, 8, tzinfo=UTC)) == 0


def test_where_only_years_are_compiled_the_kansli_gets_the_year(sqlite_store) -> None:
    fill(sqlite_store)
    osby = replace(TWICE, half_yearly_months=(), chain=(ChainStep.CENTRAL, ChainStep.AUTHORITY))
    assert sweep(sqlite_store, DAY, osby) == 0
    assert sweep(sqlite_store, datetime(2027, 1, 18, 8, tzinfo=UTC), osby) == 1
    (entry,) = letters(sqlite_store).values()
    assert entry.recipient == "registrator@ekdala.example"
    assert "året 2026" in entry.letter.text
    # 28 February 2027 is a Sunday.
    assert "26 februari 2027" in entry.letter.text


def test_a_half_year_and_its_year_are_two_drafts(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        town.add(tx, town.case(received_at=datetime(2026, 10, 1, tzinfo=UTC)))
    assert sweep(sqlite_store, datetime(2027, 1, 20, 8, tzinfo=UTC)) == 3 + 1


def test_drafts_leave_in_service_hours(sqlite_store) -> None:
    fill(sqlite_store)
    saturday = datetime(2026, 7, 18, 10, 0, tzinfo=UTC)
    sweep(sqlite_store, saturday)
    assert {entry.not_before for entry in letters(sqlite_store).values()} == {datetime(2026, 7, 20, 5, 0, tzinfo=UTC)}


def test_two_machines_at_once_send_each_draft_once(store) -> None:
    fill(store)
    together = threading.Barrier(2)

    def machine(_: int) -> int:
        together.wait()
        return sweep(store)

    with ThreadPoolExecutor(2) as machines:
        sent = list(machines.map(machine, range(2)))
    assert sorted(sent) == [0, 5]
    assert len(letters(store)) == 5
