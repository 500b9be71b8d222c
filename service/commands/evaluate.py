"""``lyhord evaluate``: cross-validate the classifier on its training letters and print the figures."""

import argparse
from pathlib import Path

from classifier.evaluation import evaluate
from classifier.model import DEFAULT_FOLDER
from classifier.training import LETTERS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Letters, and how thoroughly."""
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="FIL", help="träningsbrev, JSONL")
    parser.add_argument(
        "--model", type=Path, default=DEFAULT_FOLDER, metavar="MAPP", help="modellens mapp, för språkmodellen"
    )
    parser.add_argument("--folds", type=int, default=5, metavar="ANTAL", help="delar")
    parser.add_argument("--repeats", type=int, default=2, metavar="ANTAL", help="omgångar")
    parser.add_argument(
        "--source-parts",
        type=int,
        metavar="ANTAL",
        help="lämna bort källorna i så många delar i stället för en i taget (går fortare)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="TAL", help="slumpfrö")


def run(asked: argparse.Namespace) -> int:
    """Print the table; takes minutes."""
    found = evaluate(
        asked.letters,
        encoder=asked.model / "embedding",
        seed=asked.seed,
        folds=asked.folds,
        repeats=asked.repeats,
        source_parts=asked.source_parts,
    )
    print(found.table())
    return 0
