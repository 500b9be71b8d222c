"""Trains the heads and writes the model folder."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from spacy.language import Language

from classifier.arrays import Array
from classifier.calibration import fit_calibration
from classifier.encoder.port import Embedder
from classifier.features import VIEWS, Scale, Trace, Vocabulary
from classifier.folds import stratified_folds
from classifier.kernel import Fit, Machine, each_of, one_of
from classifier.labels import (
    FLAGS,
    TrainingLetter,
    accepted,
    all_targets,
    area_targets,
    digest,
    flag_targets,
    read_letters,
    severity_targets,
    type_targets,
)
from classifier.mixing import Mix, cross_mixed
from classifier.model import MANIFEST, blank_pipeline, find_pipe
from classifier.pipes.embedding import EmbeddingPipe
from classifier.pipes.heads import HeadsPipe, Learnt
from classifier.scores import Truth, summary
from classifier.weights import DENSE, HeadWeights

_log = logging.getLogger(__name__)
LETTERS = Path(__file__).parent / "letters"
# How much each view weighs in the Gram matrix, and the ridge; chosen in cross-validation (docs/classifier.md).
MIX = {DENSE: 1.0, "words": 2.0, "signs": 4.0}
PENALTY = 0.1
_ROWS = 1000
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
class Seen:
    """What the views see in the training letters; ``rules`` says which flags words alone raise, (letters, flags)."""

    traces: dict[str, list[Trace]]
    vectors: Array
    rules: Array

    def part(self, rows: Array) -> "Seen":
        """Only these letters."""
        return Seen({v: [t[i] for i in rows] for v, t in self.traces.items()}, self.vectors[rows], self.rules[rows])


def look(nlp: Language, letters: Sequence[TrainingLetter]) -> Seen:
    """Runs the untrained part of the pipeline over the letters."""
    docs, vectors, rules = [], [], []
    with nlp.select_pipes(enable=["words", "embedding", "flag_rules"]):
        for doc in nlp.pipe(letter.text for letter in letters):
            vectors.append(doc._.embedding.vector)
            docs.append(doc._.traces)
            rules.append([kind in doc._.rule_hits for kind in FLAGS])
    return Seen(
        {view: [found[view] for found in docs] for view in VIEWS}, np.array(vectors, np.float64), np.array(rules)
    )


@dataclass(frozen=True, slots=True)
class Views:
    """Vocabularies and scale learnt from some letters, and how to see any letters through them."""

    vocabularies: dict[str, Vocabulary]
    scale: Scale

    @classmethod
    def learn(cls, seen: Seen) -> "Views":
        return cls({v: Vocabulary.learn(t) for v, t in seen.traces.items()}, Scale.learn(seen.vectors))

    def tables(self, seen: Seen) -> dict[str, Array]:
        """One table per view, weighted so that their Gram matrices add up. Sparse but for the embedding."""
        found = {v: w.table(seen.traces[v]) * np.sqrt(MIX[v]) for v, w in self.vocabularies.items()}
        return {**found, DENSE: self.scale(seen.vectors) * np.sqrt(MIX[DENSE])}


def gram(left: dict[str, Array], right: dict[str, Array]) -> Array:
    """How alike letters are: inner products, added over the views."""
    total = np.zeros((next(iter(left.values())).shape[0], next(iter(right.values())).shape[0]))
    for view, table in left.items():
        other = right[view].T
        # Some rows at a time: the product of two sparse tables is dense, and takes thrice a dense table's room.
        for start in range(0, len(total), _ROWS):
            found = table[start : start + _ROWS] @ other
            total[start : start + _ROWS] += found.toarray() if hasattr(found, "toarray") else found
    return total


def fit_heads(machine: Machine, letters: Sequence[TrainingLetter]) -> Fit:
    """Every head on the same letters; columns in the order of `classifier.weights`."""
    fits = [
        machine.fit(area_targets(letters), one_of, PENALTY),
        machine.fit(type_targets(letters), one_of, PENALTY),
        machine.fit(np.hstack([severity_targets(letters), flag_targets(letters)]), each_of, PENALTY),
    ]
    return Fit(np.hstack([f.weights for f in fits]), np.concatenate([f.constant for f in fits]))


def unseen_scores(seen: Seen, letters: Sequence[TrainingLetter], folds: Sequence[Array]) -> Array:
    """Scores of every letter by heads and vocabularies that never saw its fold; shape (letters, outputs)."""
    rows: dict[int, Array] = {}
    for held in folds:
        kept = np.setdiff1d(np.arange(len(letters)), held)
        views = Views.learn(seen.part(kept))
        known, new = views.tables(seen.part(kept)), views.tables(seen.part(held))
        fit = fit_heads(Machine(gram(known, known)), [letters[i] for i in kept])
        rows |= dict(zip(held.tolist(), fit(gram(new, known)), strict=True))
    return np.array([rows[i] for i in range(len(letters))])


def fit_weights(seen: Seen, letters: Sequence[TrainingLetter]) -> HeadWeights:
    """The heads on all letters, taken back from letters to features."""
    views = Views.learn(seen)
    tables = views.tables(seen)
    fit = fit_heads(Machine(gram(tables, tables)), letters)
    back = {v: np.asarray(t.T @ fit.weights * np.sqrt(MIX[v]), np.float32) for v, t in tables.items()}
    return HeadWeights(views.vocabularies, views.scale, back, fit.constant)


def train(letters: Path, out: Path, *, encoder: Embedder | Path, seed: int = 1, folds: int = 5) -> dict[str, object]:
    """Learns from the letters in ``letters`` (file or folder) and writes the model folder ``out``.

    ``encoder`` is an encoder folder, or an `Embedder` where the model shall not carry one. Returns the manifest:
    data digest, package versions, seed, scores by cross-validation. Raises `ModelError` where the data are unusable.
    """
    data = read_letters(letters)
    nlp = blank_pipeline()
    give_encoder(nlp, encoder)
    seen = look(nlp, data)
    _log.info("%d letters read", len(data))
    truth = Truth.of(data)
    goals = all_targets(data)
    first = unseen_scores(seen, data, stratified_folds([x.area for x in data], folds, seed))
    held, mix = cross_mixed(first, goals), Mix.fit(first, goals)
    calibration = fit_calibration(
        held, accepted(data).astype(float), type_targets(data), severity_targets(data), flag_targets(data)
    )
    find_pipe(nlp, HeadsPipe).learnt = Learnt(fit_weights(seen, data).mixed(mix.matrix, mix.shift), calibration)
    manifest = _manifest(data, seed, summary(held, truth, [(np.arange(len(data)), calibration)], seen.rules))
    nlp.to_disk(out)
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def give_encoder(nlp: Language, encoder: Embedder | Path) -> None:
    """Hands the pipeline its encoder: a folder, or an object."""
    pipe = find_pipe(nlp, EmbeddingPipe)
    if isinstance(encoder, Path):
        pipe.from_disk(encoder)
    else:
        pipe.encoder = encoder


def _manifest(data: Sequence[TrainingLetter], seed: int, scores: dict[str, float]) -> dict[str, object]:
    name = digest(data)
    return {
        "version": f"{name[:8]}-{seed}",
        "data_digest": name,
        "letters": len(data),
        "sources": sorted({x.source for x in data}),
        "seed": seed,
        "packages": {package: version(package) for package in _PACKAGES},
        "scores": scores,
    }
