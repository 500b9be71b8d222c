"""Units that answer for no area, told from a letter's meaning and its areas; learnt from confirmations alone.

A ridge regression from the embedding and the area probabilities to the units, with every other letter as one class
more. It only ever adds a unit beside the ranked areas; those it never touches.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.arrays import Array
from classifier.heads.labels import AREAS
from classifier.local.letters import LEAST_SENDERS

LEAST_LETTERS = 8
"""A unit is learnt once so many letters, of at least `LEAST_SENDERS` senders, were sent to it."""
LEAST_PRECISION = 0.9
_LEAST_HITS = 5
_PENALTIES = (0.1, 1.0, 10.0)
UNITS_FILE = "units.npz"


@dataclass(frozen=True, slots=True)
class UnitExample:
    """What the head sees of a letter: its embedding (d,), its area probabilities (areas,), and whose it was."""

    vector: Array
    areas: Array
    unit_id: str
    sender: str


def learnable(examples: Sequence[UnitExample]) -> tuple[str, ...]:
    """The units with letters enough, of senders enough; an empty unit id is every other letter."""
    senders = defaultdict[str, list[str]](list)
    for example in examples:
        senders[example.unit_id].append(example.sender)
    enough = (u for u, s in senders.items() if u and len(s) >= LEAST_LETTERS and len(set(s)) >= LEAST_SENDERS)
    return tuple(sorted(enough))


@dataclass(frozen=True, slots=True)
class UnitHead:
    """The learnt units. ``weights`` has shape (features, units + 1), the last column every other letter.

    ``cuts`` and ``sure`` say for each unit by how much it must lead, and how often it is right then.
    """

    units: tuple[str, ...]
    weights: Array
    cuts: Array
    sure: Array

    def suggest(self, vector: Array, areas: Array) -> tuple[str, float]:
        """The unit this letter is likely for and how likely; empty and nought where it is none of these."""
        scores = _features([vector], [areas]) @ self.weights
        unit, lead = _lead(scores)
        at = int(unit[0])
        if at == len(self.units) or lead[0] < self.cuts[at]:
            return "", 0.0
        return self.units[at], float(self.sure[at])

    @classmethod
    def learn(cls, examples: Sequence[UnitExample]) -> "UnitHead | None":
        """The head, judged with every letter left out in turn; None where no unit can be told well enough.

        A unit is suggested only beyond the lead at which at least `LEAST_PRECISION` of such letters were its own.
        """
        units = learnable(examples)
        if not units or all(example.unit_id in units for example in examples):
            return None
        truth = np.array([units.index(e.unit_id) if e.unit_id in units else len(units) for e in examples])
        rows = _features([e.vector for e in examples], [e.areas for e in examples])
        tried = [_fit(rows, truth, len(units) + 1, penalty) for penalty in _PENALTIES]
        weights, unseen = max(tried, key=lambda one: float((_lead(one[1])[0] == truth).mean()))
        cuts = [_cut(unseen, truth, at) for at in range(len(units))]
        good = [at for at, (cut, _) in enumerate(cuts) if np.isfinite(cut)]
        if not good:
            return None
        limits, sure = (np.array([cuts[at][i] for at in range(len(units))]) for i in (0, 1))
        return cls(units, weights, limits, sure)

    @property
    def told(self) -> tuple[str, ...]:
        """The units it can suggest."""
        return tuple(unit for unit, cut in zip(self.units, self.cuts, strict=True) if np.isfinite(cut))

    def save(self, folder: Path) -> None:
        """Write ``units.npz``."""
        names = np.array(self.units)
        np.savez(
            folder / UNITS_FILE, allow_pickle=False, units=names, weights=self.weights, cuts=self.cuts, sure=self.sure
        )

    @classmethod
    def load(cls, folder: Path) -> "UnitHead | None":
        """What `save` wrote, None where there is none."""
        if not (folder / UNITS_FILE).is_file():
            return None
        with np.load(folder / UNITS_FILE) as found:
            return cls(tuple(map(str, found["units"])), found["weights"], found["cuts"], found["sure"])


def _features(vectors: Sequence[Array], areas: Sequence[Array]) -> Array:
    """Embedding, square roots of the areas' probabilities, and a constant; shape (letters, features)."""
    return np.hstack([np.array(vectors, np.float64), np.sqrt(np.array(areas)), np.ones((len(vectors), 1))])


def _fit(rows: Array, truth: Array, classes: int, penalty: float) -> tuple[Array, Array]:
    """Ridge weights, each class weighing as much as any other, and the scores of each letter when it is left out.

    The latter in closed form: (prediction - h·target) / (1 - h), with h the letter's leverage.
    """
    targets = np.eye(classes)[truth]
    weigh = 1 / (np.bincount(truth, minlength=classes)[truth] * classes)
    inner = (rows * weigh[:, None]).T @ rows + penalty / len(rows) * np.eye(rows.shape[1])
    weights = np.linalg.solve(inner, (rows * weigh[:, None]).T @ targets)
    leverage = np.minimum(weigh * np.einsum("ij,ji->i", rows, np.linalg.solve(inner, rows.T)), 1 - 1e-9)
    return weights, (rows @ weights - leverage[:, None] * targets) / (1 - leverage)[:, None]


def _lead(scores: Array) -> tuple[Array, Array]:
    """The best class of each letter and its lead over the next."""
    order = np.sort(scores, axis=1)
    return scores.argmax(axis=1), order[:, -1] - order[:, -2]


def _cut(unseen: Array, truth: Array, at: int) -> tuple[float, float]:
    """The least lead with precision enough, and that precision (with one doubt on each side); infinite where none."""
    best, lead = _lead(unseen)
    mine = np.flatnonzero(best == at)
    order = mine[np.argsort(-lead[mine], kind="stable")]
    hits = np.cumsum(truth[order] == at)
    precision = hits / np.arange(1, len(order) + 1)
    good = np.flatnonzero((precision >= LEAST_PRECISION) & (hits >= _LEAST_HITS))
    if not len(good):
        return float("inf"), 0.0
    last = int(good[-1])
    return float(lead[order[last]]), float((hits[last] + 1) / (last + 3))


def area_row(ranked: dict[str, float]) -> Array:
    """Area probabilities in the fixed order of the areas, from their ids."""
    return np.array([ranked.get(area.value, 0.0) for area in AREAS])
