"""``lyhord suggest FILE.jsonl``: suggestions for letters given as JSON lines."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from cases.errors import NotFound
from classifier import SpacyClassifier
from classifier.cli_io import suggest_jsonl
from classifier.model import DEFAULT_FOLDER


def arguments(parser: argparse.ArgumentParser) -> None:
    """The letters and the model."""
    parser.add_argument("file", help="rader med {id, subject, body}, eller - för standard in")
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER, help="modellens mapp")


def run(asked: argparse.Namespace) -> int:
    """Print one JSON object for each letter."""
    model = SpacyClassifier.load(asked.model)
    if asked.file == "-":
        return _print(sys.stdin, model)
    if not Path(asked.file).is_file():
        raise NotFound(f"{asked.file} finns inte. Ange en fil med ett brev på varje rad, eller -.")
    with Path(asked.file).open(encoding="utf-8") as lines:
        return _print(lines, model)


def _print(lines: Iterable[str], model: SpacyClassifier) -> int:
    for line in suggest_jsonl(lines, model):
        print(line)
    return 0
