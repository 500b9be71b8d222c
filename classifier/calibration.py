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
# The recall asked of a flag, and the precision at which more recall is taken while there is any to have.
_GOAL, _GOAL_CRITICAL = 0.90, 0.95
_GENEROUS = 0.6
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
    """The threshold that reaches the recall asked of a flag, as far as a registrator's patience goes.

    Where that recall is to be had at a precision of 0.6, the most recall at that precision; else the best precision
    at that recall; where even that is below what is borne, the most recall at what is borne. ``usual`` is how common
    the flag is in a mailbox: letters written to teach a flag have it oftener, and would make precision look better
    than it will be.
    """
    there = truth > 0
    share = float(there.mean())
    usual = share if usual is None else usual
    right = np.array([(there & (chances >= cut)).sum() for cut in _GRID]) / max(there.sum(), 1)
    wrong = np.array([(~there & (chances >= cut)).sum() for cut in _GRID]) / max((~there).sum(), 1)
    precision = usual * right / np.maximum(usual * right + (1 - usual) * wrong, 1e-9)
    critical = kind in _CRITICAL
    goal, least = (_GOAL_CRITICAL, _LEAST_CRITICAL) if critical else (_GOAL, _LEAST)
    return float(_GRID[_best(precision, right, goal, least)])


def _best(precision: Array, recall: Array, goal: float, least: float) -> int:
    """Which of the thresholds, by the precision and the recall that each has."""
    if recall[precision >= _GENEROUS].max(initial=0.0) >= goal:
        return _most(recall, precision >= _GENEROUS, precision)
    borne = precision >= least
    if not borne.any():
        return int(np.argmax(precision))
    asked = borne & (recall >= min(goal, recall[borne].max()))
    return _most(precision, asked, recall)


def _most(first: Array, among: Array, then: Array) -> int:
    """Where ``first`` is largest, then ``then``; the highest threshold of equals."""
    rows = np.flatnonzero(among)
    return int(rows[np.lexsort((rows, then[rows], first[rows]))[-1]])


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
