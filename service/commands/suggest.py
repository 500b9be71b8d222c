"""``lyhord suggest FILE.jsonl``: suggestions for letters given as JSON lines."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from cases.errors import NotFound
from cases.routing.suggestion import Classifier
from classifier.cli_io import decoded, suggest_jsonl
from classifier.folder import DEFAULT_FOLDER
from service.late import read_model


def arguments(parser: argparse.ArgumentParser) -> None:
    """The letters and the model."""
    parser.add_argument("file", metavar="FIL", help="rader med {id, subject, body}, eller - för standard in")
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER, metavar="MAPP", help="modellens mapp")


def run(asked: argparse.Namespace) -> int:
    """Print one JSON object for each letter."""
    if asked.file == "-":
        return _print(sys.stdin.buffer, read_model(asked.model))
    if not Path(asked.file).is_file():
        raise NotFound(f"{asked.file} finns inte. Ange en fil med ett brev på varje rad, eller -.")
    with Path(asked.file).open("rb") as lines:
        return _print(lines, read_model(asked.model))


def _print(lines: Iterable[bytes], model: Classifier) -> int:
    for line in suggest_jsonl(decoded(lines), model):
        print(line)
    return 0
