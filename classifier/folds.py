"""Ways to hold letters out: stratified folds, and one source at a time."""

from collections.abc import Sequence

import numpy as np

from classifier.arrays import Array


def stratified_folds(labels: Sequence[str], count: int, seed: int) -> list[Array]:
    """``count`` sets of row numbers, each with every label in proportion. Same seed, same folds."""
    chance = np.random.default_rng(seed)
    place = np.zeros(len(labels), np.int64)
    offset = 0
    for label in sorted(set(labels)):
        rows = chance.permutation([i for i, x in enumerate(labels) if x == label])
        place[rows] = (np.arange(len(rows)) + offset) % count
        offset += len(rows)
    return [np.flatnonzero(place == fold) for fold in range(count)]


def source_folds(sources: Sequence[str]) -> list[Array]:
    """One set of row numbers per source."""
    names = np.array(sources)
    return [np.flatnonzero(names == name) for name in sorted(set(sources))]
