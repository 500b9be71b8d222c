"""The checker's own calendar, from the laws alone: Swedish holidays and eves by their rules, summer time by its rule.

It shares no line with ``cases.calendar`` and asks no library, so that the two cannot err alike.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday (the Gregorian computus, as Meeus gives it)."""
    golden, century, rest = year % 19, year // 100, year % 100
    shifted = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + shifted + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def days_off(year: int) -> frozenset[date]:
    """Lag 1989:253 1 § and, of lag 1930:173 2 §, the eves; Sundays and Saturdays apart."""
    paschal = easter(year)
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    midsummer_eve = _first_weekday(date(year, 6, 19), 4)
    all_saints = _first_weekday(date(year, 10, 31), 5)
    moving = (paschal - 2 * _DAY, paschal, paschal + _DAY, paschal + 39 * _DAY, paschal + 49 * _DAY)
    return frozenset((*(date(year, m, d) for m, d in fixed), *moving, midsummer_eve, midsummer_eve + _DAY, all_saints))


def _first_weekday(day: date, weekday: int) -> date:
    return day + _DAY * ((weekday - day.weekday()) % 7)


def working(day: date) -> bool:
    """Whether somebody is at work."""
    return day.weekday() not in (5, 6) and day not in days_off(day.year)


def plus_working(day: date, count: int) -> date:
    """So many working days later, or earlier for a negative count."""
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= working(day)
    return day


def working_between(start: date, end: date) -> int:
    """Working days after one day up to and with another."""
    return sum(working(date.fromordinal(n)) for n in range(start.toordinal() + 1, end.toordinal() + 1))


def due(start: date, days: int, counting: str, rollover: str) -> date:
    """The last day of a promise made on ``start``."""
    if counting == "working":
        return plus_working(start, days)
    day = start + days * _DAY
    while not working(day):
        day += -_DAY if rollover == "back" else _DAY
    return max(day, start)


def swedish(moment: datetime) -> datetime:
    """The Swedish wall clock of a moment, naive: summer time from March to October."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    begins, ends = (_last_sunday(utc.year, month) for month in (3, 10))
    return utc + timedelta(hours=2 if begins <= utc < ends else 1)


def _last_sunday(year: int, month: int) -> datetime:
    last = date(year, month, 31)
    last -= _DAY * ((last.weekday() + 1) % 7)
    return datetime(last.year, last.month, last.day, 1)  # noqa: DTZ001 - UTC by the rule, compared with naive UTC


def day_of(moment: datetime) -> date:
    """The Swedish day of a moment."""
    return swedish(moment).date()


def moment_of(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment of a Swedish wall clock time that is in no change of the clock."""
    naive = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - made aware just below
    guess = naive.replace(tzinfo=UTC)
    return guess - (swedish(guess - timedelta(hours=1)) - (guess - timedelta(hours=1)).replace(tzinfo=None))
