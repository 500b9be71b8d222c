"""What is put on paper: a letter to a citizen, and a case's documents as they are handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cases.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """A letter with what its head says. ``address`` are the lines in the window, the name first; it may be empty."""

    letter: Letter
    address: Sequence[str]
    day: date
    case_number: str
    registry_number: str = ""


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """One document handed out: heading, small facts under it, its text, and what was masked in it and why."""

    title: str
    facts: Sequence[tuple[str, str]]
    text: str
    masked: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of a list: heading, columns and rows."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class Press(Protocol):
    """Sets PDF/UA. The same bytes for the same content; text goes in as data and is never read as markup."""

    def letter(self, paper: PaperLetter) -> bytes:
        """The letter on A4, its address in the right window of a C5 or E65 envelope. Raises TypesettingError."""

    def document(self, document: PaperDocument, tables: Sequence[PaperTable] = ()) -> bytes:
        """A document that is handed out, tables after its text. Raises TypesettingError."""
