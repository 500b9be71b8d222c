"""Scores into promises: temperatures and thresholds, fitted on scores of letters the model had not seen."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from cases.areas import Area
from cases.flags import FlagKind
from cases.suggestion import CaseType, Severity
from classifier.arrays import Array
from classifier.labels import AREAS, FLAGS, SEVERITIES, TYPES
from classifier.solver import sigmoid, softmax
from classifier.weights import AREA_AT, FLAG_AT, SEVERITY_AT, TYPE_AT, Calibration

_GRID = np.geomspace(0.005, 0.9, 240)
_CRITICAL = {FlagKind.SKYDDAD_IDENTITET, FlagKind.OROSANMALAN, FlagKind.HOT_VALD}
# The recall asked of a flag; where it is to be had at this precision, there is nothing to weigh.
_GOAL, _GOAL_CRITICAL = 0.90, 0.95
_GENEROUS = 0.6
# Else a miss costs more than a false alarm: F2. More yet (F3) where a life may hang on it, and where a false alarm only
# masks a name. Not for threats, though a life may hang on them too: that flag holds even the receipt.
_BETA, _BETA_DEAR = 2.0, 3.0
_DEAR = {FlagKind.SKYDDAD_IDENTITET, FlagKind.OROSANMALAN, FlagKind.ANSTALLD_UTPEKAD, FlagKind.TREDJE_MAN}
# Below this precision registrators stop believing a flag; where a miss can cost a life, more false alarms are borne.
_LEAST, _LEAST_CRITICAL = 0.45, 0.33


@dataclass(frozen=True, slots=True)
class Reading:
    """What the heads make of one letter."""

    areas: dict[Area, float]
    type: CaseType
    type_confidence: float
    severity: Severity
    flags: dict[FlagKind, float]
    raised: tuple[FlagKind, ...]


def read_scores(scores: Array, calibration: Calibration) -> Reading:
    """One row of scores as calibrated probabilities and decisions; areas best first."""
    areas = softmax(scores[AREA_AT] / calibration.area)
    types = softmax(scores[TYPE_AT] / calibration.type)
    steps = sigmoid(scores[SEVERITY_AT]) >= np.array(calibration.severity)
    flags = sigmoid(scores[FLAG_AT])
    ranked = np.argsort(-areas, kind="stable")
    return Reading(
        {AREAS[i]: float(areas[i]) for i in ranked},
        TYPES[int(types.argmax())],
        float(types.max()),
        SEVERITIES[2 if steps[1] else int(steps[0])],
        {kind: float(chance) for kind, chance in zip(FLAGS, flags, strict=True)},
        tuple(k for k, chance, cut in zip(FLAGS, flags, calibration.flags, strict=True) if chance >= cut),
    )


def temperature(scores: Array, right: Array) -> float:
    """The softmax temperature that makes ``right`` (accepted outputs, 0 or 1) most likely."""

    def cost(value: float) -> float:
        chance = (softmax(scores / value) * right).sum(axis=1)
        return float(-np.log(np.maximum(chance, 1e-12)).mean())

    return float(minimize_scalar(cost, bounds=(0.1, 5.0), method="bounded").x)


def flag_cut(kind: FlagKind, chances: Array, truth: Array, usual: float | None = None) -> float:
    """The threshold that finds what is asked of a flag, as far as a registrator's patience goes.

    Where the recall asked is to be had at a precision of 0.6, the most recall at that precision; else the best
    F-measure among those with a precision that is borne. ``usual`` is how common the flag is in a mailbox: letters
    written to teach a flag have it oftener, and would make precision look better than it will be.
    """
    there = truth > 0
    usual = float(there.mean()) if usual is None else usual
    recall = np.array([(there & (chances >= cut)).sum() for cut in _GRID]) / max(there.sum(), 1)
    wrong = np.array([(~there & (chances >= cut)).sum() for cut in _GRID]) / max((~there).sum(), 1)
    precision = usual * recall / np.maximum(usual * recall + (1 - usual) * wrong, 1e-9)
    critical = kind in _CRITICAL
    if recall[precision >= _GENEROUS].max(initial=0.0) >= (_GOAL_CRITICAL if critical else _GOAL):
        return _first_best(np.where(precision >= _GENEROUS, recall, -1.0))
    merit = _merit(precision, recall, _BETA_DEAR if kind in _DEAR else _BETA)
    return _first_best(merit + (precision >= (_LEAST_CRITICAL if critical else _LEAST)))


def _merit(precision: Array, recall: Array, beta: float) -> Array:
    return np.asarray((1 + beta**2) * precision * recall / np.maximum(beta**2 * precision + recall, 1e-9))


def _first_best(worth: Array) -> float:
    """The highest of the thresholds that are worth most."""
    return float(_GRID[np.flatnonzero(worth >= worth.max() - 1e-12)[-1]])


def severity_cut(chances: Array, truth: Array) -> float:
    """The threshold with the fewest errors."""
    return float(max(_GRID, key=lambda cut: float(((chances >= cut) == (truth > 0)).mean())))


def fit_calibration(
    scores: Array, areas: Array, types: Array, steps: Array, flags: Array, usual: Array | None = None
) -> Calibration:
    """Everything from scores of unseen letters, shape (n, outputs), and what is true of them.

    ``usual`` is how common each flag is in a mailbox, shape (flags,); as among these letters unless told.
    """
    levels, chances = sigmoid(scores[:, SEVERITY_AT]), sigmoid(scores[:, FLAG_AT])
    shares = (flags > 0).mean(axis=0) if usual is None else usual
    return Calibration(
        temperature(scores[:, AREA_AT], areas),
        temperature(scores[:, TYPE_AT], types),
        tuple(severity_cut(levels[:, i], steps[:, i]) for i in range(steps.shape[1])),
        tuple(flag_cut(kind, chances[:, i], flags[:, i], float(shares[i])) for i, kind in enumerate(FLAGS)),
    )
