"""``lyhord evaluate``: cross-validate the classifier on its training letters and print the figures."""

import argparse
from pathlib import Path

from classifier.evaluation import evaluate, evaluate_kept
from classifier.folder import DEFAULT_FOLDER, LETTERS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Letters, and how thoroughly."""
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="FIL", help="träningsbrev, JSONL")
    parser.add_argument(
        "--model", type=Path, default=DEFAULT_FOLDER, metavar="MAPP", help="modellens mapp, för språkmodellen"
    )
    parser.add_argument("--folds", type=int, default=5, metavar="ANTAL", help="delar")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--repeats", type=int, default=2, metavar="ANTAL", help="omgångar")
    how.add_argument(
        "--kept", action="store_true", help="räkna på det som sparades när modellen byggdes: minuter, och inget lärs"
    )
    parser.add_argument(
        "--source-parts",
        type=int,
        metavar="ANTAL",
        help="lämna bort källorna i så många delar i stället för en i taget (går fortare)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="TAL", help="slumpfrö")


def run(asked: argparse.Namespace) -> int:
    """Print the table; takes minutes, or an hour or two."""
    encoder = asked.model / "embedding"
    if asked.kept:
        found = evaluate_kept(asked.letters, encoder=encoder, seed=asked.seed, folds=asked.folds)
    else:
        found = evaluate(
            asked.letters,
            encoder=encoder,
            seed=asked.seed,
            folds=asked.folds,
            repeats=asked.repeats,
            source_parts=asked.source_parts,
        )
    print(found.table())
    return 0
