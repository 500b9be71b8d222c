"""``lyhord train``: build the model from the shipped letters."""

import argparse
import json
import logging
from pathlib import Path

from classifier.build import build
from classifier.model import DEFAULT_FOLDER, MANIFEST
from classifier.training import LETTERS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Letters in, folder out."""
    parser.add_argument("--letters", type=Path, default=LETTERS, help="träningsbrev, JSONL")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="modellens mapp")
    parser.add_argument("--seed", type=int, default=1, help="slumpfrö")
    parser.add_argument("--if-missing", action="store_true", help="bara om det inte redan finns en modell")


def run(asked: argparse.Namespace) -> int:
    """Train and print the scores."""
    if asked.if_missing and (asked.out / MANIFEST).is_file():
        return 0
    # onnxruntime's quantiser advises a step that our graph, written whole by ourselves, has no use for.
    logging.disable(logging.WARNING)
    manifest = build(asked.out, asked.letters, seed=asked.seed)
    print(json.dumps(manifest.get("scores", {}), ensure_ascii=False, indent=2))
    return 0
