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

_GRID = np.geomspace(0.005, 0.9, 120)
_BETA = 2.0  # a missed flag costs more than one too many: F2
# Below this precision registrators stop believing a flag; where a miss can cost a life, more false alarms are borne.
_LEAST_PRECISION = 0.5
_LEAST_PRECISION_CRITICAL = 0.33
_CRITICAL = {FlagKind.SKYDDAD_IDENTITET, FlagKind.OROSANMALAN, FlagKind.HOT_VALD}


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


def flag_cut(kind: FlagKind, chances: Array, truth: Array) -> float:
    """The threshold with the best F2 among those that keep a decent precision; the highest F2 where none does."""
    least = _LEAST_PRECISION_CRITICAL if kind in _CRITICAL else _LEAST_PRECISION
    return float(max(_GRID, key=lambda cut: _merit(chances >= cut, truth > 0, least)))


def _merit(said: Array, truth: Array, least: float) -> tuple[bool, float]:
    hits = float((said & truth).sum())
    precision, recall = hits / max(said.sum(), 1), hits / max(truth.sum(), 1)
    score = (1 + _BETA**2) * precision * recall / max(_BETA**2 * precision + recall, 1e-9)
    return precision >= least, score


def severity_cut(chances: Array, truth: Array) -> float:
    """The threshold with the fewest errors."""
    return float(max(_GRID, key=lambda cut: float(((chances >= cut) == (truth > 0)).mean())))


def fit_calibration(scores: Array, areas: Array, types: Array, steps: Array, flags: Array) -> Calibration:
    """Everything from scores of unseen letters, shape (n, outputs), and what is true of them."""
    levels, chances = sigmoid(scores[:, SEVERITY_AT]), sigmoid(scores[:, FLAG_AT])
    return Calibration(
        temperature(scores[:, AREA_AT], areas),
        temperature(scores[:, TYPE_AT], types),
        tuple(severity_cut(levels[:, i], steps[:, i]) for i in range(steps.shape[1])),
        tuple(flag_cut(kind, chances[:, i], flags[:, i]) for i, kind in enumerate(FLAGS)),
    )
