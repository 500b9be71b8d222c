"""Standard texts: sentences that those who answer write again and again, kept once and put into a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StandardText:
    """One of them: ``unit_id`` is the unit whose cases it is offered in, empty for every unit's."""

    id: str
    unit_id: str
    name: str
    text: str
    changed_at: datetime
    changed_by: str


class StandardTexts(Protocol):
    """The standard texts in the store."""

    def standard_texts(self) -> Sequence[StandardText]:
        """All of them, by name."""

    def save_standard_text(self, text: StandardText) -> None:
        """Keep it, in place of what its id had before."""

    def erase_standard_text(self, text_id: str) -> None:
        """Forget it; letters that were written with it keep their words."""
