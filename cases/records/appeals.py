"""A decision not to hand out, or to turn down an appeal of one: when it was handed over, its three weeks, its appeal.

FL (2017:900) 37–39 §§ on changing it, 43–46 §§ on the appeal, OSL 6:7; a week to hand it on is what JO asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from cases.calendar import WorkingCalendar
from cases.records.courts import Court

_TIME = timedelta(weeks=3)
_HAND_ON = timedelta(weeks=1)


class Timely(StrEnum):
    """Whether an appeal came in time (FL 45 §)."""

    IN_TIME = "in_time"
    EXCUSED = "excused"
    """Late, but told wrongly how to appeal, or at the court in time: not to be turned down."""
    LATE = "late"


TIMELY_NAMES: dict[Timely, str] = {
    Timely.IN_TIME: "I rätt tid",
    Timely.EXCUSED: "För sent men ska inte avvisas: vi har upplyst fel om hur man överklagar, eller det kom till "
    "kammarrätten i tid",
    Timely.LATE: "För sent: det avvisas",
}


class Review(StrEnum):
    """What looking at the decision once more led to (FL 38 and 39 §§)."""

    STANDS = "stands"
    CHANGED = "changed"


REVIEW_NAMES: dict[Review, str] = {
    Review.STANDS: "Beslutet står fast",
    Review.CHANGED: "Beslutet är uppenbart fel och ändras",
}


class Stage(StrEnum):
    """What a decision waits for."""

    HAND_OVER = "hand_over"
    RUNS = "runs"
    OVER = "over"
    """Nobody appealed in time."""
    TRY = "try"
    REVIEW = "review"
    HAND_ON = "hand_on"
    AT_COURT = "at_court"
    TURNED_DOWN = "turned_down"


UNAPPEALED = (Stage.HAND_OVER, Stage.RUNS, Stage.OVER)
"""The stages of a decision that nobody has appealed, so that an appeal of it can be noted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """How far one decision has come; ``id`` and ``number`` are those of its paper.

    ``handed_over`` is the day who asked got it, ``how`` in words; ``appealed`` the day the appeal came in, and
    ``appeal_case`` the case it came as where that is another. ``ended`` is the day it was handed on or turned down.
    ``settled``: nothing of it is watched any more. ``turns_down`` is the decision whose appeal this one turned down as
    too late, which can be appealed as well; empty for a decision not to hand out.
    """

    id: str
    case_id: str
    number: int
    decided: date
    court: Court
    handed_over: date | None = None
    how: str = ""
    appealed: date | None = None
    appeal_case: str = ""
    timely: Timely | None = None
    review: Review | None = None
    ended: date | None = None
    settled: bool = False
    turns_down: str = ""

    @property
    def matter(self) -> str:
        """What was decided, after *att*."""
        return "avvisa ett överklagande" if self.turns_down else "inte lämna ut allmän handling"

    def last_day(self, calendar: WorkingCalendar) -> date | None:
        """The last day an appeal is in time: three weeks on, and on to the next working day (lag 1930:173 2 §)."""
        return calendar.roll_forward(self.handed_over + _TIME) if self.handed_over else None

    def hand_on_by(self, calendar: WorkingCalendar) -> date | None:
        """The day by which an appeal should be at the court: within a week, and never by way of a day off."""
        return max(self.appealed, calendar.roll_back(self.appealed + _HAND_ON)) if self.appealed else None

    def came_late(self, calendar: WorkingCalendar) -> bool:
        """Whether the appeal came after the last day; never where nobody knows when the three weeks began."""
        last = self.last_day(calendar)
        return last is not None and self.appealed is not None and self.appealed > last

    def stage(self, today: date, calendar: WorkingCalendar) -> Stage:
        """What it waits for."""
        if self.appealed is None:
            last = self.last_day(calendar)
            return Stage.HAND_OVER if last is None else Stage.RUNS if today <= last else Stage.OVER
        if self.ended is not None:
            return Stage.TURNED_DOWN if self.timely is Timely.LATE else Stage.AT_COURT
        return Stage.TRY if self.timely is None else Stage.REVIEW if self.review is None else Stage.HAND_ON


class Refusals(Protocol):
    """What the store knows of decisions not to hand out. Ask for the case as a viewer first."""

    def save_refused(self, refused: Refused) -> None:
        """Keep how far a decision has come, in place of what was kept of it before."""

    def refused_of(self, case_id: str) -> Sequence[Refused]:
        """The decisions of a case, the first one first."""

    def refused_watched(self) -> Sequence[Refused]:
        """Every decision that is not settled, of all cases, the first one first."""
