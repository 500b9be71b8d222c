"""Ways to hold letters out: stratified folds, and whole sources."""

from collections import Counter
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


def source_folds(sources: Sequence[str], count: int | None = None) -> list[Array]:
    """One set of row numbers per source; with ``count`` so many sets of about one size, each of whole sources.

    A writer's manner gives labels away, so what is told of a letter must come from what never saw its source.
    """
    sizes = sorted(((size, name) for name, size in Counter(sources).items()), reverse=True)
    parts: list[set[str]] = [set() for _ in range(count or len(sizes))]
    filled = [0] * len(parts)
    for size, name in sizes:
        least = filled.index(min(filled))
        parts[least].add(name)
        filled[least] += size
    return [np.flatnonzero([source in part for source in sources]) for part in parts]
