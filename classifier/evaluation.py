"""``lyhord evaluate``: how right the model is on letters it has not seen, as a table a person can read."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.port import Embedder
from classifier.folder import LETTERS
from classifier.heads.calibration import fit_calibration
from classifier.heads.folds import source_folds, stratified_folds
from classifier.heads.joint import Joint, cross_judged, judged
from classifier.heads.kept import FOLDS, kept_scores
from classifier.heads.labels import FLAGS, TrainingLetter, all_targets, mailbox_rows
from classifier.heads.mixing import Mix, cross_mixed
from classifier.heads.scores import Truth, summary
from classifier.heads.weights import Calibration
from classifier.model import blank_pipeline
from classifier.training import Course, folds_name, give_encoder, unseen_scores

Figures = dict[str, float]
# Our own letters are easier than the shared ones, so figures of the latter are told apart.
SHARED = ", shared letters"
_HEADLINES = {
    "area_top1": "area, first",
    "area_top3": "area, among three",
    "area_ece": "area, calibration error (ECE)",
    "automatic_at_95": "could be confirmed unseen at 95 %",
    "automatic_at_99": "could be confirmed unseen at 99 %",
    "type_accuracy": "type, accuracy",
    "type_macro_f1": "type, macro-F1",
    "severity_accuracy": "severity, accuracy",
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by way of holding out; each run is one set of folds."""

    letters: int
    runs: dict[str, list[Figures]]

    def mean(self, way: str, name: str) -> float:
        """One figure's mean over the runs of one way."""
        return float(np.mean([run[name] for run in self.runs[way]]))

    def table(self) -> str:
        """The figures as Markdown."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"{self.letters} letters; alternates count as right; everything fitted outside the fold it is told of."
        yield ""
        yield "| | " + " | ".join(self.runs) + " |"
        yield "| --- " * (len(self.runs) + 1) + "|"
        for name, label in _HEADLINES.items():
            yield f"| {label} | " + " | ".join(f"{self.mean(way, name):.3f}" for way in self.runs) + " |"
        for kind in FLAGS:
            cells = (
                f"R {self.mean(w, f'{kind}_recall'):.2f} P {self.mean(w, f'{kind}_precision'):.2f}" for w in self.runs
            )
            yield f"| {kind} | " + " | ".join(cells) + " |"


Parts = list[tuple[Array, Calibration]]


def cross_calibrated(
    scores: Array, rules: Array, letters: Sequence[TrainingLetter], folds: Sequence[Array]
) -> tuple[Array, Parts]:
    """Scores through the later stages, and each fold's calibration, all fitted on the other folds alone."""
    rows, truth, goals = np.arange(len(scores)), Truth.of(letters), all_targets(letters)
    final, parts = scores.copy(), []
    for held in folds:
        rest = np.setdiff1d(rows, held)
        known = truth.part(rest)
        mixed = cross_mixed(scores[rest], goals[rest])
        final[held] = Mix.fit(scores[rest], goals[rest])(scores[held])
        final[held] = judged(Joint.fit(mixed, rules[rest], goals[rest]), final[held], rules[held])
        mailbox, unseen = mailbox_rows([letters[i] for i in rest]), cross_judged(mixed, rules[rest], goals[rest])
        parts.append((held, fit_calibration(unseen, known.areas, known.types, known.steps, known.flags, mailbox)))
    return final, parts


def figures(scores: Array, letters: Sequence[TrainingLetter], parts: Parts, rules: Array, rows: Array) -> Figures:
    """The headline figures of the letters in ``rows``, each read with the calibration of its part."""
    place = {int(row): i for i, row in enumerate(rows)}
    inside = [(np.array([place[i] for i in held.tolist() if i in place], int), found) for held, found in parts]
    return summary(scores[rows], Truth.of(letters).part(rows), inside, rules[rows])


def evaluate(
    letters: Path = LETTERS,
    *,
    encoder: Embedder | Path,
    seed: int = 1,
    folds: int = 5,
    repeats: int = 2,
    source_parts: int | None = None,
) -> Evaluation:
    """Repeated stratified cross-validation, and leaving sources out: one at a time, or a part of them at a time.

    Each source alone takes hours of a core where there are thirty; ``source_parts`` such parts take as many trainings,
    and are the stricter, since each is learnt without more letters.
    """
    course = _read(letters, encoder)
    data = course.letters
    areas = [x.area for x in data]
    ways = {
        f"{folds} folds x {repeats}": [stratified_folds(areas, folds, seed + i) for i in range(repeats)],
        _sources_out(source_parts): [source_folds([x.source for x in data], source_parts)],
    }
    runs: dict[str, list[Figures]] = {}
    for way, sets in ways.items():
        for fold_set in sets:
            for name, found in _run(course, fold_set).items():
                runs.setdefault(f"{way}{name}", []).append(found)
    return Evaluation(len(data), runs)


def evaluate_kept(letters: Path = LETTERS, *, encoder: Embedder | Path, seed: int = 1, folds: int = 5) -> Evaluation:
    """The shipped model's own cross-validation, by the scores of its folds that are kept; minutes and no learning.

    Raises `ModelError` where what is kept comes from other letters, phrases or views.
    """
    course = _read(letters, encoder)
    unseen = kept_scores(letters, folds_name(course, folds, seed))
    if unseen is None:
        raise ModelError(f"{letters / FOLDS} gäller andra brev. Kör lyhord evaluate utan --kept.")
    parts = stratified_folds([x.area for x in course.letters], folds, seed)
    runs = {f"{folds} folds{name}": [found] for name, found in _told(course, unseen, parts).items()}
    return Evaluation(len(course.letters), runs)


def _read(letters: Path, encoder: Embedder | Path) -> Course:
    nlp, threads = blank_pipeline(), os.cpu_count() or 1
    give_encoder(nlp, encoder, at_once=threads)
    return Course.read(nlp, letters, processes=threads)


def _sources_out(parts: int | None) -> str:
    return "one source out" if parts is None else f"sources out, in {parts} parts"


def _run(course: Course, folds: Sequence[Array]) -> dict[str, Figures]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return _told(course, unseen_scores(course, folds, run=pool.map), folds)


def _told(course: Course, unseen: Array, folds: Sequence[Array]) -> dict[str, Figures]:
    """Figures of all letters, and of those not our own where there are both."""
    data, rules = course.letters, course.seen.rules
    scores, parts = cross_calibrated(unseen, rules, data, folds)
    others = mailbox_rows(data)
    sets = {"": np.arange(len(data))} | ({SHARED: others} if len(others) < len(data) else {})
    return {name: figures(scores, data, parts, rules, rows) for name, rows in sets.items()}
