"""Who sees what in a compilation, and the questions of the store on both databases."""

import pytest

from cases.case import CaseStatus
from cases.compilations.periods import read_period
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind
from tests.reports import town

H1 = read_period("2026-H1")
CASES = {
    "gata": {},
    "gata skyddad": {"flag": FlagKind.SOCIALTJANST},
    "va": {"unit_id": "va"},
    "hemtjanst": {"unit_id": "hemtjanst", "authority_id": "son"},
    "hemtjanst skyddad": {"unit_id": "hemtjanst", "authority_id": "son", "flag": FlagKind.SOCIALTJANST},
    "oläst hos son": {"unit_id": "", "authority_id": "son", "status": CaseStatus.RECEIVED},
    "vissel": {"flag": FlagKind.VISSELBLASNING},
}
_OWN = {"gata", "gata skyddad", "va"}
_SON = {"hemtjanst", "hemtjanst skyddad", "oläst hos son"}


@pytest.fixture
def town_store(store):
    with store.begin() as tx:
        for name, changes in CASES.items():
            made = town.case(number=name, **{k: v for k, v in changes.items() if k != "flag"})
            town.add(tx, town.flagged(made, changes["flag"]) if "flag" in changes else made, suggested="gata")
    return store


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (town.REGISTRATOR, _OWN | {"hemtjanst"}),
        (town.SON_REGISTRATOR, _SON),
        (town.CHEF, {"gata", "gata skyddad"}),
        (town.HEAD, _OWN),
        (town.HANDLAGGARE, set()),
        (town.ADMIN, set()),
        (town.VISSEL, set()),
        (None, _OWN | _SON),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_compilation_covers_what_its_reader_answers_for(town_store, who, seen) -> None:
    viewer = town.OFFICE.viewer(who) if who else SYSTEM
    with town_store.read() as tx:
        found = tx.report_cases(viewer, H1.since, H1.until)
        agreed = tx.agreements(viewer, H1.since, H1.until)
    assert {case.number for case in found} == seen
    assert len(agreed) == len(seen - {"oläst hos son"})


def test_a_period_ends_where_the_next_begins(store) -> None:
    with store.begin() as tx:
        town.add(tx, town.case(number="sist", received_at=H1.until))
        town.add(tx, town.case(number="först", received_at=H1.since), answered_at=H1.until)
    with store.read() as tx:
        (case,) = tx.report_cases(SYSTEM, H1.since, H1.until)
    assert (case.number, case.answered_at) == ("först", H1.until)


def test_a_setting_is_claimed_once(store) -> None:
    with store.begin() as tx:
        assert tx.claim_setting("compilation:2026-H1", "a")
        assert not tx.claim_setting("compilation:2026-H1", "b")
    with store.read() as tx:
        assert tx.setting("compilation:2026-H1") == "a"
