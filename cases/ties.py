"""How one case hangs on another: merged into it, or split from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cases.case import Case, CaseStatus
from cases.promises import PromiseKind


class TieKind(StrEnum):
    """How one case hangs on another."""

    MERGED = "merged"
    """Its letters are answered in the other case."""
    SPLIT = "split"
    """It is one matter of the other case's letter."""


@dataclass(frozen=True, slots=True)
class CaseTie:
    """One case hangs on another: ``was`` is where it stood before, ``dues`` when the other's promises were due then."""

    case_id: str
    other_id: str
    kind: TieKind
    was: CaseStatus
    at: datetime
    dues: Mapping[PromiseKind, date] = field(default_factory=dict)


def waits(case: Case) -> bool:
    """Whether a case's sender is to get the answer of the one it is merged into; until then that can be undone."""
    return case.status is CaseStatus.MERGED and case.outcome is None
