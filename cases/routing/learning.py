"""What the model can learn from: letters that a person has routed, and how the suggestions fared; the store answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cases.routing.areas import Area
from cases.routing.suggestion import CaseType, Severity

AUTOMATIC = "system"
"""Stands in ``decided_by`` where nobody decided: the case was confirmed automatically."""


@dataclass(frozen=True, slots=True)
class ConfirmedLetter:
    """A letter labelled by the person who routed its case, with no flag on it.

    ``text`` is what the model saw of it, ``sender`` tells that two letters have one writer (empty for the anonymous),
    ``areas`` are those suggested, best first; ``unit_id`` and ``area`` what the person chose.
    """

    case_id: str
    sender: str
    decided_at: datetime
    text: str
    areas: tuple[Area, ...]
    unit_id: str
    area: Area
    type: CaseType
    severity: Severity
    language: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class RoutedCase:
    """How a case's first routing by a person compares with the suggestion; nothing of the letter."""

    decided_at: datetime
    suggested_unit: str
    unit_id: str
    none_fits: bool = False

    @property
    def agreed(self) -> bool:
        """Whether the person chose the suggested unit, and did not say that none of the suggested was right."""
        return self.suggested_unit == self.unit_id and not self.none_fits


@dataclass(frozen=True, slots=True)
class SuggestedArea:
    """The first area suggested for a new case, when, and how sure; nothing of the letter."""

    at: datetime
    area: Area
    confidence: float


class Learning(Protocol):
    """Read-only questions of what is learnt; none ever gives a whistle-blower's case."""

    def confirmed_letters(self, limit: int) -> Sequence[ConfirmedLetter]:
        """The first letters of unprotected cases whose last routing sent them to a unit and was a person's.

        The newest ``limit`` decisions, oldest first. What was no case, was merged or was split is not among them, nor
        what came back to be routed anew: its last routing was wrong.
        """

    def confirmed_cases(self) -> Collection[str]:
        """The ids of all cases `confirmed_letters` tells of: who is not among them any more is to be forgotten."""

    def routed_cases(self, since: datetime) -> Sequence[RoutedCase]:
        """The first routing by a person to a unit of each case that had a suggestion, decided since then."""

    def suggested_areas(self, since: datetime) -> Sequence[SuggestedArea]:
        """The first suggestion of each case, made since then, oldest first."""


@dataclass(frozen=True, slots=True)
class ChampionEvent:
    """One line of the champion's history.

    ``what`` is one of crowned, refused, rolled_back, forgotten, skipped; ``name`` the model's, empty for the shipped
    one; ``by`` a user id or ``system``; ``why`` is Swedish. ``scores`` are shares by name: locked, recent, before.
    """

    at: datetime
    what: str
    name: str
    by: str
    why: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelState:
    """Which model suggests now, and how it came to: for the desk and the command line.

    ``learns`` says whether local training is on, ``champion`` is the local model's name (empty for the shipped one),
    ``letters`` how many letters of the municipality it has learnt from; ``earlier`` what a rollback would lead to,
    None where there is nothing to go back from. ``history`` is newest first.
    """

    version: str
    learns: bool
    champion: str = ""
    letters: int = 0
    units: tuple[str, ...] = ()
    earlier: str | None = None
    history: tuple[ChampionEvent, ...] = ()


class ModelKeeper(Protocol):
    """Tells of the models and takes one back; nothing of any letter comes through it."""

    def state(self) -> ModelState:
        """How it stands now."""

    def rollback(self, by: str, now: datetime) -> str:
        """Go back to the champion before this one; says in Swedish what was done. Raises NotAllowed."""
