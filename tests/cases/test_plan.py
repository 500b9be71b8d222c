"""What a case's promises will cause, by the plan alone."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cases.calendar import WorkingCalendar, local_day
from cases.case import CaseStatus, Party
from cases.letters.letter import LetterKind
from cases.post.plan import PlannedLetter, leaves_at, owed, plan
from cases.promises import Deadline, PromiseKind
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


def test_a_letter_never_leaves_before_service_opens() -> None:
    short = replace(CALENDAR, closes=CALENDAR.opens.replace(hour=8))
    assert leaves_at(short, DUE) == short.opening(DUE)
