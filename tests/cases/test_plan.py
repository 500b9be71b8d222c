"""What a case's promises will cause, by the plan alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkingCalendar, local_day
from cases.case import CaseStatus, Party
from cases.letters.letter import LetterKind
from cases.office import LetterRules
from cases.post.plan import PlannedLetter, PlanState, horizon, leaves_at, owed, plan
from cases.promises import Deadline, PromiseKind, no_promise
from tests.cases.builders import a_case, an_office

CALENDAR = WorkingCalendar(lambda _year: frozenset())
OFFICE = an_office(calendar=CALENDAR)
DUE = date(2026, 12, 1)
CASE = a_case(status=CaseStatus.IN_PROGRESS, unit_id="gata", deadlines=(Deadline(PromiseKind.ANSWER, DUE),))


def after(case=CASE, *, on: int, marks: frozenset = frozenset()) -> list[PlannedLetter]:
    planned = plan(case, marks, OFFICE, datetime(2026, 12, on, 9, 0, tzinfo=UTC))
    return [letter for letter in planned if letter.kind is LetterKind.PAMINNELSE_EFTER]


def test_a_reminder_that_nobody_sent_for_days_is_one_of_today() -> None:
    """Each day by itself, those of an outage would all leave in the morning after."""
    now = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
    (late,) = after(on=8)
    assert late.leaves(now)
    (before,) = (one for one in plan(CASE, frozenset(), OFFICE, now) if one.kind is LetterKind.PAMINNELSE_FORE)
    assert before.state is PlanState.OVERTAKEN, "nobody is reminded before a day that has been"
    assert late.day == local_day(now)
    (sent, following) = after(on=8, marks=frozenset({(LetterKind.PAMINNELSE_EFTER, late.day)}))
    assert not sent.leaves(now)
    assert following.day == date(2026, 12, 9)
    assert not following.leaves(now)


def test_nobody_is_reminded_of_what_is_owed_to_nobody() -> None:
    """The anonymous get no answer (O11), so that a case of theirs is never late."""
    assert owed(CASE) is not None
    for case in (replace(CASE, sender=Party(anonymous=True)), replace(CASE, status=CaseStatus.CLOSED)):
        assert owed(case) is None
        assert after(case, on=8) == []


@pytest.mark.parametrize(("ahead", "why"), [(-1, "har redan varit"), (0, ""), (731, ""), (732, "mer än två år bort")])
def test_a_citizen_is_told_of_no_day_that_has_been_or_is_more_than_two_years_away(ahead: int, why: str) -> None:
    said = no_promise(DUE + timedelta(days=ahead), DUE)
    assert (why in said, bool(said)) == (True, bool(why))


@pytest.mark.parametrize(
    "nobodys",
    [{"status": CaseStatus.SUGGESTED}, {"status": CaseStatus.REOPENED, "unit_id": ""}],
    ids=["back", "unrouted"],
)
def test_where_no_unit_is_confirmed_any_more_those_who_route_are_alarmed(nobodys: dict[str, object]) -> None:
    """A case that was sent back still has the unit that would not have it; one opened again may never have had any."""
    (letter,) = (one for one in planned(nobodys) if one.kind is LetterKind.LANGRE_TID)
    assert letter.alarm
    (letter,) = (one for one in planned({}) if one.kind is LetterKind.LANGRE_TID)
    assert not letter.alarm


def planned(changes: dict[str, object]) -> tuple[PlannedLetter, ...]:
    return plan(replace(CASE, **changes), frozenset(), OFFICE, datetime(2026, 11, 27, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "state", "why"),
    [
        ({}, PlanState.PLANNED, ""),
        ({"status": CaseStatus.CLOSED}, PlanState.CANCELLED, "Ärendet är: Avslutat."),
        ({"sender": Party(anonymous=True)}, PlanState.CANCELLED, "Avsändaren är anonym"),
        (
            {"deadlines": (Deadline(PromiseKind.ANSWER, DUE, met_at=datetime(2026, 11, 26, 9, tzinfo=UTC)),)},
            PlanState.OVERTAKEN,
            "Löftet hölls den 26 november 2026.",
        ),
        (
            {"deadlines": (Deadline(PromiseKind.ANSWER, DUE), Deadline(PromiseKind.ANSWER, DUE + timedelta(days=3)))},
            PlanState.OVERTAKEN,
            "Avsändaren har fått besked om en ny dag.",
        ),
    ],
    ids=["in hand", "ended", "anonymous", "kept", "a new day"],
)
def test_the_page_says_of_each_letter_whether_it_leaves_and_why_not(
    changes: dict[str, object], state: PlanState, why: str
) -> None:
    letters = [one for one in planned(changes) if one.kind in (LetterKind.LANGRE_TID, LetterKind.PAMINNELSE_FORE)]
    (told,) = {(one.state, one.reason) for one in letters if one.day == DUE}
    assert (told[0], told[1][: len(why)] if why else told[1]) == (state, why)
    assert not any(one.alarm for one in letters)
    marks = frozenset((one.kind, one.day) for one in letters)
    now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    sent = [one for one in plan(replace(CASE, **changes), marks, OFFICE, now) if (one.kind, one.day) in marks]
    assert {one.state for one in sent} == {PlanState.QUEUED}, "what left stands so, whatever came after"


@given(st.integers(0, 3), st.integers(0, 27), st.frozensets(st.integers(0, 27), max_size=6))
def test_what_leaves_on_a_day_is_looked_for_that_day(ahead: int, due: int, closed: frozenset[int]) -> None:
    """The sweep asks for cases due until the horizon: after a closing day a reminder would come on the last day."""
    first = date(2026, 12, 1)
    calendar = replace(CALENDAR, closed=frozenset(first + timedelta(days=n) for n in closed))
    office = replace(OFFICE, calendar=calendar, letters=LetterRules(remind_working_days=ahead))
    day = first + timedelta(days=due)
    case = replace(CASE, deadlines=(Deadline(PromiseKind.ANSWER, day), Deadline(PromiseKind.STATUS, day)))
    for letter in plan(case, frozenset(), office, datetime(2026, 10, 1, 9, tzinfo=UTC)):
        if letter.kind is not LetterKind.PAMINNELSE_EFTER:
            assert horizon(office, letter.due_at) >= day


def test_a_letter_never_leaves_before_service_opens() -> None:
    short = replace(CALENDAR, closes=CALENDAR.opens.replace(hour=8))
    assert leaves_at(short, DUE) == short.opening(DUE)
