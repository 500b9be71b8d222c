"""`lyhord check` on units: what lies at one that was taken out of the settings is named, with the way out."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.people.access import Grant, Role, User
from cases.people.organisation import Organisation
from config import load
from service.checks.line import CheckLine
from service.checks.units import check_units
from storage import SqlStore
from tests.storage.samples import case


@pytest.fixture
def tree(environ: dict[str, str]) -> Organisation:
    return load("osby", environ | {"LYHORD_OAUTH_SECRET": "x", "LYHORD_SMTP_PASSWORD": "x"}).organisation


@pytest.fixture
def filled(database_url: str, store: SqlStore) -> str:
    """An open case and a handläggare at vägar, which is none of Osby's units, and the same at one that is."""
    with store.begin() as tx:
        tx.add_case(case(unit_id="vagar", status=CaseStatus.ROUTED))
        tx.add_user(User("u1", "vide@osby.example", "Vide", "", frozenset({Grant(Role.HANDLAGGARE, "vagar")})))
        tx.add_user(User("u2", "rut@osby.example", "Rut", "", frozenset({Grant(Role.HANDLAGGARE, "gata")})))
    return database_url


def _lines(url: str, store: SqlStore, tree: Organisation) -> list[CheckLine]:
    return list(check_units(url, store, tree))


def test_what_lies_at_a_unit_that_is_gone_is_told_of(filled: str, store: SqlStore, tree: Organisation) -> None:
    left, role = _lines(filled, store, tree)
    assert (left.ok, role.ok) == (False, False)
    assert left.text == "ett öppet ärende ligger hos vagar, som inte finns i inställningarna"
    assert 'took_over = ["vagar"]' in left.remedy
    assert role.text == "en person har en roll vid vagar, som inte finns i inställningarna"


def test_a_unit_that_was_taken_over_wants_its_cases_moved(filled: str, store: SqlStore, tree: Organisation) -> None:
    (left,) = _lines(filled, store, replace(tree, renamed={"vagar": "gata"}))
    assert left.text == "ett öppet ärende ligger kvar hos vagar, som gata har tagit över"
    assert "--now" in left.remedy  # and the role holds at the heir already (Office.scopes)


def test_nothing_left_behind_is_well(database_url: str, store: SqlStore, tree: Organisation) -> None:
    with store.begin() as tx:
        tx.add_case(case(unit_id="gata", status=CaseStatus.ROUTED))
        tx.add_case(case(id="c2", number="SP-2026-00002", token="t2", unit_id="vagar", status=CaseStatus.CLOSED))
    (line,) = _lines(database_url, store, tree)
    assert line.ok
