"""Scores into promises: temperatures and thresholds, fitted on scores of letters the model had not seen."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from classifier.arrays import Array
from classifier.heads.cuts import flag_cut, severity_cut
from classifier.heads.labels import AREAS, FLAGS, SEVERITIES, TYPES
from classifier.heads.solver import sigmoid, softmax
from classifier.heads.weights import AREA_AT, FLAG_AT, SEVERITY_AT, TYPE_AT, Calibration


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


def fit_calibration(
    scores: Array, areas: Array, types: Array, steps: Array, flags: Array, mailbox: Array
) -> Calibration:
    """Everything from scores of unseen letters, shape (n, outputs), and what is true of them.

    Flags are cut on the letters in ``mailbox`` alone (`labels.mailbox_rows`): letters written to teach a flag have it
    oftener, and would make precision look better than it will be.
    """
    levels, chances, there = sigmoid(scores[:, SEVERITY_AT]), sigmoid(scores[mailbox, FLAG_AT]), flags[mailbox]
    return Calibration(
        temperature(scores[:, AREA_AT], areas),
        temperature(scores[:, TYPE_AT], types),
        tuple(severity_cut(levels[:, i], steps[:, i]) for i in range(steps.shape[1])),
        tuple(flag_cut(kind, chances[:, i], there[:, i]) for i, kind in enumerate(FLAGS)),
    )
