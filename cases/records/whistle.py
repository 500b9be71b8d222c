"""What a whistle-blower is to be told by law, by when, and whether they were.

Lag (2021:890) 5 kap. 8 §: 2, that the report has come in, within seven days, unless whoever reported has declined it or
it may reveal who they are; 3, to a reasonable extent what is done about it and why, within three months of that word
or, where none was given, of the seventh day. 7 kap. 8 §: personal data in such a case may be treated for two years
after its end. That hinders no authority from keeping an archive, and what it keeps is erased by its own decision alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cases.calendar import local_day, months_after
from cases.case import Case
from cases.journal import STATUS_TOLD, EventKind
from cases.letters.letter import INTERNAL, LetterKind

_CONFIRM_DAYS, _FEEDBACK_MONTHS, _KEPT_MONTHS = 7, 3, 24


class Told(StrEnum):
    """What whoever reported was told, or why they are not told that the report came."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REVEALING = "revealing"
    FEEDBACK = "feedback"
    ANSWERED = "answered"
    """An answer, which tells it too; one that was taken back before it left is none."""


TOLD_NAMES: dict[Told, str] = {
    Told.CONFIRMED: "Mottagandet är bekräftat",
    Told.DECLINED: "Mottagandet bekräftas inte: avsändaren har avsagt sig det",
    Told.REVEALING: "Mottagandet bekräftas inte: det kan avslöja vem som har skrivit",
    Told.FEEDBACK: "Återkoppling är lämnad",
}
"""What a person may note: as the page offers it, and as the line of the journal begins."""
TELLING = frozenset(LetterKind) - INTERNAL - {LetterKind.SEKRETESS_SAFE, LetterKind.FRAGA_UTANFOR}
"""The letters that say to their reader that theirs has come: the neutral one says nothing of it."""


def told_by(kind: EventKind, text: str) -> Told | None:
    """What a line of the journal says was told; a word of how it goes tells that the report came."""
    if kind is EventKind.ANSWERED:
        return Told.ANSWERED
    if kind is not EventKind.NOTE:
        return None
    if text.startswith(STATUS_TOLD):
        return Told.CONFIRMED
    return next((told for told, name in TOLD_NAMES.items() if text.startswith(f"{name}. ")), None)


@dataclass(frozen=True, slots=True)
class WhistleDays:
    """The last days of a case, and when each thing was told; ``spared`` is why no confirmation is given."""

    confirm_by: date
    feedback_by: date
    confirmed: date | None = None
    feedback: date | None = None
    spared: Told | None = None

    @property
    def confirm_waits(self) -> bool:
        """Whether somebody is still to be told that the report came."""
        return self.confirmed is None and self.spared is None and self.feedback is None

    @property
    def next_day(self) -> date | None:
        """The day of what is to be told next; None where all is told."""
        if self.feedback is not None:
            return None
        return self.confirm_by if self.confirm_waits else self.feedback_by


def whistle_days(case: Case, said: Iterable[tuple[Told, date]]) -> WhistleDays:
    """The days of a case whose sender was told this, each on that local day."""
    first: dict[Told, date] = {}
    for told, day in said:
        first[told] = min(day, first.get(told, day))
    confirm_by = local_day(case.received_at) + timedelta(days=_CONFIRM_DAYS)
    confirmed = first.get(Told.CONFIRMED)
    # A word that came late gives no longer time for the rest.
    begins = min(confirmed or confirm_by, confirm_by)
    spared = next((why for why in (Told.DECLINED, Told.REVEALING) if why in first), None)
    counts = (Told.FEEDBACK, Told.ANSWERED) if case.outcome else (Told.FEEDBACK,)
    feedback = min((first[told] for told in counts if told in first), default=None)
    return WhistleDays(confirm_by, months_after(begins, _FEEDBACK_MONTHS), confirmed, feedback, spared)


def kept_until(case: Case) -> date | None:
    """The last day its personal data may be treated unless it is kept as an archive; None before it is closed."""
    if case.closed_at is None or case.disposed_at is not None:
        return None
    return months_after(local_day(case.closed_at), _KEPT_MONTHS)
