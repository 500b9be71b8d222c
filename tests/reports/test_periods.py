"""Half-years and years: what is handed in when, and when its draft goes out."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.compilations.periods import (
    ChainStep,
    Hand,
    Period,
    PeriodError,
    ReportRules,
    handed_in,
    hands_due,
    latest_period,
    read_period,
)
from tests.reports.town import OFFICE

TWICE = ReportRules(half_yearly_months=(2, 8), yearly_month=2, chain=tuple(ChainStep))
ONCE = ReportRules()


def test_a_half_year_is_its_swedish_days() -> None:
    first, second = read_period("2026-H1"), read_period("2026-h2")
    assert (first.first, first.last) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (second.first, second.last) == (date(2026, 7, 1), date(2026, 12, 31))
    assert first.until == second.since
    assert (read_period("2026").halves, first.halves) == ((first, second), ())
    # Midnight in Sweden is two hours earlier in summer than UTC's.
    assert second.since.astimezone(UTC) == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    assert (first.name, second.name, read_period("2026").name) == (
        "första halvåret 2026",
        "andra halvåret 2026",
        "året 2026",
    )


@pytest.mark.parametrize("text", ["", "2026-H3", "26", "H1", "2026-H1x", "2026 H1", "1026"])
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(PeriodError, match="ingen period"):
        read_period(text)


@given(st.integers(2000, 2099), st.integers(0, 2))
def test_a_period_reads_back(year: int, half: int) -> None:
    assert read_period(Period(year, half).key) == Period(year, half)


@pytest.mark.parametrize(
    ("rules", "month", "expected"),
    [
        (TWICE, 2, (Period(2026, 2), Period(2026))),
        (TWICE, 8, (Period(2027, 1),)),
        (TWICE, 3, ()),
        (ONCE, 2, (Period(2026),)),
        (ONCE, 8, ()),
        (ReportRules(half_yearly_months=(6, 7)), 6, (Period(2026, 2),)),
        (ReportRules(half_yearly_months=(6, 7)), 7, (Period(2027, 1),)),
    ],
)
def test_february_takes_the_second_half_and_the_year_august_the_first(rules, month, expected) -> None:
    assert handed_in(rules, 2027, month) == expected


def test_a_draft_leaves_two_weeks_before_the_month() -> None:
    assert list(hands_due(TWICE, date(2026, 7, 17))) == []
    assert list(hands_due(TWICE, date(2026, 7, 18))) == [Hand(Period(2026, 1), date(2026, 8, 1), date(2026, 7, 18))]
    # A late sweep still sends it, but not when its month is over.
    assert list(hands_due(TWICE, date(2026, 8, 31))) == [Hand(Period(2026, 1), date(2026, 8, 1), date(2026, 7, 18))]
    assert list(hands_due(TWICE, date(2026, 9, 1))) == []
    assert [hand.period for hand in hands_due(TWICE, date(2027, 1, 18))] == [Period(2026, 2), Period(2026)]


def test_a_draft_of_a_year_that_is_handed_in_in_january_leaves_on_its_first_day() -> None:
    january = date(2027, 1, 1)
    assert list(hands_due(ReportRules(yearly_month=1), january)) == [Hand(Period(2026), january, january)]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 12), st.sets(st.integers(1, 12)))
def test_no_draft_before_its_period_has_ended(today: date, weeks: int, months: set[int]) -> None:
    rules = ReportRules(half_yearly_months=tuple(sorted(months)), weeks_before=weeks)
    for hand in hands_due(rules, today):
        assert hand.period.last < hand.draft_on <= today


def test_a_unit_is_ready_before_the_month_and_its_foervaltning_within_it() -> None:
    hand = Hand(Period(2026, 1), date(2026, 8, 1), date(2026, 7, 18))
    assert hand.due(ChainStep.UNIT, OFFICE.calendar) == date(2026, 7, 31)
    assert hand.due(ChainStep.DEPARTMENT, OFFICE.calendar) == date(2026, 8, 31)
    february = Hand(Period(2026, 2), date(2027, 2, 1), date(2027, 1, 18))
    assert february.due(ChainStep.UNIT, OFFICE.calendar) == date(2027, 1, 29), "the Friday before"


@pytest.mark.parametrize(
    ("rules", "today", "shown"),
    [
        (TWICE, date(2026, 7, 20), Period(2026, 1)),
        (TWICE, date(2026, 8, 31), Period(2026, 1)),
        (TWICE, date(2026, 9, 1), Period(2026, 2)),
        (TWICE, date(2027, 1, 2), Period(2026, 2)),
        (TWICE, date(2027, 3, 1), Period(2027, 1)),
        (ONCE, date(2027, 2, 28), Period(2026)),
        (ONCE, date(2027, 3, 1), Period(2027)),
    ],
)
def test_a_page_shows_the_ended_period_until_it_is_handed_in(rules, today, shown) -> None:
    assert latest_period(rules, today) == shown
