"""Reminders that people ask for themselves, with a note in the journal that says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wish:
    """That ``user_id`` wants to be reminded of a case on a local day.

    ``note_id`` is the line of the journal of a note, or of a question to somebody outside, whose letter has its
    id.
    """

    note_id: str
    case_id: str
    user_id: str
    day: date


class Wishes(Protocol):
    """The reminders asked for in the store."""

    def add_wish(self, wish: Wish) -> None:
        """Keep it, in place of what the same note asked for before."""

    def wishes_of(self, case_id: str) -> Sequence[Wish]:
        """What is still to come in a case, the nearest day first."""

    def wishes_due(self, until: date) -> Sequence[Wish]:
        """What of all cases is for this day or one before it, the oldest first."""

    def end_wish(self, case_id: str, note_id: str) -> bool:
        """Forget one that was met or is wanted no more; False, on whatever machine, where it was gone already."""
