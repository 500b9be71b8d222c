"""What a simulated year leaves behind: plain facts, with no type or code of the engine, for the checker to judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from service.simulate.days import working


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that the mail server took over. ``case`` is a case number or empty; ``kind`` the name of its template."""

    at: datetime
    to: str
    case: str
    kind: str
    automatic: bool
    subject: str
    text: str
    message_id: str
    reply_to: str
    auto_submitted: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal."""

    at: datetime
    case: str
    actor: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A case as the world knows it. ``said_flags`` are the kinds the model raised; ``word`` stands in its letter."""

    number: str
    received_at: datetime
    sender: str
    anonymous: bool
    by_mail: bool
    serious: bool
    junk: bool
    machine: bool
    word: str
    said_flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outage:
    """The daemon or the mail server was down from ``since`` to ``until``."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody of the staff is away from ``first`` to ``last``, both included, and another stands in; by address."""

    who: str
    substitute: str
    first: date
    last: date
    named_at: datetime


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise as the profile writes it."""

    kind: str
    days: int
    counting: str
    rollover: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the profile says, read as text; ``chefs`` by the unit's name, ``labels`` each flag's words by its kind.

    ``closed`` are the municipality's own closing days; ``serious_minutes`` is None where no chef is told (R7).
    """

    promises: tuple[Promised, ...]
    delay_notice: bool
    delay_days: int
    opens: int
    closes: int
    chefs: Mapping[str, str]
    staff: frozenset[str]
    labels: Mapping[str, str]
    closed: frozenset[date] = frozenset()
    serious_minutes: int | None = 30

    def open(self, day: date) -> bool:
        """Whether letters leave by themselves that day."""
        return working(day) and day not in self.closed

    def open_until(self, day: date) -> date:
        """The day itself, or the last open one before it."""
        return next(one for n in count() if self.open(one := day - timedelta(days=n)))

    def open_after(self, day: date) -> date:
        """The first open day after it."""
        return next(one for n in count(1) if self.open(one := day + timedelta(days=n)))


@dataclass(frozen=True, slots=True)
class Compiled:
    """The figures of the year's compilation; a value None was withheld as too small."""

    total: int | None
    by_month: tuple[int | None, ...]
    by_unit: Mapping[str, int | None]
    in_time: Mapping[str, tuple[int | None, float | None, float | None]]
    answered: tuple[int | None, float | None]


@dataclass(frozen=True, slots=True)
class History:
    """Everything the checker gets."""

    rules: Rules
    facts: tuple[Fact, ...]
    letters: tuple[Left, ...]
    events: tuple[Event, ...]
    outages: tuple[Outage, ...]
    ended: datetime
    year: int
    compiled: Compiled | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The address of each member of staff by name."""
    handlers: frozenset[str] = frozenset()
    """The addresses of those who have cases in hand."""
    away: tuple[Away, ...] = ()
