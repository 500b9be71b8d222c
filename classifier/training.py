"""Trains the heads and writes the model folder."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from spacy.language import Language

from classifier.arrays import Array
from classifier.encoder.port import Embedder
from classifier.finding import find_pipe
from classifier.folder import LETTERS, MANIFEST
from classifier.heads.calibration import fit_calibration
from classifier.heads.features import Scale
from classifier.heads.folds import stratified_folds
from classifier.heads.frames import Blocks, Embed, Frames
from classifier.heads.joint import Joint, cross_judged
from classifier.heads.kept import fingerprint, keep_scores, kept_scores
from classifier.heads.labels import (
    TrainingLetter,
    all_targets,
    area_targets,
    digest,
    flag_targets,
    mailbox_rows,
    read_letters,
    severity_targets,
    type_targets,
)
from classifier.heads.mixing import Mix, cross_mixed
from classifier.heads.phrases import Phrase, area_goals, flag_goals, flag_shares, read_phrases
from classifier.heads.scores import Truth, summary
from classifier.heads.solver import Fit, Loss, Problem, each_of, one_of
from classifier.heads.tuned import Tuned
from classifier.heads.weights import DENSE, OUTPUTS, HeadWeights
from classifier.model import blank_pipeline, digests_of, files_of
from classifier.pipes.embedding import EmbeddingPipe
from classifier.pipes.frames import FramesPipe
from classifier.pipes.heads import HeadsPipe, Learnt
from classifier.running import Run
from classifier.views import MIX, Seen, Views, look, vectors_of

_log = logging.getLogger(__name__)
PENALTY = 0.1
"""The ridge, chosen in cross-validation (docs/classifier.md)."""
_PACKAGES = (
    "spacy",
    "numpy",
    "scipy",
    "onnxruntime",
    "simplemma",
    "wordfreq",
    "py3langid",
    "personnummer",
)


@dataclass(frozen=True, slots=True)
class Course:
    """What is learnt from: letters, the phrases beside them, and what the views see in each.

    ``tuned`` is what a tuned encoder says of the letters; the heads are then learnt on the words alone, beside its own.
    """

    letters: Sequence[TrainingLetter]
    seen: Seen
    phrases: Sequence[Phrase]
    seen_phrases: Seen
    tuned: Tuned | None = None

    @classmethod
    def read(cls, nlp: Language, path: Path, *, processes: int = 1) -> "Course":
        """The letters in ``path`` (file or folder) and the folder's phrases. Raises `ModelError`."""
        letters, phrases = read_letters(path), read_phrases(path)
        return cls.of(nlp, letters, phrases, processes=processes)

    @classmethod
    def of(
        cls, nlp: Language, letters: Sequence[TrainingLetter], phrases: Sequence[Phrase] = (), *, processes: int = 1
    ) -> "Course":
        """These letters and phrases, read by the pipeline and its encoder; their words by so many processes."""
        head = find_pipe(nlp, EmbeddingPipe).head
        tuned = None if head is None else Tuned.of(head, letters, partial(vectors_of, nlp))
        read = partial(look, nlp, dense=head is None, processes=processes)
        seen, seen_phrases = read(letters), read(phrases)
        return cls(letters, seen, phrases, seen_phrases, tuned)

    def part(self, rows: Array) -> "Course":
        """Only these letters, with all phrases."""
        letters, tuned = [self.letters[i] for i in rows], self.tuned and self.tuned.part(rows)
        return Course(letters, self.seen.part(rows), self.phrases, self.seen_phrases, tuned)

    def learn(self, *, run: Run = map) -> tuple[Views, Fit]:
        """Views and heads learnt from it all."""
        views = Views.learn(self.seen, self.seen_phrases, dense=self.tuned is None)
        problem = Problem(views.tables(self.seen.and_also(self.seen_phrases)))
        return views, fit_heads(problem, self.letters, self.phrases, run=run)

    def scored(self, views: Views, heads: Fit) -> Array:
        """The scores of its letters by heads learnt from others, shape (letters, outputs)."""
        scores = heads(views.tables(self.seen))
        return scores if self.tuned is None else scores + self.tuned.told


def fit_heads(
    problem: Problem, letters: Sequence[TrainingLetter], phrases: Sequence[Phrase] = (), *, run: Run = map
) -> Fit:
    """Every head on the same rows, each phrase for its head alone; columns ordered as `classifier.heads.weights`."""
    types, steps = type_targets(letters), severity_targets(letters)
    no_types, no_steps = (np.zeros((len(phrases), rows.shape[1])) for rows in (types, steps))
    levels = np.block([[steps, flag_targets(letters)], [no_steps, flag_goals(phrases)]])
    shares = np.block([[np.ones_like(levels[: len(letters)])], [no_steps, flag_shares(phrases)]])
    heads: list[tuple[Array, Loss]] = [
        (np.vstack([area_targets(letters), area_goals(phrases)]), one_of),
        (np.vstack([types, no_types]), one_of),
        (levels, partial(each_of, shares=shares)),
    ]
    areas, kinds, others = run(lambda head: problem.fit(head[0], head[1], PENALTY), heads)
    return areas.beside(kinds).beside(others)


def unseen_scores(course: Course, folds: Sequence[Array], *, run: Run = map) -> Array:
    """Scores of every letter by heads and vocabularies that never saw its fold; shape (letters, outputs)."""
    count = len(course.letters)

    def of_fold(held: Array) -> Array:
        return course.part(held).scored(*course.part(np.setdiff1d(np.arange(count), held)).learn())

    scores = np.empty((count, OUTPUTS))
    for held, found in zip(folds, run(of_fold, folds), strict=True):
        scores[held] = found
    return scores


def fit_weights(course: Course, *, run: Run = map) -> HeadWeights:
    """The heads on all letters, a tuned encoder's own among them."""
    views, heads = course.learn(run=run)
    tables = {v: np.asarray(table * np.sqrt(MIX[v]), np.float32) for v, table in heads.weights.items()}
    if course.tuned is None:
        return HeadWeights(views.vocabularies, views.scale, tables, heads.constant)
    own = course.tuned.head.in_shares()
    tables[DENSE] = np.asarray(own.weights, np.float32)
    return HeadWeights(views.vocabularies, Scale(own.mean, 1.0), tables, heads.constant + own.constant)


def train(
    letters: Path,
    out: Path,
    *,
    encoder: Embedder | Path,
    seed: int = 1,
    folds: int = 5,
    threads: int = 1,
    keep_folds: bool = False,
) -> dict[str, object]:
    """Learns from the letters in ``letters`` (file or folder) and writes the model folder ``out``.

    ``encoder`` is an encoder folder, or an `Embedder` where the model shall not carry one; ``threads`` is how many
    letters are read and embedded and folds learnt at a time, which changes no figure. What the folds said is taken
    from beside the letters where it is kept there (`classifier.heads.kept`); ``keep_folds`` keeps it.

    Returns the manifest: data digest, package versions, seed, scores by cross-validation and whether its folds were
    kept. Raises `ModelError` where the data are unusable.
    """
    nlp = blank_pipeline()
    give_encoder(nlp, encoder, at_once=threads)
    course = Course.read(nlp, letters, processes=threads)
    _log.info("%d letters and %d phrases read", len(course.letters), len(course.phrases))
    with ThreadPoolExecutor(threads) as pool:
        first, kept = first_scores(course, letters, folds, seed, run=pool.map, keep=keep_folds)
        find_pipe(nlp, FramesPipe).learnt = _frames(nlp, course.letters, seed, run=pool.map)
        find_pipe(nlp, HeadsPipe).learnt, scores = _learnt(course, first, seed, run=pool.map)
    manifest = {**_manifest(course, seed, scores), "folds": "kept" if kept else "learnt"}
    nlp.to_disk(out)
    manifest |= {"files": files_of(out), "digests": digests_of(out)}
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def _learnt(course: Course, first: Array, seed: int, *, run: Run) -> tuple[Learnt, dict[str, float]]:
    """All that the heads' pipe holds, and its scores by cross-validation; ``first`` are the first stage's."""
    weights, goals, rules = fit_weights(course, run=run), all_targets(course.letters), course.seen.rules
    mixed, mix = cross_mixed(first, goals, run=run), Mix.fit(first, goals)
    held = cross_judged(mixed, rules, goals, seed, run=run)
    joint = Joint.fit(mixed, rules, goals, seed, run=run)
    known = Truth.of(course.letters)
    mailbox = mailbox_rows(course.letters)
    calibration = fit_calibration(held, known.areas, known.types, known.steps, known.flags, mailbox)
    scores = summary(held, known, [(np.arange(len(course.letters)), calibration)], rules)
    return Learnt(weights.mixed(mix.matrix, mix.shift), joint, calibration), scores


def first_scores(course: Course, letters: Path, folds: int, seed: int, *, run: Run, keep: bool) -> tuple[Array, bool]:
    """The first stage's scores of letters outside their fold, and whether they were kept rather than learnt now."""
    name = folds_name(course, folds, seed)
    if (kept := kept_scores(letters, name)) is not None:
        return kept, True
    scores = unseen_scores(course, stratified_folds([x.area for x in course.letters], folds, seed), run=run)
    if keep:
        keep_scores(letters, name, scores)
    return scores, False


def folds_name(course: Course, folds: int, seed: int) -> str:
    """Names all that a cross-validation's scores come from: letters, phrases, what is seen in them, the learning."""
    parts = course.seen, course.seen_phrases
    seen = [trace.codes for part in parts for view in part.traces.values() for trace in view]
    told = [] if course.tuned is None else [course.tuned.told]
    data = digest(course.letters, [phrase.plain() for phrase in course.phrases])
    return fingerprint([*seen, *told], [data, sorted(MIX.items()), PENALTY, folds, seed])


def give_encoder(nlp: Language, encoder: Embedder | Path, *, at_once: int = 1) -> None:
    """Hands the pipeline its encoder: a folder, or an object; ``at_once`` texts are embedded side by side."""
    pipe = find_pipe(nlp, EmbeddingPipe)
    pipe.at_once = at_once
    if isinstance(encoder, Path):
        pipe.from_disk(encoder)
    else:
        pipe.encoder = encoder


def _frames(nlp: Language, letters: Sequence[TrainingLetter], seed: int, *, run: Run) -> Frames | None:
    return Frames.learn(_embed_with(nlp), [x.text for x in letters], Blocks.read(LETTERS), seed, run=run)


def _embed_with(nlp: Language) -> Embed:
    encoder = find_pipe(nlp, EmbeddingPipe).encoder
    return lambda text: next(encoder.embed([text]))


def _manifest(course: Course, seed: int, scores: dict[str, float]) -> dict[str, object]:
    data, name = course.letters, digest(course.letters, [phrase.plain() for phrase in course.phrases])
    return {
        "version": f"{name[:8]}-{seed}",
        "data_digest": name,
        "letters": len(data),
        "phrases": len(course.phrases),
        "sources": sorted({x.source for x in data}),
        "seed": seed,
        "packages": {package: version(package) for package in _PACKAGES},
        "scores": scores,
    }
