"""What the heads see of letters: a table for each view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from spacy.language import Language

from classifier.arrays import Array
from classifier.finding import find_pipe
from classifier.heads.features import VIEWS, Scale, Trace, Vocabulary
from classifier.heads.labels import FLAGS
from classifier.heads.weights import DENSE
from classifier.pipes.embedding import EmbeddingPipe

# How much each view's likeness of two letters weighs; chosen in cross-validation (docs/classifier.md).
MIX = {DENSE: 1.0, "words": 2.0, "signs": 4.0}


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


def look(nlp: Language, texts: Sequence[HasText], *, dense: bool = True) -> Seen:
    """Runs the untrained part of the pipeline over the texts; embeddings, its dearest part, only if ``dense``."""
    docs, rules = [], []
    with nlp.select_pipes(enable=["words", "flag_rules"]):
        for doc in nlp.pipe(each.text for each in texts):
            docs.append(doc._.traces)
            rules.append([kind in doc._.rule_hits for kind in FLAGS])
    return Seen(
        {view: [found[view] for found in docs] for view in VIEWS},
        vectors_of(nlp, texts) if dense else np.zeros((len(texts), 0)),
        np.array(rules, bool).reshape(-1, len(FLAGS)),
    )


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
