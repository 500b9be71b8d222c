"""Tesseract through its own program: a picture in, words with their place and confidence out."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ingest.documents.errors import UnreadableDocument

_MISSING = "Inte läst av maskin: Tesseract är inte installerat. Installera tesseract-ocr och tesseract-ocr-swe."
_FAILED = "Inte läst av maskin: textigenkänningen misslyckades."
_ROTATE = re.compile(r"^Rotate: (0|90|180|270)\s*$", re.MULTILINE)
_SURE = re.compile(r"^Orientation confidence: ([0-9.]+)\s*$", re.MULTILINE)
# One word a row: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
_COLUMNS = 12
_WORD_LEVEL = "5"


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word as Tesseract gives it: ``line`` and ``block`` tell lines and paragraphs apart; the box is in pixels."""

    text: str
    confidence: float
    block: tuple[int, int]
    line: tuple[int, int, int]
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program, the languages it is to read and the folder for its pictures."""

    program: str
    languages: Sequence[str]
    folder: Path

    def words(self, page: Image.Image) -> list[FoundWord]:
        """The words of an upright grey page, in reading order. Raises UnreadableDocument."""
        output = self._run(page, "-l", "+".join(self.languages), "--oem", "1", "--psm", "3", "tsv")
        return list(parse_tsv(output))

    def turn(self, page: Image.Image) -> int:
        """Degrees (0, 90, 180, 270) to turn the page clockwise so that it stands upright; 0 where nothing is sure."""
        try:
            said = self._run(page, "--psm", "0")
        except UnreadableDocument:
            return 0  # too few characters to tell, or no osd data installed
        rotate, sure = _ROTATE.search(said), _SURE.search(said)
        return int(rotate[1]) if rotate and sure and float(sure[1]) > 1 else 0

    def _run(self, page: Image.Image, *options: str) -> str:
        picture = self.folder / "page.png"
        page.save(picture, compress_level=1, dpi=(300, 300))
        command = [self.program, str(picture), "stdout", "--dpi", "300", *options]
        # One thread a page: with more, Tesseract spends most of its time waiting for itself.
        environ = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, capture_output=True, env=environ, check=False)  # noqa: S603 - no shell, own path
        if done.returncode:
            raise UnreadableDocument(_FAILED)
        return done.stdout.decode("utf-8", "replace")


def find_tesseract(program: str, wanted: Sequence[str], folder: Path) -> Tesseract:
    """The installed program with those of the wanted languages it knows. Raises UnreadableDocument."""
    path = shutil.which(program) if program else None
    if path is None:
        raise UnreadableDocument(_MISSING if program else "Inte läst av maskin: textigenkänning är avstängd.")
    listed = subprocess.run([path, "--list-langs"], capture_output=True, check=False)  # noqa: S603 - as above
    known = set(listed.stdout.decode("utf-8", "replace").split())
    languages = [language for language in wanted if language in known]
    if not languages:
        raise UnreadableDocument(_MISSING)
    return Tesseract(path, languages, folder)


def parse_tsv(output: str) -> Iterator[FoundWord]:
    """The words of Tesseract's TSV; rows that are none are passed over."""
    for row in output.splitlines():
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) == _COLUMNS and cells[0] == _WORD_LEVEL and cells[11].strip():
            _, _, block, paragraph, line, _, left, top, width, height = map(int, cells[:10])
            box = (left, top, width, height)
            yield FoundWord(cells[11].strip(), float(cells[10]), (block, paragraph), (block, paragraph, line), box)
