"""What the heads look at: words and character pieces (tf-idf), and the embedding."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from spacy.tokens import Doc, Token

from classifier.arrays import Array

_GRAMS = (3, 4, 5)
_LONGEST = 40  # signs of a word that are cut into pieces


def _code(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


@lru_cache(20_000)
def word_codes(lemma: str, parts: tuple[str, ...]) -> Array:
    """The lemma, and the parts of a compound."""
    return np.array([_code("l=" + lemma), *(_code("p=" + part) for part in parts)], np.int64)


@lru_cache(20_000)
def sign_codes(word: str) -> Array:
    """Every run of three to five signs, the word's ends included: catches misspellings and unknown compounds."""
    ends = f"<{word}>"
    return np.array([_code(ends[i : i + n]) for n in _GRAMS for i in range(len(ends) - n + 1)], np.int64)


VIEWS: dict[str, Callable[[Token], Array]] = {
    "words": lambda token: word_codes(token.lemma_, token._.parts),
    "signs": lambda token: sign_codes(token.lower_[:_LONGEST]),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """The codes of one view of one letter, and the token each came from; both of shape (n,)."""

    codes: Array
    tokens: Array


def traces(doc: Doc) -> dict[str, Trace]:
    """Everything each view sees in the letter's own words (``doc._.said``), token by token."""
    said = doc._.said
    words = [token for token in doc if not (token.is_space or token.is_punct) and not said[token.idx].isspace()]
    return {view: _trace(words, read) for view, read in VIEWS.items()}


def _trace(words: list[Token], read: Callable[[Token], Array]) -> Trace:
    if not words:
        return Trace(np.zeros(0, np.int64), np.zeros(0, np.int64))
    codes = [read(token) for token in words]
    places = np.repeat([token.i for token in words], [len(found) for found in codes])
    return Trace(np.concatenate(codes), places)


@dataclass(frozen=True, slots=True)
class Row:
    """A letter in one view: its ``columns`` with their ``values``; of each known code the token and which column."""

    columns: Array
    values: Array
    tokens: Array
    at: Array


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A view's known codes (sorted) and how telling each is (idf)."""

    codes: Array
    weights: Array

    @classmethod
    def learn(cls, letters: Sequence[Trace], phrases: Sequence[Trace] = ()) -> "Vocabulary":
        """Every code of both. How telling it is, the letters say: one they lack counts as if one of them had it."""
        codes, counts = np.unique(np.concatenate([np.unique(t.codes) for t in letters]), return_counts=True)
        more = np.setdiff1d(np.concatenate([np.zeros(0, np.int64), *(t.codes for t in phrases)]), codes)
        codes, counts = np.concatenate([codes, more]), np.concatenate([counts, np.ones(len(more), counts.dtype)])
        order = np.argsort(codes)
        return cls(codes[order], np.log((1 + len(letters)) / (1 + counts[order])) + 1)

    def columns(self, codes: Array) -> Array:
        """The column of each code, -1 where it is unknown."""
        if not len(self.codes):
            return np.full(len(codes), -1)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, at, -1)

    def row(self, found: Trace) -> Row:
        """One letter: 1 + log of the count of each code, times idf, of unit length together."""
        columns = self.columns(found.codes)
        known = columns >= 0
        columns, at, counts = np.unique(columns[known], return_inverse=True, return_counts=True)
        values = (1 + np.log(counts)) * self.weights[columns]
        return Row(columns, values / (float(np.linalg.norm(values)) or 1.0), found.tokens[known], at)

    def table(self, traces: Iterable[Trace]) -> csr_matrix:
        """The rows of many letters, shape (letters, codes)."""
        rows = [self.row(found) for found in traces]
        starts = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns = np.concatenate([row.columns for row in rows])
        values = np.concatenate([row.values for row in rows])
        return csr_matrix((values, columns, starts), shape=(len(rows), len(self.codes)))


@dataclass(frozen=True, slots=True)
class Scale:
    """Centres embeddings and gives them unit spread. ``mean`` has shape (d,)."""

    mean: Array
    spread: float

    @classmethod
    def learn(cls, vectors: Array) -> "Scale":
        mean = vectors.mean(axis=0)
        return cls(mean, float(np.sqrt(((vectors - mean) ** 2).sum(axis=1).mean())) or 1.0)

    def __call__(self, vectors: Array) -> Array:
        return np.asarray((vectors - self.mean) / self.spread)
