"""Tells the sentences that stand about a letter from the letter's own, by what they mean among the others.

`classifier.framing` knows frames by their words; people and systems have more words than any list. This is learnt when
a model is built, from frames written by hand (``letters/phrases/frames.txt``) set about letters: two logistic
regressions, one for what stands above and one for what stands below, over a sentence's part of the embedding, its
neighbours' and the whole letter's, and where it stands. The letter is what is left when the beginning and the end whose
sentences speak most for a frame, added up, are taken away; nothing is taken out of its middle.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.arrays import Array
from classifier.encoder.port import Embedding
from classifier.framing import Stretch, unframed
from classifier.heads.solver import descend, each_of
from classifier.text import readable

FRAMES = Path("phrases") / "frames.txt"
_FILE = "frames.npz"
_SECTION = "# Blocks "
_SENTENCE = re.compile(r"[^.!?\n]+[.!?:]*")
_LOUD = 4.0  # how loud the meaning is beside the places
_EDGE = 6  # sentences from either end that tell one from the other
_ABOVE, _BELOW = 0.5, 0.4  # letters that are given a frame
_RAW = 0.5  # framed letters that are learnt from with what their words alone would take away
_AROUND = 0.5  # how loud the neighbours and the whole letter are beside the sentence
_MOST_LETTERS = 1_800
_PENALTY = 1.0
_STEPS = 200
_DOUBT = 0.5  # log-odds by which each sentence is rather the letter's
_SURE = 4.0  # log-odds that a beginning or an end must have: plain letters are most of the mail
_LEAST_LETTER = 40  # signs that must be left
Embed = Callable[[str], Embedding]
Rows = tuple[Array, Array]  # features of each sentence; what each is
Run = Callable[[Callable[["Framed"], Rows], Iterable["Framed"]], Iterable[Rows]]
_OWN, _ABOVE_IT, _BELOW_IT = 0, 1, 2  # a sentence of the letter; of what stands above; below


@dataclass(frozen=True, slots=True)
class Blocks:
    """Frames, each its lines: those that stand above letters, those below."""

    above: Sequence[str]
    below: Sequence[str]

    @classmethod
    def read(cls, letters: Path) -> "Blocks":
        """The frames beside the letters of a folder; none where there are none."""
        path = letters / FRAMES
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        parts = [part.partition("\n")[2] for part in text.split(_SECTION)[1:]]
        above, below = ([b.strip() for b in re.split(r"\n\s*\n", part) if b.strip()] for part in [*parts, "", ""][:2])
        return cls(above, below)


@dataclass(frozen=True, slots=True)
class Line:
    """The log-odds that a sentence is a frame's are ``weights`` (shape (4 d + 5,)) · features + ``constant``."""

    weights: Array
    constant: float

    def most(self, features: Array) -> int:
        """How many sentences from the first together speak most for a frame; none where they are not sure."""
        odds = features @ self.weights + self.constant - _DOUBT
        return int(np.argmax(np.concatenate([[_SURE], np.cumsum(odds)])))


@dataclass(frozen=True, slots=True)
class Frames:
    """Tells the sentences above a letter from it, and those below it."""

    above: Line
    below: Line

    @classmethod
    def learn(
        cls,
        embed: Embed,
        texts: Sequence[str],
        blocks: Blocks,
        seed: int,
        *,
        run: Run = map,
    ) -> "Frames | None":
        """Learnt from letters (subject, line break, body) about which frames are set; None where there are none.

        ``run`` is `map`, or that of a pool: the embedding takes nearly all of the time.
        """
        if not (blocks.above and blocks.below):
            return None
        chance = np.random.default_rng(seed)
        chosen = chance.permutation(len(texts))[:_MOST_LETTERS]
        framed = [Framed.of(readable(texts[at]), blocks, chance) for at in chosen]
        found = list(run(lambda letter: letter.rows(embed), framed))
        features, kinds = (np.concatenate(part) for part in zip(*found, strict=True))
        return cls(_fitted(features, kinds, _ABOVE_IT), _fitted(features, kinds, _BELOW_IT))

    def find(self, text: str, embedding: Embedding) -> list[Stretch]:
        """What of a letter (its first line is the subject) stands about it: a beginning, an end, both or neither."""
        sentences = _sentences(text)
        if not sentences:
            return []
        features = _features(text, sentences, embedding)
        first, last = self.above.most(features), self.below.most(features[::-1])
        if sum(end - start for start, end in sentences[first : len(sentences) - last]) < _LEAST_LETTER:
            return []
        begins, ends = sentences[first][0], sentences[len(sentences) - last - 1][1]
        return [(sentences[0][0], begins)] * bool(first) + [(ends, len(text))] * bool(last)

    def save(self, folder: Path) -> None:
        """Writes ``frames.npz``."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = (self.above, self.below)
        weights, constants = np.array([x.weights for x in lines]), np.array([x.constant for x in lines])
        np.savez(folder / _FILE, allow_pickle=False, weights=weights, constants=constants)

    @classmethod
    def load(cls, folder: Path) -> "Frames | None":
        """What was saved; None where nothing was learnt, or one line alone by an older version."""
        if not (folder / _FILE).is_file():
            return None
        with np.load(folder / _FILE) as found:
            if "constants" not in found.files:
                return None
            above, below = zip(found["weights"], found["constants"].tolist(), strict=True)
        return cls(Line(*above), Line(*below))


@dataclass(frozen=True, slots=True)
class Framed:
    """A letter with a frame set about it; its own body lies between two places of the text."""

    text: str
    begins: int
    ends: int

    @classmethod
    def of(cls, letter: str, blocks: Blocks, chance: np.random.Generator) -> "Framed":
        """With a frame above, below, both or none, as chance will; of half what words alone tell is gone."""
        subject, _, body = letter.partition("\n")
        gap = "\n" * int(chance.integers(1, 3))
        above = _one_of(blocks.above, chance) + gap if chance.random() < _ABOVE else ""
        below = gap + _one_of(blocks.below, chance) if chance.random() < _BELOW else ""
        text, begins = f"{subject}\n{above}{body}{below}", len(subject) + 1 + len(above)
        return cls(text if chance.random() < _RAW else unframed(text), begins, begins + len(body))

    def rows(self, embed: Embed) -> Rows:
        """Features and kind of each sentence."""
        sentences = _sentences(self.text)
        kinds = [
            _ABOVE_IT if start < self.begins else _BELOW_IT if end > self.ends else _OWN for start, end in sentences
        ]
        return _features(self.text, sentences, embed(self.text)), np.array(kinds)


def _sentences(text: str) -> list[Stretch]:
    """The sentences below the subject."""
    found = _SENTENCE.finditer(text, text.find("\n") + 1)
    return [sentence.span() for sentence in found if any(map(str.isalnum, sentence.group()))]


def _features(text: str, sentences: Sequence[Stretch], embedding: Embedding) -> Array:
    """A row for each sentence: what it, the one before, the one after and all mean; its place; its signs."""
    pieces = embedding.pieces.astype(np.float32)
    middles = np.array(embedding.spans, np.float64).reshape(-1, 2).mean(axis=1)
    inside = [(middles >= start) & (middles < end) for start, end in sentences]
    meant = np.array([_unit(pieces[part].sum(axis=0)) for part in inside]).reshape(len(sentences), -1) * _LOUD
    none = np.zeros((1, meant.shape[1]))
    whole = np.repeat(meant.mean(axis=0, keepdims=True), len(sentences), axis=0)
    around = np.hstack([np.vstack([none, meant[:-1]]), np.vstack([meant[1:], none]), whole]) * _AROUND
    places = [_place(text, stretch, at, len(sentences)) for at, stretch in enumerate(sentences)]
    return np.hstack([meant, around, np.array(places)]).astype(np.float32)


def _unit(meaning: Array) -> Array:
    return np.asarray(meaning / (float(np.linalg.norm(meaning)) or 1.0))


def _place(text: str, stretch: Stretch, at: int, count: int) -> list[float]:
    start, end = stretch
    far = [min(at, _EDGE) / 3, min(count - 1 - at, _EDGE) / 3, float(np.log1p(end - start)) / 3]
    return [*far, float("\n" in text[max(0, start - 2) : start]), float(":" in text[start:end])]


def _one_of(blocks: Sequence[str], chance: np.random.Generator) -> str:
    return blocks[int(chance.integers(len(blocks)))]


def _fitted(features: Array, kinds: Array, kind: int) -> Line:
    """Logistic regression with a ridge that tells sentences of this kind from the letters' own."""
    rows = (kinds == kind) | (kinds == _OWN)
    table, goals = features[rows], (kinds[rows] == kind).astype(np.float64)[:, np.newaxis]
    count, width = table.shape

    def slope(values: Array) -> tuple[float, Array]:
        weights = values[:width]
        cost, back = each_of((table @ weights + values[width]).astype(np.float64)[:, np.newaxis], goals)
        down = np.append(table.T @ back[:, 0].astype(np.float32) + _PENALTY * weights, back.sum())
        return (cost + 0.5 * _PENALTY * float(weights @ weights)) / count, (down / count).astype(np.float32)

    found = descend(slope, np.zeros(width + 1, np.float32), _STEPS)
    return Line(found[:width].astype(np.float64), float(found[width]))
