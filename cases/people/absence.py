"""A person is away for some days, and another named one stands in: what is kept, and what is asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from cases.people.access import User


@dataclass(frozen=True, slots=True)
class Absence:
    """``user_id`` is away from ``first_day`` to ``last_day``, both included, and ``substitute_id`` stands in."""

    id: str
    user_id: str
    substitute_id: str
    first_day: date
    last_day: date
    made_by: str
    made_at: datetime


class Absences(Protocol):
    """Who is away and who stands in, and what somebody has in hand."""

    def add_absence(self, absence: Absence) -> None:
        """Keep it."""

    def absence(self, absence_id: str) -> Absence:
        """One of them. Raises NotFound."""

    def absences(self, since: date, user_id: str = "") -> Sequence[Absence]:
        """Those that end on that day or later, of one person or of all, the first to begin first."""

    def end_absence(self, absence_id: str, last_day: date) -> None:
        """Let it end on that day; one that then never began is forgotten."""

    def substitutes(self, email: str, day: date) -> Sequence[User]:
        """The active people who stand in that day for whoever has this address (case-insensitive), by name."""

    def in_hand(self, user_id: str) -> Sequence[str]:
        """Ids of the cases that a person has in hand and that have not ended, the oldest first."""

    def count_in_hand(self, user_ids: Sequence[str]) -> Mapping[str, int]:
        """How many such cases each of these has; who has none is left out."""

    def of_unit(self, unit_id: str) -> Sequence[str]:
        """Ids of every case of a unit, ended or not, the oldest first."""


class Hallmarks(Protocol):
    """Tags on cases (R23)."""

    def hallmarks(self, case_id: str) -> Sequence[str]:
        """The tags of a case, in alphabetical order."""

    def set_hallmarks(self, case_id: str, names: Sequence[str]) -> None:
        """Give a case these tags and no others."""
