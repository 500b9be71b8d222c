"""Looks at what letters on paper need: folders one may read and write, and Tesseract with Swedish."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.paper import PaperSettings
from ingest.documents.errors import UnreadableDocument
from ingest.paper.limits import Limits
from ingest.paper.tesseract import find_tesseract
from service.checks.line import CheckLine

_NAME = "Brev på papper"
_INSTALL = "apt-get install tesseract-ocr tesseract-ocr-swe"


def check_paper(paper: PaperSettings, program: str = Limits().tesseract) -> Iterator[CheckLine]:
    """A line for each folder that is configured, and one for Tesseract: without it people read, which is no fault."""
    for key in ("drop_folder", "done_folder"):
        folder = getattr(paper, key)
        if folder != "":
            yield _folder(key, folder)
    yield _tesseract(program) if paper.tesseract else CheckLine(_NAME, True, "Tesseract är avstängt; människor läser")


def _folder(key: str, folder: Path) -> CheckLine:
    if not folder.is_dir():
        return CheckLine(_NAME, False, f"mappen {folder} finns inte", f"Skapa den, eller rätta paper.{key}.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return CheckLine(
            _NAME, False, f"mappen {folder} går inte att läsa och skriva i", "Ge Lyhörds användare rätt till den."
        )
    return CheckLine(_NAME, True, f"mappen {folder} går att läsa och skriva i")


def _tesseract(program: str) -> CheckLine:
    with tempfile.TemporaryDirectory(prefix="lyhord-") as folder:
        try:
            found = find_tesseract(program, Limits().languages, Path(folder))
        except UnreadableDocument:
            return CheckLine(_NAME, True, f"Tesseract saknas, så människor läser inskannade brev ({_INSTALL})")
    if "swe" in found.languages:
        return CheckLine(_NAME, True, "Tesseract är installerat, med svenska")
    return CheckLine(_NAME, False, "Tesseract saknar svenska och läser å, ä och ö fel", f"Installera: {_INSTALL}.")
