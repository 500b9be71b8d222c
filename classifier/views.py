"""What the heads see of letters: a table for each view."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, reduce
from multiprocessing import get_context
from typing import Protocol

import numpy as np
from spacy.language import Language

from classifier.arrays import Array
from classifier.finding import find_pipe
from classifier.heads.features import VIEWS, Scale, Trace, Vocabulary
from classifier.heads.labels import FLAGS
from classifier.heads.weights import DENSE
from classifier.model import blank_pipeline
from classifier.pipes.embedding import EmbeddingPipe

# How much each view's likeness of two letters weighs; chosen in cross-validation (docs/classifier.md).
MIX = {DENSE: 1.0, "words": 2.0, "signs": 4.0}
_SHARE, _MANY = 1_000, 10_000
"""Texts that a process reads at a time; how many in all are worth the seconds that a process takes to start."""


class HasText(Protocol):
    """A letter or a phrase."""

    @property
    def text(self) -> str:
        """What was written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the views see in some texts; ``rules`` says which flags words alone raise, (texts, flags)."""

    traces: dict[str, list[Trace]]
    vectors: Array
    rules: Array

    def part(self, rows: Array) -> "Seen":
        """Only these texts."""
        return Seen({v: [t[i] for i in rows] for v, t in self.traces.items()}, self.vectors[rows], self.rules[rows])

    def and_also(self, other: "Seen") -> "Seen":
        """These texts, then those."""
        traces = {v: [*t, *other.traces[v]] for v, t in self.traces.items()}
        rules = np.concatenate([self.rules, other.rules])
        return Seen(traces, np.concatenate([self.vectors, other.vectors]), rules)


def look(nlp: Language, texts: Sequence[HasText], *, dense: bool = True, processes: int = 1) -> Seen:
    """Runs the untrained part of the pipeline over the texts; embeddings, its dearest part, only if ``dense``.

    ``processes`` share many texts: words are read in Python, which threads would do in turn. They are started anew
    (never forked: the encoder may have threads) and have a blank pipeline each, so ``nlp`` must be one.
    """
    written = [each.text for each in texts]
    seen = _shared(written, processes) if processes > 1 and len(written) > _MANY else _worded(nlp, written)
    return Seen(seen.traces, vectors_of(nlp, texts), seen.rules) if dense else seen


def _shared(written: Sequence[str], processes: int) -> Seen:
    shares = [written[at : at + _SHARE] for at in range(0, len(written), _SHARE)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return reduce(Seen.and_also, pool.map(_alone, shares))


def _alone(written: Sequence[str]) -> Seen:
    """In a process of its own."""
    return _worded(_own_pipeline(), written)


@cache
def _own_pipeline() -> Language:
    return blank_pipeline()


def _worded(nlp: Language, written: Sequence[str]) -> Seen:
    docs, rules = [], []
    with nlp.select_pipes(enable=["words", "flag_rules"]):
        for doc in nlp.pipe(written):
            docs.append(doc._.traces)
            rules.append([kind in doc._.rule_hits for kind in FLAGS])
    traces = {view: [found[view] for found in docs] for view in VIEWS}
    return Seen(traces, np.zeros((len(written), 0)), np.array(rules, bool).reshape(-1, len(FLAGS)))


def vectors_of(nlp: Language, texts: Sequence[HasText]) -> Array:
    """The texts' embeddings, shape (texts, d)."""
    with nlp.select_pipes(enable=["embedding"]):
        rows = [doc._.embedding.vector for doc in nlp.pipe(each.text for each in texts)]
    return np.array(rows, np.float64).reshape(-1, find_pipe(nlp, EmbeddingPipe).encoder.dimension)


@dataclass(frozen=True, slots=True)
class Views:
    """Vocabularies and scale learnt from some letters, and how to see any letters through them."""

    vocabularies: dict[str, Vocabulary]
    scale: Scale
    dense: bool
    """Whether heads are learnt on the embedding; a tuned encoder has one of its own."""

    @classmethod
    def learn(cls, letters: Seen, phrases: Seen, *, dense: bool) -> "Views":
        """Words of both are known; how telling each is, and the embedding's scale, are the letters' alone."""
        words = {v: Vocabulary.learn(t, phrases.traces[v]) for v, t in letters.traces.items()}
        return cls(words, Scale.learn(letters.vectors), dense)

    def tables(self, seen: Seen) -> dict[str, Array]:
        """One table per view, each with its weight. Sparse but for the embedding."""
        found = {v: w.table(seen.traces[v]) * np.sqrt(MIX[v]) for v, w in self.vocabularies.items()}
        return {**found, DENSE: self.scale(seen.vectors) * np.sqrt(MIX[DENSE])} if self.dense else found
