"""The second stage: what all heads say of a letter corrects area, type and severity; fitted on unseen scores.

The first stage pulls rare outputs too far down, and its heads know nothing of each other (praise is seldom serious,
worry for a child seldom a matter of streets). Flags stay as they are: `classifier.heads.joint` judges them.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from classifier.arrays import Array
from classifier.heads.folds import stratified_folds
from classifier.heads.solver import Loss, each_of, one_of
from classifier.heads.weights import AREA_AT, OUTPUTS, SEVERITY_AT, TYPE_AT
from classifier.running import Run

_HEADS: tuple[tuple[slice, Loss], ...] = ((AREA_AT, one_of), (TYPE_AT, one_of), (SEVERITY_AT, each_of))
# How dear it is to listen to other outputs, to stretch an output's own score, and to shift it.
_OTHERS, _STRETCH, _SHIFT = 1e4, 20.0, 2.0
_STEPS = 60
_INNER = 3


@dataclass(frozen=True, slots=True)
class Mix:
    """Scores into better scores: ``scores @ matrix + shift``, shapes (outputs, outputs) and (outputs,)."""

    matrix: Array
    shift: Array

    def __call__(self, scores: Array) -> Array:
        return np.asarray(scores @ self.matrix + self.shift)

    @classmethod
    def fit(cls, scores: Array, goals: Array) -> "Mix":
        """``scores`` of letters unseen by the first stage, ``goals`` what each output is asked; (letters, outputs)."""
        mean, spread = scores.mean(axis=0), np.maximum(scores.std(axis=0), 1e-9)
        seen = (scores - mean) / spread
        matrix, shift = np.eye(OUTPUTS), np.zeros(OUTPUTS)
        for at, loss in _HEADS:
            stretch, own, others = _fit(scores[:, at], seen, goals[:, at], loss)
            matrix[:, at] = others / spread[:, None]
            matrix[at, at] += np.diag(stretch)
            shift[at] = own - (mean / spread) @ others
        return cls(matrix, shift)


def _fit(scores: Array, seen: Array, goals: Array, loss: Loss) -> tuple[Array, Array, Array]:
    """Stretch and shift of each output, and the weights of all outputs on it."""
    count, outputs = scores.shape

    def slope(values: Array) -> tuple[float, Array]:
        stretch, shift, others = values[:outputs], values[outputs : 2 * outputs], values[2 * outputs :]
        others = others.reshape(-1, outputs)
        cost, back = loss(scores * stretch + shift + seen @ others, goals)
        pulls = (_STRETCH * (stretch - 1), _SHIFT * shift, _OTHERS * others)
        cost += 0.5 * float((pulls[0] * (stretch - 1)).sum() + (pulls[1] * shift).sum() + (pulls[2] * others).sum())
        slopes = ((back * scores).sum(axis=0), back.sum(axis=0), seen.T @ back)
        return cost / count, np.concatenate([(a + b).ravel() for a, b in zip(slopes, pulls, strict=True)]) / count

    start = np.concatenate([np.ones(outputs), np.zeros(outputs + seen.shape[1] * outputs)])
    found = minimize(slope, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return found[:outputs], found[outputs : 2 * outputs], found[2 * outputs :].reshape(-1, outputs)


def cross_mixed(scores: Array, goals: Array, seed: int = 1, *, run: Run = map) -> Array:
    """Every row mixed by a `Mix` fitted on other rows: what calibration may be fitted on."""
    found, rows = scores.copy(), np.arange(len(scores))
    folds = stratified_folds([str(at) for at in goals[:, AREA_AT].argmax(axis=1)], _INNER, seed)
    rests = [np.setdiff1d(rows, held) for held in folds]
    fitted = run(lambda rest: Mix.fit(scores[rest], goals[rest]), rests)
    for held, mix in zip(folds, fitted, strict=True):
        found[held] = mix(scores[held])
    return found
