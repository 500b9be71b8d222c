"""The third stage: severity and flags of a letter from all that the heads and the wordings say of it, by one small net.

A line cannot tell what a flag owes to another: a child that comes to harm is *orosanmälan* from a neighbour and a
complaint from a parent about the school, a threat is *hot* unless somebody only quotes a film. The net hears every
score, how the areas and types share the letter among them, and which wordings stand in it; fitted on unseen scores.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.arrays import Array
from classifier.heads.solver import descend, each_of, softmax
from classifier.heads.weights import AREA_AT, FLAG_AT, SEVERITY_AT, TYPE_AT
from classifier.running import Run

JUDGED = slice(SEVERITY_AT.start, FLAG_AT.stop)
"""The outputs it judges anew."""
_NETS, _HIDDEN = 3, 64
"""Nets begun elsewhere err elsewhere: their mean is one net as wide as they are together."""
_PENALTY = 50.0
_STEPS = 100
_LEAST = 2000
"""With fewer letters it would learn nothing but how often each flag is there."""
_INNER = 3
_SURE = 1e-4
_FILE = "joint.npz"


@dataclass(frozen=True, slots=True)
class Joint:
    """``tanh(inputs @ inner + bias) @ outer + shift``, the inputs centred by ``mean`` and ``spread``."""

    mean: Array
    spread: Array
    inner: Array
    bias: Array
    outer: Array
    shift: Array

    def __call__(self, scores: Array, rules: Array) -> Array:
        """The scores with severity and flags judged anew; ``rules``: which wordings are there, (letters, flags)."""
        found = np.array(scores, np.float64)
        inputs = (_inputs(scores, rules) - self.mean) / self.spread
        found[:, JUDGED] = np.tanh(inputs @ self.inner + self.bias) @ self.outer + self.shift
        return found

    @classmethod
    def fit(cls, scores: Array, rules: Array, goals: Array, seed: int = 1, *, run: Run = map) -> "Joint | None":
        """From scores of letters unseen by the stages before, and their goals, both (letters, outputs).

        None where there are too few letters. ``run`` is `map`, or that of a pool: the nets are learnt side by side.
        """
        if len(scores) < _LEAST:
            return None
        inputs = _inputs(scores, rules)
        mean, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-6)
        seen, wanted = ((inputs - mean) / spread).astype(np.float32), goals[:, JUDGED]
        nets = run(lambda number: _descended(seen, wanted, seed + number), range(_NETS))
        inner, bias, outer, shift = zip(*nets, strict=True)
        return cls(mean, spread, np.hstack(inner), np.hstack(bias), np.vstack(outer) / _NETS, np.mean(shift, axis=0))

    def save(self, folder: Path) -> None:
        """Writes ``joint.npz``."""
        np.savez(folder / _FILE, allow_pickle=False, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, folder: Path) -> "Joint | None":
        """What `save` wrote; None where the model has none."""
        if not (folder / _FILE).is_file():
            return None
        with np.load(folder / _FILE) as found:
            return cls(*(found[name].astype(np.float64) for name in cls.__slots__))


def judged(joint: Joint | None, scores: Array, rules: Array) -> Array:
    """The scores as this stage leaves them; as they came where there is none."""
    return scores if joint is None else joint(scores, rules)


def cross_judged(scores: Array, rules: Array, goals: Array, seed: int = 1, *, run: Run = map) -> Array:
    """Every row judged by a `Joint` fitted on other rows: what calibration may be fitted on."""
    found, part = scores.copy(), np.random.default_rng(seed).integers(0, _INNER, len(scores))
    parts = [part == one for one in range(_INNER)]
    fitted = run(lambda held: Joint.fit(scores[~held], rules[~held], goals[~held], seed), parts)
    for held, joint in zip(parts, fitted, strict=True):
        found[held] = judged(joint, scores[held], rules[held])
    return found


def _inputs(scores: Array, rules: Array) -> Array:
    """Scores, the log-odds of each area and type among the others, and the wordings."""
    shares = np.hstack([softmax(scores[:, at]) for at in (AREA_AT, TYPE_AT)])
    odds = np.clip(shares, _SURE, 1 - _SURE)
    return np.hstack([scores, np.log(odds / (1 - odds)), rules])


def _descended(seen: Array, goals: Array, seed: int) -> list[Array]:
    """Inner and outer weights of one net with their constants, learnt by binary cross-entropy and a ridge."""
    (count, width), outputs = seen.shape, goals.shape[1]
    sizes = ((width, _HIDDEN), (_HIDDEN,), (_HIDDEN, outputs), (outputs,))
    ends = np.cumsum([np.prod(size) for size in sizes])

    def parts(values: Array) -> list[Array]:
        return [one.reshape(size) for one, size in zip(np.split(values, ends[:-1]), sizes, strict=True)]

    def slope(values: Array) -> tuple[float, Array]:
        inner, bias, outer, shift = parts(values)
        hidden = np.tanh(seen @ inner + bias)
        cost, back = each_of((hidden @ outer + shift).astype(np.float64), goals)
        back = (back / count).astype(np.float32)
        behind = (back @ outer.T) * (1 - hidden * hidden)
        pulls = seen.T @ behind + _PENALTY / count * inner, hidden.T @ back + _PENALTY / count * outer
        slopes = pulls[0], behind.sum(axis=0), pulls[1], back.sum(axis=0)
        ridge = 0.5 * _PENALTY * float((inner * inner).sum() + (outer * outer).sum())
        return (cost + ridge) / count, np.concatenate([one.ravel() for one in slopes])

    chance, start = np.random.default_rng(seed), np.zeros(ends[-1], np.float32)
    start[: ends[0]] = chance.normal(0, width**-0.5, ends[0])
    start[ends[1] : ends[2]] = chance.normal(0, 0.1 * _HIDDEN**-0.5, ends[2] - ends[1])
    return [one.astype(np.float64) for one in parts(descend(slope, start, _STEPS))]
