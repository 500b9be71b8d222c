"""Measures of how right the scores of unseen letters are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cases.routing.flags import FlagKind
from classifier.arrays import Array
from classifier.heads.labels import (
    FLAGS,
    TrainingLetter,
    accepted,
    flag_targets,
    severity_targets,
    type_targets,
)
from classifier.heads.solver import sigmoid, softmax
from classifier.heads.weights import AREA_AT, FLAG_AT, SEVERITY_AT, TYPE_AT, Calibration


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of some letters; one row a letter."""

    areas: Array
    types: Array
    steps: Array
    flags: Array

    @classmethod
    def of(cls, letters: Sequence[TrainingLetter]) -> "Truth":
        areas = accepted(letters).astype(float)
        return cls(areas, type_targets(letters), severity_targets(letters), flag_targets(letters))

    def part(self, rows: Array) -> "Truth":
        """Only these letters."""
        return Truth(self.areas[rows], self.types[rows], self.steps[rows], self.flags[rows])


def top(scores: Array, right: Array, count: int) -> float:
    """The share of letters with an accepted area among the first ``count``."""
    first = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return float(np.take_along_axis(right, first, axis=1).any(axis=1).mean())


def macro_f1(said: Array, truth: Array) -> float:
    """Mean over classes of F1; ``said`` and ``truth`` are class numbers."""
    scores = []
    for one in np.unique(truth):
        hits = float(((said == one) & (truth == one)).sum())
        scores.append(2 * hits / max(float((said == one).sum() + (truth == one).sum()), 1))
    return float(np.mean(scores))


def calibration_error(chances: Array, right: Array, bins: int = 10) -> float:
    """Expected calibration error: how far the first area's confidence lies from its hit rate, over equal bins."""
    best = chances.argmax(axis=1)
    sure, hit = chances.max(axis=1), right[np.arange(len(best)), best]
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[bin_of == b].mean() - hit[bin_of == b].mean()) * (bin_of == b).mean() for b in set(bin_of)]
    return float(sum(gaps))


def automatic_share(chances: Array, right: Array, precision: float) -> float:
    """The share of letters, surest first, that could be confirmed unseen at this precision."""
    best = chances.argmax(axis=1)
    order = np.argsort(-chances.max(axis=1), kind="stable")
    hits = np.cumsum(right[order, best[order]]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(hits >= precision)
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


@dataclass(frozen=True, slots=True)
class Decided:
    """Scores read with their calibration: chances of each area (n, areas), type numbers, severity numbers, flags."""

    areas: Array
    types: Array
    severities: Array
    flags: Array

    @classmethod
    def of(cls, scores: Array, calibration: Calibration) -> "Decided":
        steps = sigmoid(scores[:, SEVERITY_AT]) >= np.array(calibration.severity)
        return cls(
            softmax(scores[:, AREA_AT] / calibration.area),
            scores[:, TYPE_AT].argmax(axis=1),
            np.where(steps[:, 1], 2, steps[:, 0].astype(int)),
            sigmoid(scores[:, FLAG_AT]) >= np.array(calibration.flags),
        )


def decide(scores: Array, parts: Sequence[tuple[Array, Calibration]]) -> Decided:
    """Every row read with the calibration of the part it lies in; the parts cover all rows once."""
    order = np.argsort(np.concatenate([rows for rows, _ in parts]), kind="stable")
    read = [Decided.of(scores[rows], calibration) for rows, calibration in parts]
    names = ("areas", "types", "severities", "flags")
    return Decided(*(np.concatenate([getattr(r, name) for r in read])[order] for name in names))


def summary(scores: Array, truth: Truth, parts: Sequence[tuple[Array, Calibration]], rules: Array) -> dict[str, float]:
    """The headline figures, by name.

    ``parts`` says which calibration reads which rows; ``rules`` which flags words alone raise, (letters, flags).
    """
    said = decide(scores, parts)
    types = truth.types.argmax(axis=1)
    found = {
        "area_top1": top(said.areas, truth.areas, 1),
        "area_top3": top(said.areas, truth.areas, 3),
        "area_ece": calibration_error(said.areas, truth.areas),
        "automatic_at_95": automatic_share(said.areas, truth.areas, 0.95),
        "automatic_at_99": automatic_share(said.areas, truth.areas, 0.99),
        "type_accuracy": float((said.types == types).mean()),
        "type_macro_f1": macro_f1(said.types, types),
        "severity_accuracy": float((said.severities == truth.steps.sum(axis=1)).mean()),
    }
    return {
        name: round(value, 4) for name, value in (found | flag_scores(together(said.flags, rules), truth.flags)).items()
    }


def together(said: Array, rules: Array) -> Array:
    """Flags as they reach a registrator: heads or rules, and identity numbers by their rule alone."""
    found = np.asarray(said | rules)
    exact = FLAGS.index(FlagKind.PERSONNUMMER)
    found[:, exact] = rules[:, exact]
    return found


def flag_scores(said: Array, truth: Array) -> dict[str, float]:
    """Recall and precision of each flag."""
    found = {}
    for i, kind in enumerate(FLAGS):
        hits = float((said[:, i] & (truth[:, i] > 0)).sum())
        found[f"{kind}_recall"] = hits / max(float(truth[:, i].sum()), 1)
        found[f"{kind}_precision"] = hits / max(float(said[:, i].sum()), 1)
    return found
