"""What the municipality promises a citizen, and when each promise falls due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.calendar import WorkingCalendar, local_day, swedish_date
from cases.numerals import count_words


class PromiseKind(StrEnum):
    """What is promised."""

    RECEIPT = "receipt"
    STATUS = "status"
    ANSWER = "answer"


PROMISE_NAMES: dict[PromiseKind, str] = {
    PromiseKind.RECEIPT: "Mottagningsbekräftelse",
    PromiseKind.STATUS: "Besked om läget",
    PromiseKind.ANSWER: "Svar",
}


NEW_DAY_RULE = "R5"
"""By this rule of the routine a later day stands, once the sender has been told it."""


_FARTHEST = timedelta(days=731)


class Counting(StrEnum):
    """Which days count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Rollover(StrEnum):
    """Where a due date on a day off goes: a local promise rolls back, a statutory time may roll forward."""

    BACK = "back"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of the profile: ``days`` after receipt, counted so; ``rule`` is the row of domain.md (O24, R4)."""

    kind: PromiseKind
    days: int
    counting: Counting
    rollover: Rollover = Rollover.BACK
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a promise to one case falls due (Swedish calendar day), by which rule, and when it was kept."""

    kind: PromiseKind
    due: date
    rule: str = ""
    met_at: datetime | None = None


def deadline(promise: Promise, received_at: datetime, calendar: WorkingCalendar) -> Deadline:
    """The due date of a promise for a letter received at an aware moment; the day of receipt is day zero."""
    start = local_day(received_at)
    if promise.counting is Counting.WORKING:
        return Deadline(promise.kind, calendar.add_working_days(start, promise.days), promise.rule)
    day = date.fromordinal(start.toordinal() + promise.days)
    rolled = calendar.roll_back(day) if promise.rollover is Rollover.BACK else calendar.roll_forward(day)
    return Deadline(promise.kind, max(rolled, start), promise.rule)


def counted_anew(
    kept: Iterable[Deadline], promises: Iterable[Promise], received_at: datetime, calendar: WorkingCalendar
) -> tuple[Deadline, ...]:
    """The promises of what came later to a sender whose receipt is among ``kept``: that one is not given again."""
    receipts = (d for d in kept if d.kind is PromiseKind.RECEIPT)
    others = (deadline(p, received_at, calendar) for p in promises if p.kind is not PromiseKind.RECEIPT)
    return (*receipts, *others)


def in_force(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """The deadlines still to be kept. Where the citizen was told of a later day (R5), that one stands for the first."""
    return tuple({d.kind: d for d in deadlines if d.met_at is None}.values())


def no_promise(day: date, today: date) -> str:
    """Why a day is none to tell a citizen: it has passed, or its year is a slip of the hand; empty where it is one."""
    if day < today:
        return f"Den {swedish_date(day)} har redan varit. Välj en dag som kommer."
    return f"Den {swedish_date(day)} är mer än två år bort. Rätta året." if day - today > _FARTHEST else ""


def rule_words(deadline: Deadline, promises: Iterable[Promise]) -> str:
    """What the routine's rule asks, its number behind: ``Rutinen: svar inom tre arbetsdagar (R4)``.

    The days are the profile's. A rule that promises nothing there any more is only named.
    """
    if deadline.rule == NEW_DAY_RULE:
        return f"Rutinen: avsändaren har fått veta den nya dagen ({deadline.rule})"
    made = next((p for p in promises if p.kind is deadline.kind and p.rule == deadline.rule), None)
    if not deadline.rule or made is None:
        return f"Regel i rutinen: {deadline.rule}" if deadline.rule else ""
    working = made.counting is Counting.WORKING
    one, many = ("en arbetsdag", "arbetsdagar") if working else ("en dag", "dagar")
    name = PROMISE_NAMES[made.kind]
    return f"Rutinen: {name[0].lower()}{name[1:]} inom {count_words(made.days, one, many)} ({made.rule})"
