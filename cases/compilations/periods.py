"""Half-years and years: what a compilation covers, when it is handed in, when its draft goes out (R14, O26)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cases.calendar import STOCKHOLM, WorkingCalendar
from cases.errors import LyhordError

_KEY = re.compile(r"(20\d\d)(?:-[Hh]([12]))?")
_HALVES = {1: "första halvåret", 2: "andra halvåret"}


class PeriodError(LyhordError):
    """A period nobody can read."""


class ChainStep(StrEnum):
    """Who has the compilation in hand on its way (R13, R20, R22)."""

    UNIT = "unit"
    DEPARTMENT = "department"
    CENTRAL = "central"
    AUTHORITY = "authority"


STEP_NAMES: dict[ChainStep, str] = {
    ChainStep.UNIT: "enhet",
    ChainStep.DEPARTMENT: "förvaltning",
    ChainStep.CENTRAL: "kansli",
    ChainStep.AUTHORITY: "hemnämnd",
}


class ListColumn(StrEnum):
    """A column of the list (R15, O26)."""

    UNIT = "unit"
    DATE = "date"
    CONCERNS = "concerns"
    MEASURE = "measure"
    KIND = "kind"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class ReportRules:
    """What the profile says of compilations.

    ``half_yearly_months`` are the months in which a half-year is handed in (empty: only years are), ``yearly_month``
    the one for the year before; the draft leaves ``weeks_before`` that month begins. ``faults_are_complaints`` counts
    a felanmälan as klagomål (O4); ``asks_cause`` says that cause and improvement are asked for at closing (O1, O3).
    """

    half_yearly_months: tuple[int, ...] = ()
    yearly_month: int = 2
    weeks_before: int = 2
    chain: tuple[ChainStep, ...] = (ChainStep.CENTRAL, ChainStep.AUTHORITY)
    columns: tuple[ListColumn, ...] = (ListColumn.UNIT, ListColumn.DATE, ListColumn.CONCERNS, ListColumn.MEASURE)
    faults_are_complaints: bool = True
    asks_cause: bool = True

    def compiles(self, period: "Period") -> bool:
        """Whether there is a compilation of such a period.

        Where only years are, a half-year taken from its year would tell what the year withholds.
        """
        return not period.half or bool(self.half_yearly_months)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar year, or with ``half`` 1 or 2 a half of it, in Swedish calendar days."""

    year: int
    half: int = 0

    @property
    def key(self) -> str:
        """``2026`` or ``2026-H1``, as ``read_period`` reads it."""
        return f"{self.year}-H{self.half}" if self.half else str(self.year)

    @property
    def name(self) -> str:
        """As pages and letters say it: ``första halvåret 2026``, ``året 2026``."""
        return f"{_HALVES[self.half]} {self.year}" if self.half else f"året {self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def since(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, time(), STOCKHOLM)

    @property
    def until(self) -> datetime:
        """The moment after its end."""
        return datetime.combine(self.last + timedelta(days=1), time(), STOCKHOLM)

    @property
    def months(self) -> range:
        """The numbers of its months."""
        return range(self.first.month, self.last.month + 1)

    @property
    def halves(self) -> tuple["Period", ...]:
        """The half-years of a year; of a half-year none."""
        return () if self.half else (Period(self.year, 1), Period(self.year, 2))

    def years_before(self, years: int) -> "Period":
        """The same part of an earlier year, to compare with."""
        return Period(self.year - years, self.half)


def read_period(text: str) -> Period:
    """The period of ``2026`` or ``2026-H1``. Raises PeriodError."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        raise PeriodError(
            f"{text!r} är ingen period. Skriv ett år, som 2026, eller ett halvår, som 2026-H1 eller 2026-H2."
        )
    return Period(int(found[1]), int(found[2] or 0))


def handed_in(rules: ReportRules, year: int, month: int) -> tuple[Period, ...]:
    """The periods handed in that month: the last half-year and the last whole year that ended before it begins."""
    found = []
    if month in rules.half_yearly_months:
        found.append(Period(year - 1, 2) if month <= 6 else Period(year, 1))
    if month == rules.yearly_month:
        found.append(Period(year - 1))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Hand:
    """One handing in: the period, the first day of its month, and the day its draft goes to those responsible."""

    period: Period
    month: date
    draft_on: date

    def due(self, step: ChainStep, calendar: WorkingCalendar) -> date:
        """A unit is ready before the month begins, so that its förvaltning can hand in within the month (R14, R22)."""
        if step is ChainStep.UNIT:
            return calendar.roll_back(self.month - timedelta(days=1))
        return calendar.roll_back(_next_month(self.month) - timedelta(days=1))


def hands_due(rules: ReportRules, today: date) -> Iterator[Hand]:
    """The handings in whose draft is due today or was, and whose month has not ended: a late sweep still sends them."""
    # Twelve weeks before is at most three months ahead.
    month = today.replace(day=1)
    for _ in range(4):
        for period in handed_in(rules, month.year, month.month):
            # A draft before the period has ended would be a draft of something else.
            draft_on = max(month - timedelta(weeks=rules.weeks_before), period.last + timedelta(days=1))
            if draft_on <= today:
                yield Hand(period, month, draft_on)
        month = _next_month(month)


def latest_period(rules: ReportRules, today: date) -> Period:
    """What a page shows first: the last period that ended, until the month it is handed in is over; then the running.

    A half-year, or a year where only years are compiled.
    """
    running = Period(today.year, (1 if today.month <= 6 else 2) if rules.half_yearly_months else 0)
    ended = _before(running)
    month = today.replace(day=1)
    while month < running.until.date():
        if ended in handed_in(rules, month.year, month.month):
            return ended
        month = _next_month(month)
    return running


def _before(period: Period) -> Period:
    if not period.half:
        return period.years_before(1)
    return Period(period.year, 1) if period.half == 2 else Period(period.year - 1, 2)


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
