"""Small counts: withheld, and not to be worked out from the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import CaseStatus, Channel
from cases.compilations.compiled import Compilation, Scope, YearLine
from cases.compilations.figures import (
    SMALLEST,
    Agreed,
    Figure,
    Helped,
    Kept,
    Median,
    helpfulness,
    median_days,
    promises_kept,
    shield,
    shown,
    shown_part,
)
from cases.compilations.halves import beside
from cases.compilations.periods import Period
from cases.compilations.reporting import Asked, ReportCase
from cases.promises import Deadline, PromiseKind
from reports.sections import report_of
from tests.reports.town import OFFICE

COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=12)


@given(COUNTS)
def test_no_small_count_is_shown_and_none_is_the_only_one_missing(counts: dict[str, int]) -> None:
    kept = shield(counts)
    hidden = [key for key, count in kept.items() if count is None]
    assert all(count is None or count == counts[key] for key, count in kept.items())
    assert not any(0 < count < SMALLEST for count in kept.values() if count is not None)
    others = [count for key, count in kept.items() if count]
    if hidden and others:
        assert len(hidden) > 1
        assert sum(counts[key] for key in hidden) >= SMALLEST


@given(COUNTS)
def test_nothing_is_withheld_where_nothing_is_small(counts: dict[str, int]) -> None:
    large = {key: count + SMALLEST for key, count in counts.items()}
    assert shield(large) == large


@given(COUNTS)
def test_the_total_of_a_group_gives_no_small_count_away(counts: dict[str, int]) -> None:
    kept = shield(counts, lambda key: key[0])
    for group in {key[0] for key in counts}:
        hidden = [key for key, count in kept.items() if count is None and key[0] == group]
        if any(kept[key] for key in counts if key[0] == group) and hidden:
            assert len(hidden) > 1


def test_the_whole_tells_no_small_count_that_is_alone_in_its_group() -> None:
    kept = shield({"a1": 3, "b1": 20, "b2": 7, "c1": 30}, lambda key: key[0])
    # With b2, for the whole less what is shown told a1; and with b1, for what is shown of b told b2, which tells a1.
    assert kept == {"a1": None, "b1": None, "b2": None, "c1": 30}


def test_what_is_none_hides_nothing() -> None:
    assert shield({"a": 4, "b": 9, "c": 20, "d": 0}) == {"a": None, "b": None, "c": 20, "d": 0}


@pytest.mark.parametrize(
    ("part", "said"),
    [("ad", None), ("bcde", None), ("abd", None), ("ce", None), ("bc", 6), ("d", 9), ("abce", 11)],
)
def test_the_sum_of_a_part_tells_none_that_is_alone_or_small_in_it_or_beside_it(part: str, said: int | None) -> None:
    assert shown_part({"a": 1, "b": 2, "c": 4, "d": 9, "e": 4}, set(part)) == said


@given(COUNTS, st.frozensets(st.sampled_from("abcdefgh")))
def test_the_sum_of_a_part_gives_no_small_count_away(counts: dict[str, int], first: frozenset[str]) -> None:
    part = {key for key in counts if key[0] in first}
    said = shown_part(counts, part)
    hidden = {key for key, count in shield(counts).items() if count is None}
    for side in (hidden & part, hidden - part) if said is not None else ():
        assert not side or (len(side) > 1 and sum(counts[key] for key in side) >= SMALLEST)
    assert said in (None, sum(counts[key] for key in part))


def test_a_withheld_count_is_not_none() -> None:
    assert [shown(count) for count in (0, 1, 4, 5)] == [0, None, None, 5]


def _case(received: datetime, *days: Deadline, answered_at: datetime | None = None) -> ReportCase:
    return ReportCase("1", received, Channel.EMAIL, CaseStatus.ANSWERED, "ks", deadlines=days, answered_at=answered_at)


MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)


def _promised(due: date, met: datetime | None, later: date | None = None) -> ReportCase:
    days = [Deadline(PromiseKind.ANSWER, due, "R4", met)]
    return _case(MONDAY, *days, *([Deadline(PromiseKind.ANSWER, later, "R5", met)] if later else []))


def test_a_promise_is_kept_by_its_day_or_by_the_day_told() -> None:
    due, today = date(2026, 5, 7), date(2026, 5, 20)
    # 22.30 UTC on the seventh is the eighth in Sweden.
    late = datetime(2026, 5, 7, 22, 30, tzinfo=UTC)
    cases = [
        _promised(due, datetime(2026, 5, 7, 21, 30, tzinfo=UTC)),
        _promised(due, MONDAY),
        _promised(due, late),
        _promised(due, late, later=date(2026, 5, 8)),
        _promised(due, None),
        _promised(date(2026, 5, 20), None),
    ]
    (kept,) = promises_kept(cases, today)
    assert (kept.promised, kept.in_time, kept.as_told) == (5, 2 / 5, 3 / 5)


def test_a_day_told_that_has_not_come_is_not_broken_yet() -> None:
    due, today = date(2026, 5, 7), date(2026, 5, 20)
    cases = [_promised(due, MONDAY)] * 3 + [_promised(due, None)] * 2 + [_promised(due, None, later=today)] * 5
    (kept,) = promises_kept(cases, today)
    assert (kept.promised, kept.in_time, kept.as_told) == (10, 3 / 10, 3 / 5)
    (kept,) = promises_kept(cases, date(2026, 5, 21))
    assert kept.as_told == 3 / 10


def test_a_day_told_after_an_answer_stands_for_no_earlier_one() -> None:
    """Four days late; the later day was told when that answer was not enough, and was kept or not."""
    due, late, later = date(2026, 5, 7), datetime(2026, 5, 11, 8, tzinfo=UTC), date(2026, 5, 22)
    first = Deadline(PromiseKind.ANSWER, due, "R4", MONDAY)
    again = Deadline(PromiseKind.ANSWER, later, "R5")
    kept_again = replace(again, met_at=datetime(2026, 5, 22, 8, tzinfo=UTC))
    cases = [_case(MONDAY, replace(first, met_at=late), kept_again), *[_case(MONDAY, first, kept_again)] * 3]
    cases += [_case(MONDAY, first, again)] * 4
    (kept,) = promises_kept(cases, later)
    assert (kept.promised, kept.in_time, kept.as_told) == (8, 7 / 8, 7 / 8)
    (kept,) = promises_kept(cases, later + timedelta(days=1))
    assert (kept.in_time, kept.as_told) == (7 / 8, 3 / 8)


def test_a_share_of_few_is_withheld() -> None:
    (kept,) = promises_kept([_promised(date(2026, 5, 7), MONDAY)] * 4, date(2026, 5, 20))
    assert (kept.promised, kept.in_time, kept.as_told) == (None, None, None)


def test_the_median_counts_working_days() -> None:
    friday = datetime(2026, 5, 8, 8, tzinfo=UTC)
    # Over a weekend, and over Kristi himmelsfärd (14 May).
    cases = [_case(friday, answered_at=friday + timedelta(days=n)) for n in (0, 3, 4, 7, 10)]
    assert median_days(cases, lambda case: case.answered_at, OFFICE.calendar).days == 2
    assert median_days(cases[:4], lambda case: case.answered_at, OFFICE.calendar).days is None


def test_what_those_who_were_asked_said_is_told_per_unit_and_never_of_few() -> None:
    asked = [Asked("gata", helped) for helped in [True] * 6 + [False] * 2 + [None] * 4]
    asked += [Asked("va", None)] * 7 + [Asked("skola", True)] * 4
    labels = {"va": "Vatten", "gata": "Gata", "skola": "Skola", "kultur": "Kultur"}
    told = helpfulness(asked, labels, lambda _unit: "")
    assert told == (
        # With the school's four, whose number a sum would tell.
        Helped("Vatten", None, None, None),
        Helped("Gata", 12, None, None),
        Helped("Skola", None, None, None),
    )
    told = helpfulness([one for one in asked if one.unit_id != "skola"], labels, lambda _unit: "")
    assert told == (Helped("Vatten", 7, 0, None), Helped("Gata", 12, 8, 6 / 8))


def _told(period: Period, *, total: int | None = 9) -> Compilation:
    """A compilation that shows everything of ``period``, its sums as given."""
    rows, kept, times = (Figure("Gata", 9),), (Kept(PromiseKind.ANSWER, 9, 0.5, 1.0),), Median(9, 2.0)
    line = YearLine(period, total, total, times, kept)
    scope, tables = Scope("", "Ekdala", frozenset()), dict.fromkeys(_TABLES, rows)
    return Compilation(
        **tables,
        period=period,
        scope=scope,
        made_on=date(2027, 1, 20),
        columns=(),
        lines=(),
        gaps=(),
        total=total,
        kept=kept,
        answered=times,
        closed=times,
        causes=(),
        agreed=(Agreed("Gata", 9, 0.5),),
        years=(line,),
        helped=(Helped("Gata", 9, 9, 0.5),),
    )


_TABLES = ("by_unit", "by_type", "by_area", "by_channel", "by_month", "by_outcome", "by_hallmark")
_LITTLE = {
    "total": None,
    **dict.fromkeys(_TABLES, (Figure("Gata", None),)),
    "kept": (Kept(PromiseKind.ANSWER, None, None, None),),
    "answered": Median(None, None),
    "closed": Median(None, None),
    "agreed": (Agreed("Gata", None, None),),
    "helped": (Helped("Gata", None, None, None),),
}


@pytest.mark.parametrize("name", _LITTLE)
def test_a_year_withholds_what_one_of_its_halves_does(name: str) -> None:
    year, first, second = _told(Period(2026)), _told(Period(2026, 1)), _told(Period(2026, 2))
    assert beside(year, [first, second]) == year
    for halves in (
        [replace(first, **{name: _LITTLE[name]}), second],
        [first, replace(second, **{name: _LITTLE[name]})],
    ):
        assert beside(year, halves) == replace(year, **{name: _LITTLE[name]})


def test_how_many_were_asked_is_withheld_where_a_half_withholds_how_many_answered() -> None:
    year, half = _told(Period(2026)), _told(Period(2026, 1))
    few = replace(half, helped=(Helped("Gata", 9, None, None),))
    assert beside(year, [few, half]).helped == (Helped("Gata", None, None, None),)


def test_a_years_line_withholds_what_a_half_does() -> None:
    year, half = _told(Period(2026)), _told(Period(2026, 1))
    little = YearLine(half.period, None, None, Median(None, None), (Kept(PromiseKind.ANSWER, None, None, None),))
    assert beside(year, [replace(half, years=(little,)), half]).years == (replace(little, period=year.period),)
    assert beside(year, [replace(half, years=()), half]).years == year.years, "nothing came in in that half"


def test_a_report_says_where_fault_reports_are_among_the_complaints() -> None:
    """By type they stand apart: 222 complaints there and 451 further down looked like a fault of ours."""
    apart = report_of(_told(Period(2026)), "Ekdala kommun")
    among = report_of(replace(_told(Period(2026)), faults_are_complaints=True), "Ekdala kommun")
    notes = [[section.note for section in one.sections if section.id in ("ar", "lista")] for one in (apart, among)]
    assert [["Felanmälningar" in note for note in each] for each in notes] == [[False, False], [True, True]]
