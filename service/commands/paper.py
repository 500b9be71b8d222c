"""``lyhord paper``: the sheet to lay between letters, what a document says, and documents read once more."""

import argparse
from pathlib import Path

from cases.errors import LyhordError
from cases.faults import os_words
from cases.ports import Store
from ingest.paper.limits import Limits
from ingest.paper.process import DocumentReader
from ingest.paper.splitting import separator_sheet
from service.commands.common import add_config, settings_of
from service.commands.opening import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of three things to do."""
    add_config(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="DOKUMENT", help="läs ett dokument och skriv vad där står")
    what.add_argument("--separator", type=Path, metavar="FIL.pdf", help="skriv skiljebladet att lägga mellan brev")
    what.add_argument(
        "--again", action="store_true", help="läs om det som ingen maskin kunde läsa, som när Tesseract installerats"
    )


def run(asked: argparse.Namespace) -> int:
    """Do what is asked for; status 1 where a document could not be read."""
    if asked.separator is not None:
        separator_sheet().save(_writable(asked.separator), "PDF", resolution=300)
        return 0
    if asked.again:
        with opened(settings_of(asked)) as house:
            print(f"{read_again(house.store)} dokument väntar på att läsas om.")
        return 0
    return _read(asked.file)


def read_again(store: Store) -> int:
    """Let every unread document wait once more; returns how many."""
    with store.begin() as tx:
        return tx.read_again()


def _writable(path: Path) -> Path:
    if path.suffix.lower() != ".pdf":
        raise LyhordError(f"Skiljebladet skrivs som PDF: ge filen {path.name} ändelsen .pdf.")
    return path


def _read(path: Path) -> int:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LyhordError(f"{path} går inte att läsa: {os_words(error)}.") from error
    read = DocumentReader(Limits()).read(content, "")
    print(read.text)
    for page in read.pages:
        unsure = [page.text[word.start : word.end] for word in page.words if word.unsure]
        if unsure:
            print(f"[sida {page.number}, osäkra ord: {', '.join(unsure)}]")
    if read.note:
        print(f"[{read.note}]")
    return 0 if read.machine_read else 1
