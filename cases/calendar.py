"""Working days, calendar days and service hours in Europe/Stockholm; the days themselves come through a port."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NonWorkingDays = Callable[[int], frozenset[date]]
"""The days of a year, besides Saturdays and Sundays, on which nobody works (lag 1989:253; eves of 1930:173 2 §)."""

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Counts days as domain.md §2 says.

    ``opens`` and ``closes`` bound the hours in which mail to citizens leaves; ``closed`` are the municipality's own
    closing days, which move when mail is sent but never a due date (Rulings, Calendar). ``always`` lets mail leave at
    any moment of any day, as whoever looks at a demonstration expects, whenever they do.
    """

    non_working: NonWorkingDays
    opens: time = time(7, 0)
    closes: time = time(18, 0)
    closed: frozenset[date] = frozenset()
    always: bool = False

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and no holiday or equated eve."""
        return day.weekday() < 5 and day not in self.non_working(day.year)

    def add_working_days(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``, which is day zero whatever day it is."""
        day = start
        for _ in range(days):
            day = self.next_working_day(day)
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def subtract_working_days(self, start: date, days: int) -> date:
        """The ``days``-th working day before ``start``; ``start`` itself for none."""
        day = start
        for _ in range(days):
            day = self.roll_back(day - timedelta(days=1))
        return day

    def roll_back(self, day: date) -> date:
        """``day`` itself, or the working day before it: a local promise is never stretched by a holiday."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def roll_forward(self, day: date) -> date:
        """``day`` itself, or the next working day (lag 1930:173 allows it for times set in statutes)."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; none where that is before."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def in_service(self, moment: datetime) -> bool:
        """Whether letters to citizens may leave at this moment."""
        local = moment.astimezone(STOCKHOLM)
        return self.always or (self._open_on(local.date()) and self.opens <= local.time() < self.closes)

    def next_service(self, moment: datetime) -> datetime:
        """The moment itself when in service hours, else the next opening, in UTC."""
        if self.in_service(moment):
            return moment
        local = moment.astimezone(STOCKHOLM)
        day = local.date()
        if local.time() >= self.opens:
            day += timedelta(days=1)
        while not self._open_on(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.opens, STOCKHOLM).astimezone(UTC)

    def last_open_day(self, day: date) -> date:
        """``day`` itself, or the nearest day before it on which mail leaves."""
        while not self._open_on(day):
            day -= timedelta(days=1)
        return day

    def next_open_day(self, day: date) -> date:
        """The first day after ``day`` on which mail leaves."""
        day += timedelta(days=1)
        while not self._open_on(day):
            day += timedelta(days=1)
        return day

    def opening(self, day: date) -> datetime:
        """When service opens that day, in UTC."""
        return datetime.combine(day, self.opens, STOCKHOLM).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When service closes that day, in UTC."""
        return datetime.combine(day, self.closes, STOCKHOLM).astimezone(UTC)

    def _open_on(self, day: date) -> bool:
        return self.always or (self.is_working_day(day) and day not in self.closed)


def local_day(moment: datetime) -> date:
    """The Swedish calendar day of an aware moment."""
    return moment.astimezone(STOCKHOLM).date()


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last one of a shorter month (lag 1930:173 1 §)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def swedish_date(day: date | datetime) -> str:
    """``21 november 2026``: how every page and letter writes a date."""
    if isinstance(day, datetime):
        day = local_day(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def english_date(day: date) -> str:
    """``21 November 2026``: the same in a letter or a page in English."""
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def read_swedish_date(text: str) -> date | None:
    """The day that ``swedish_date`` wrote; None where the text is no such day."""
    day, month, year, *rest = [*text.lower().split(), "", "", ""]
    is_year = len(year) == 4 and year.isdecimal() and int(year) >= 1000
    if any(rest) or month not in MONTHS or not (day.isdecimal() and is_year):
        return None
    try:
        return date(int(year), MONTHS.index(month) + 1, int(day))
    except (ValueError, OverflowError):
        return None


def swedish_time(moment: datetime) -> str:
    """``21 november 2026 kl. 14.05``, Swedish local time."""
    return f"{swedish_date(moment)} kl. {moment.astimezone(STOCKHOLM):%H.%M}"
