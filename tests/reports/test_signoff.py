"""The chain: unit, förvaltning, kansli; each approves its own, in order, once, and the next is told (R13, R20, R22)."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from cases.compilations.compilation import Compiler
from cases.compilations.periods import ChainStep, Period, ReportRules
from cases.errors import NotAllowed
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM, Grant, Role
from cases.steps.records import signoff
from storage import SqlStore
from storage.search.analyse import analyse
from tests.reports import town

H1 = Period(2026, 1)
NOW = datetime(2026, 7, 22, 8, 0, tzinfo=UTC)
OFFICE = town.OFFICE
MAKER = Compiler(
    ReportRules(half_yearly_months=(2, 8), chain=tuple(ChainStep)), OFFICE.organisation, OFFICE.calendar, OFFICE.screen
)
GATA, VA, SKOLA = (town.user(f"chef {unit}", Grant(Role.CHEF, unit)) for unit in ("gata", "va", "skola"))
BUF = town.user("skolchef", Grant(Role.CHEF, "buf"))


@pytest.fixture
def filled(sqlite_store):
    with sqlite_store.begin() as tx:
        for unit in ("gata", "va", "skola"):
            town.add(tx, town.case(unit_id=unit))
    return sqlite_store


def approve(store, part: str, by, now: datetime = NOW, period: Period = H1) -> int:
    with store.begin() as tx:
        return signoff.approve(tx, OFFICE, MAKER, period, part, by, now)[1]


def told(store) -> list[str]:
    with store.read() as tx:
        return sorted(one.entry.recipient for one in tx.entries([OutboxStatus.QUEUED], SYSTEM))


def test_the_chain_goes_from_units_to_the_kansli(filled) -> None:
    assert approve(filled, "gata", GATA) == 0, "va has not approved yet"
    assert approve(filled, "va", VA) == 1
    assert told(filled) == ["sven@ekdala.example"]
    assert approve(filled, "sbf", town.HEAD) == 0
    assert approve(filled, "skola", SKOLA) == 1
    assert approve(filled, "buf", BUF) == 1
    assert told(filled) == ["britt@ekdala.example", "registrator@ekdala.example", "sven@ekdala.example"]
    approve(filled, "", town.REGISTRATOR)
    with filled.read() as tx:
        parts = signoff.parts(tx, OFFICE, MAKER, H1)
    assert [part.step for part in parts] == [*["unit"] * 3, *["department"] * 2, "central"]
    assert {part.approved_at for part in parts} == {NOW}
    assert parts[0].approved_by == GATA.name


@pytest.mark.postgres
def test_the_last_two_parts_are_approved_one_after_the_other(postgres_url: str) -> None:
    """Else neither sees that the other is approved, and whose turn it is then is told by nobody."""
    impatient = f"{postgres_url}?options=-clock_timeout%3D1ms"
    with (
        closing(SqlStore(postgres_url, analyser=analyse)) as store,
        closing(SqlStore(impatient, analyser=analyse)) as it,
    ):
        with store.begin() as tx:
            for unit in ("gata", "va"):
                town.add(tx, town.case(unit_id=unit))
        with store.begin() as tx:
            assert signoff.approve(tx, OFFICE, MAKER, H1, "gata", GATA, NOW)[1] == 0
            with pytest.raises(OperationalError, match="lock timeout"):
                approve(it, "va", VA)
        assert approve(it, "va", VA) == 1


@pytest.mark.parametrize(
    ("part", "by", "why"),
    [
        ("gata", VA, "någon annan än du"),
        ("gata", town.HANDLAGGARE, "någon annan än du"),
        ("gata", town.ADMIN, "någon annan än du"),
        ("sbf", GATA, "någon annan än du"),
        ("sbf", town.HEAD, "Först ska den godkännas av enhet: Gata och park, Vatten och avfall"),
        ("", town.REGISTRATOR, "Först ska den godkännas av enhet"),
        ("", GATA, "någon annan än du"),
        ("hemtjanst", town.SON_REGISTRATOR, "ingen sammanställning"),
        ("nix", town.REGISTRATOR, "ingen sammanställning"),
    ],
)
def test_out_of_turn_or_anothers_is_refused(filled, part, by, why) -> None:
    with pytest.raises(NotAllowed, match=why):
        approve(filled, part, by)
    assert told(filled) == []


def test_nothing_is_approved_twice_or_too_early(filled) -> None:
    approve(filled, "gata", GATA)
    with pytest.raises(NotAllowed, match=r"Chef Gata godkände sammanställningen den 22 juli 2026"):
        approve(filled, "gata", GATA)
    with pytest.raises(NotAllowed, match="Perioden är inte slut"):
        approve(filled, "va", VA, datetime(2026, 6, 30, 12, tzinfo=UTC))


def test_a_year_of_halves_is_the_kanslis_alone_and_an_unknown_period_nobodys(filled) -> None:
    with filled.read() as tx:
        assert [part.step for part in signoff.parts(tx, OFFICE, MAKER, Period(2026))] == ["central"]
        yearly = Compiler(ReportRules(), OFFICE.organisation, OFFICE.calendar, OFFICE.screen)
        assert signoff.parts(tx, OFFICE, yearly, H1) == ()
        hand = signoff.hand_of(MAKER, Period(2026, 2))
    assert hand is not None
    assert hand.month.isoformat() == "2027-02-01"
