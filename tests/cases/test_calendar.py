"""The working calendar counts as domain.md §2 says, with its own examples."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.calendar import (
    MONTHS,
    STOCKHOLM,
    WorkingCalendar,
    local_day,
    read_swedish_date,
    swedish_date,
    swedish_time,
)
from cases.promises import Counting, Promise, PromiseKind, Rollover, deadline


def swedish_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


CALENDAR = WorkingCalendar(swedish_days)
ANSWER = Promise(PromiseKind.ANSWER, 3, Counting.WORKING, rule="R4")
STATUS = Promise(PromiseKind.STATUS, 10, Counting.CALENDAR, Rollover.BACK, "O24")


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), STOCKHOLM)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 4, 2), date(2026, 4, 9)),
        (date(2026, 3, 7), date(2026, 3, 11)),
        (date(2026, 12, 22), date(2026, 12, 29)),
    ],
)
def test_three_working_days(received: date, due: date) -> None:
    assert deadline(ANSWER, at(received), CALENDAR).due == due


def test_ten_days_roll_back_from_christmas() -> None:
    assert deadline(STATUS, at(date(2026, 12, 15)), CALENDAR).due == date(2026, 12, 23)


def test_a_weekend_is_passed_a_day_at_a_time_both_ways() -> None:
    thursday, friday, saturday, sunday, monday = (date(2026, 3, day) for day in range(5, 10))
    assert [CALENDAR.roll_back(day) for day in (friday, saturday, sunday, monday)] == [friday, friday, friday, monday]
    assert [CALENDAR.roll_forward(day) for day in (friday, saturday, sunday)] == [friday, monday, monday]
    assert [CALENDAR.subtract_working_days(monday, n) for n in range(3)] == [monday, friday, thursday]
    assert CALENDAR.subtract_working_days(sunday, 1) == friday


def test_where_the_profile_says_so_a_promise_rolls_forward() -> None:
    forward = replace(STATUS, rollover=Rollover.FORWARD)
    assert deadline(forward, at(date(2026, 12, 15)), CALENDAR).due == date(2026, 12, 28)


@pytest.mark.parametrize("day", [date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31), date(2026, 6, 6)])
def test_eves_and_holidays_are_no_working_days(day: date) -> None:
    assert not CALENDAR.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 5, 15), date(2027, 1, 7)])
def test_skartorsdag_and_klamdagar_are_working_days(day: date) -> None:
    assert CALENDAR.is_working_day(day)


def test_the_day_of_receipt_is_the_swedish_one() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert local_day(late) == date(2026, 11, 26)
    assert deadline(ANSWER, late, CALENDAR).due == date(2026, 12, 1)


def test_closing_days_move_the_sending_but_no_due_date() -> None:
    closed = WorkingCalendar(swedish_days, closed=frozenset({date(2026, 11, 27)}))
    friday = at(date(2026, 11, 27), 9)
    assert closed.next_service(friday).astimezone(STOCKHOLM) == datetime(2026, 11, 30, 7, tzinfo=STOCKHOLM)
    assert closed.next_open_day(date(2026, 11, 26)) == date(2026, 11, 30)
    assert (
        deadline(ANSWER, at(date(2026, 11, 26)), closed).due == deadline(ANSWER, at(date(2026, 11, 26)), CALENDAR).due
    )


@pytest.mark.parametrize("moment", [at(date(2026, 11, 28), 12), at(date(2026, 12, 24), 3)])
def test_where_it_is_always_service_mail_leaves_on_days_off_and_at_night(moment: datetime) -> None:
    always = replace(CALENDAR, always=True)
    before_midnight = moment.astimezone(STOCKHOLM).replace(hour=23, minute=59, second=30)
    assert [always.next_service(when) for when in (moment, before_midnight)] == [moment, before_midnight]
    assert always.next_open_day(local_day(moment)) == local_day(moment) + timedelta(days=1)
    assert not always.is_working_day(local_day(moment))


# The first day asked of a year makes its calendar.
@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)), st.integers(1, 30))  # noqa: DTZ001 - zone below
def test_due_dates_never_fall_on_a_day_off_nor_before_receipt(moment: datetime, days: int) -> None:
    received = moment.replace(tzinfo=UTC)
    working = deadline(Promise(PromiseKind.ANSWER, days, Counting.WORKING), received, CALENDAR).due
    assert CALENDAR.is_working_day(working)
    assert CALENDAR.working_days_between(local_day(received), working) == days
    calendar = deadline(Promise(PromiseKind.STATUS, days, Counting.CALENDAR), received, CALENDAR).due
    assert calendar >= local_day(received)
    assert CALENDAR.is_working_day(calendar) or calendar == local_day(received)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)))  # noqa: DTZ001
def test_the_next_service_is_in_service_and_not_before(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    leaving = CALENDAR.next_service(aware)
    assert leaving >= aware
    assert CALENDAR.in_service(leaving)


@pytest.mark.parametrize(
    ("hour", "leaves"),
    [
        ("2026-11-26 06:59:59", "2026-11-26 07:00"),
        ("2026-11-26 07:00", "2026-11-26 07:00"),
        ("2026-11-26 17:59:59", "2026-11-26 17:59:59"),
        ("2026-11-26 18:00", "2026-11-27 07:00"),
        ("2026-11-27 18:00", "2026-11-30 07:00"),
        ("2026-11-28 06:00", "2026-11-30 07:00"),
        ("2026-12-23 20:00", "2026-12-28 07:00"),
    ],
)
def test_mail_leaves_in_service_hours_and_else_when_they_next_begin(hour: str, leaves: str) -> None:
    moment, expected = (datetime.fromisoformat(one).replace(tzinfo=STOCKHOLM) for one in (hour, leaves))
    assert CALENDAR.next_service(moment) == expected


def test_dates_are_written_the_swedish_way() -> None:
    assert swedish_date(date(2026, 11, 21)) == "21 november 2026"
    assert swedish_time(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "1 juli 2026 kl. 14.05"


@given(st.text(), st.integers(min_value=0), st.sampled_from(MONTHS), st.integers(min_value=0))
def test_no_text_makes_reading_a_day_fail(text: str, day: int, month: str, year: int) -> None:
    """A member of staff writes them in a mail: a year no calendar has must not stop the mail."""
    for written in (text, f"{day} {month} {year}"):
        found = read_swedish_date(written)
        assert found is None or read_swedish_date(swedish_date(found)) == found


@given(st.dates(min_value=date(1000, 1, 1)))
@example(date(1000, 1, 1))
@example(date(2028, 2, 29))
@example(date(2026, 12, 31))
def test_a_day_as_it_is_written_is_read_as_itself(day: date) -> None:
    assert read_swedish_date(swedish_date(day)) == read_swedish_date(swedish_date(day).upper()) == day


def test_what_is_no_day_or_has_a_year_of_more_or_fewer_digits_or_words_behind_is_none() -> None:
    years = ("20262026202", "002026", "26", "0026", "åtta", "2026 eller 2027")
    others = ("+4 december 2026", "4 dec 2026", "29 februari 2027", "31 november 2026", "december 2026", "4 december")
    for text in (*(f"4 december {year}" for year in years), *others):
        assert read_swedish_date(text) is None, text
