"""How much of one document is read at most, so that no file can take the machine with it."""

from dataclasses import dataclass

MAX_RESULT_BYTES = 100_000_000
"""Bytes of all that one reading may leave behind: text and pictures."""

MAX_TEXT_CHARS = 1_000_000
"""Characters of a document's text; the rest is left in the file."""

PICTURE_WIDTH = 1240
"""Pixels across the picture shown to the reader: an A4 page at 150 dots an inch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Pages and pixels (of one page) that are read, wall seconds, and bytes of memory the reading may take.

    ``tesseract`` is the program's name or path; empty means that scans are left to people.
    """

    pages: int = 30
    pixels: int = 40_000_000
    seconds: float = 120.0
    memory: int = 1_000_000_000
    tesseract: str = "tesseract"
    languages: tuple[str, ...] = ("swe", "eng")
