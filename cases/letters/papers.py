"""Decisions and letters on paper that an authority makes in a case beside its mail, kept as they were handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cases.letters.press import PaperDocument


class PaperKind(StrEnum):
    """What a kept paper is."""

    REFUSAL = "refusal"
    TURNED_DOWN = "turned_down"
    CHANGED = "changed"
    HANDED_ON = "handed_on"


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """One handling of the authority's own: its number among those of the case, who made it, and all that stands in it.

    It is set anew from ``paper`` each time it is fetched. ``by`` is a user id.
    """

    id: str
    case_id: str
    number: int
    kind: PaperKind
    at: datetime
    by: str
    paper: PaperDocument

    @property
    def text(self) -> str:
        """Heading, facts and text as plain text, as the archive gets it."""
        facts = "\n".join(f"{name}: {value}" for name, value in self.paper.facts)
        return f"{self.paper.title}\n\n{facts}\n\n{self.paper.text}"


class Papers(Protocol):
    """What the store knows of kept papers; those of a case stand in its `CaseFile`."""

    def add_paper(self, paper: KeptPaper) -> None:
        """Keep it; it is never changed, and goes with the rest of the case when that is erased."""

    def papers_of(self, case_id: str) -> Sequence[KeptPaper]:
        """Those of a case, the first one first. Ask for the case as a viewer first."""
