"""``python -m classifier.tuning``: tunes the encoder once to all letters, and once to each part's others.

The locked tenth (`classifier.local.contest`) is never learnt from: it must stay fair to judge local models by.
Writes what the model is built with into ``classifier/letters/tuned``; build the model anew afterwards
(``lyhord train``). Needs the extras ``build`` and ``tune``, a built model (for its word table), and 10 GB of memory.
"""

import argparse
import json
import logging
import sys
from pathlib import Path

import numpy as np

from classifier.arrays import Array
from classifier.encoder.folder import SETTINGS
from classifier.encoder.pieces import PieceTokenizer
from classifier.encoder.weights import Weights
from classifier.folder import DEFAULT_FOLDER, LETTERS
from classifier.heads.folds import source_folds
from classifier.heads.labels import TrainingLetter, all_targets, read_letters
from classifier.heads.tuned import ENCODER, TUNED, save_unseen
from classifier.local.contest import is_locked
from classifier.text import readable
from classifier.tuning.lesson import Lower, tune
from classifier.tuning.net import Net

_log = logging.getLogger(__name__)
PARTS = 3
"""Of the sources; what is told of a letter comes from a net that was tuned without its part."""
_LONGEST = 160
"""Pieces of a letter that are read when tuning: its beginning and its end."""


def word_rows(letters: list[TrainingLetter], encoder: Path) -> list[Array]:
    """Each letter's word rows as the built encoder has them, float32, shape (pieces, d)."""
    pieces = PieceTokenizer.load(encoder)
    words, scales = np.load(encoder / "words.npy", mmap_mode="r"), np.load(encoder / "word_scales.npy")
    settings = json.loads((encoder / SETTINGS).read_text(encoding="utf-8"))
    prefix = [number for number, _, _ in pieces.encode(str(settings["prefix"]))]
    found = []
    for letter in letters:
        ids = [number for number, _, _ in pieces.encode(readable(letter.text))]
        if len(ids) > _LONGEST:
            first = _LONGEST * 5 // 8
            ids = [*ids[:first], *ids[first - _LONGEST :]]
        row = [settings["begin"], *prefix, *ids, settings["end"]]
        found.append((words[row] * scales[row]).astype(np.float32))
    return found


def main(arguments: list[str]) -> int:
    """Tunes and writes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--letters", type=Path, default=LETTERS)
    asked.add_argument("--encoder", type=Path, default=DEFAULT_FOLDER / "embedding")
    asked.add_argument("--out", type=Path, default=TUNED)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    letters, weights = read_letters(given.letters), Weights.installed()
    goals, open_ones = all_targets(letters), np.flatnonzero([not is_locked(letter.id) for letter in letters])
    lower = Lower.read(Net(weights), word_rows(letters, given.encoder))
    unseen = np.zeros_like(goals)
    for number, held in enumerate(source_folds([letter.source for letter in letters], PARTS), 1):
        _log.info("part %d of %d: %d letters held out", number, PARTS, len(held))
        net = tune(weights, lower, goals, np.setdiff1d(open_ones, held), seed=given.seed)
        unseen[held] = net.scores(lower.vectors(net, held)).detach().numpy()
    _log.info("all %d letters", len(open_ones))
    net = tune(weights, lower, goals, open_ones, seed=given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    net.tuning().save(given.out / ENCODER)
    net.own_head().save(given.out)
    save_unseen(given.out, [letter.text for letter in letters], unseen)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
