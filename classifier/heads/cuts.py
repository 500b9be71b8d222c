"""Where each flag is cut: how likely it must be before it is raised."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import logit

from cases.routing.flags import FlagKind
from classifier.arrays import Array
from classifier.heads.solver import sigmoid

_GRID = np.geomspace(0.0005, 0.9, 300)
_CRITICAL = {FlagKind.SKYDDAD_IDENTITET, FlagKind.OROSANMALAN, FlagKind.HOT_VALD}
# What is asked of a flag (issue 4); a cut that gives both within _NEAR is put where it is safest from missing either:
# each told in how far chance alone moves it, since a flag's few letters leave its precision twice as loose.
_RECALL, _RECALL_CRITICAL, _PRECISION = 0.90, 0.95, 0.60
_NEAR = 0.02
# Else a miss costs more than a false alarm: F2. More yet (F3) where a life may hang on it, and where a false alarm only
# masks a name.
_BETA, _BETA_DEAR = 2.0, 3.0
_DEAR = {*_CRITICAL, FlagKind.ANSTALLD_UTPEKAD, FlagKind.TREDJE_MAN}
# Below this precision registrators stop believing a flag; where a miss can cost a life, more false alarms are borne.
_LEAST, _LEAST_CRITICAL = 0.45, 0.33
_STIFF = 1e-3


def flag_cut(kind: FlagKind, chances: Array, truth: Array) -> float:
    """The threshold that gives what is asked of a flag, as far as a registrator's patience goes.

    ``chances`` and ``truth``, shape (letters,), are of letters as they come to a mailbox that the model had not seen.
    A flag is rare there, and counting its few letters one by one would put the cut where chance put them. So what
    is counted is how often letters of such a score have the flag (`_smoothed`).
    """
    there = _smoothed(chances, truth > 0)
    found = np.array([there[chances >= cut].sum() for cut in _GRID])
    raised = np.array([(chances >= cut).sum() for cut in _GRID])
    recall, precision = found / max(there.sum(), 1e-9), found / np.maximum(raised, 1)
    critical = kind in _CRITICAL
    asked = _RECALL_CRITICAL if critical else _RECALL
    over, above = recall - asked, precision - _PRECISION
    if np.minimum(over, above).max() >= -_NEAR:
        return _first_best(np.minimum(over / _chance(asked, there.sum()), above / _chance(_PRECISION, raised)))
    merit = _merit(precision, recall, _BETA_DEAR if kind in _DEAR else _BETA)
    return _first_best(merit + (precision >= (_LEAST_CRITICAL if critical else _LEAST)))


def _smoothed(chances: Array, there: Array) -> Array:
    """How likely the flag is at each chance: a straight line in log-odds, fitted to them all."""
    odds = logit(np.clip(chances, 1e-9, 1 - 1e-9))

    def on(line: Array) -> Array:
        return np.asarray(line[0] * odds + line[1])

    def cost(line: Array) -> float:
        scores = on(line)
        return float((np.logaddexp(0.0, scores) - there * scores).sum() + _STIFF * (line**2).sum())

    return sigmoid(on(minimize(cost, [1.0, 0.0], method="Nelder-Mead").x))


def _chance(share: float, letters: Array) -> Array:
    """How far a share counted in so many letters lies from the true one by chance: one standard error."""
    return np.sqrt(share * (1 - share) / np.maximum(letters, 1))


def _merit(precision: Array, recall: Array, beta: float) -> Array:
    return np.asarray((1 + beta**2) * precision * recall / np.maximum(beta**2 * precision + recall, 1e-9))


def _first_best(worth: Array) -> float:
    """The highest of the thresholds that are worth most."""
    return float(_GRID[np.flatnonzero(worth >= worth.max() - 1e-12)[-1]])


def severity_cut(chances: Array, truth: Array) -> float:
    """The threshold with the fewest errors."""
    return float(max(_GRID, key=lambda cut: float(((chances >= cut) == (truth > 0)).mean())))
