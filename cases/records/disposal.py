"""The protocol of what was erased, which outlives it (arkivlagen 1990:782)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """What went with one case or with many: counts alone."""

    letters: int = 0
    files: int = 0
    letters_out: int = 0
    lines: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(
            self.letters + other.letters,
            self.files + other.files,
            self.letters_out + other.letters_out,
            self.lines + other.lines,
        )


@dataclass(frozen=True, slots=True)
class DisposalLine:
    """One case in the protocol: its numbers, when it came and ended. Nothing else of it is left."""

    number: str
    registry_number: str
    received: date
    ended: date


@dataclass(frozen=True, slots=True)
class Disposal:
    """A gallringsprotokoll: what was erased, by which rule and decision, when and by whom; it is kept for ever."""

    id: str
    at: datetime
    by: str
    rule_id: str
    rule: str
    decision: str
    lines: tuple[DisposalLine, ...]
    erased: Erased

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """What went, for a file: number, diary number, received and ended; or how many messages without a case."""
        if not self.lines:
            count = self.erased.letters
            return ((f"{count} {'meddelande' if count == 1 else 'meddelanden'} utan ärende", "", "", ""),)
        return tuple((d.number, d.registry_number, str(d.received), str(d.ended)) for d in self.lines)
