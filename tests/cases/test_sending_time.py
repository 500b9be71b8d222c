"""When a letter that is set for a time leaves, and when it may not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cases.calendar import local_day
from cases.errors import NotAllowed
from cases.promises import Deadline, PromiseKind
from cases.steps.answering.send import leaving_time
from tests.cases.builders import NOW, a_case, an_office

CASE = a_case(deadlines=(Deadline(PromiseKind.ANSWER, date(2026, 12, 1)),))


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, 0, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "day"), [(9, 1), (3, 1)])
def test_the_promised_day_itself_will_do(hour: int, day: int) -> None:
    """By night it waits for the morning of the same day."""
    assert local_day(leaving_time(CASE, at(1, hour), an_office(), NOW)) == date(2026, 12, day)


def test_in_the_evening_of_the_promised_day_it_would_be_too_late() -> None:
    with pytest.raises(NotAllowed, match="lovat senast 1 december 2026"):
        leaving_time(CASE, at(1, 20), an_office(), NOW)


def test_a_time_that_has_passed_or_is_far_off_is_refused() -> None:
    with pytest.raises(NotAllowed, match="redan passerat"):
        leaving_time(CASE, NOW, an_office(), NOW)
    with pytest.raises(NotAllowed, match="inom 60 dagar"):
        leaving_time(a_case(), datetime(2027, 1, 25, 10, 0, tzinfo=UTC), an_office(), NOW)


STATUS = Deadline(PromiseKind.STATUS, date(2026, 12, 3))


def test_what_counts_as_the_promised_status_leaves_by_that_day() -> None:
    """Else nobody hears anything in those days: the answer that waits is taken for the status (O24)."""
    later = Deadline(PromiseKind.ANSWER, date(2026, 12, 20), "R5")
    for deadlines in ((STATUS,), (STATUS, later)):
        case = a_case(deadlines=deadlines)
        assert local_day(leaving_time(case, at(3, 9), an_office(), NOW)) == STATUS.due
        with pytest.raises(NotAllowed, match=r"besked är lovat senast 3 december 2026.* ett besked om läget"):
            leaving_time(case, at(4, 9), an_office(), NOW)


def test_a_promise_that_is_kept_or_that_the_receipt_keeps_hinders_no_time() -> None:
    kept = replace(STATUS, met_at=NOW)
    case = a_case(deadlines=(Deadline(PromiseKind.RECEIPT, date(2026, 11, 27)), kept))
    assert local_day(leaving_time(case, at(8, 9), an_office(), NOW)) == date(2026, 12, 8)


def test_a_letter_leaves_before_a_day_that_stands_in_it_has_passed() -> None:
    days = [date(2026, 12, 9), date(2026, 12, 3)]
    assert local_day(leaving_time(a_case(), at(3, 9), an_office(), NOW, days)) == date(2026, 12, 3)
    with pytest.raises(NotAllowed, match="efter den 3 december 2026 som står i det"):
        leaving_time(a_case(), at(3, 20), an_office(), NOW, days)
