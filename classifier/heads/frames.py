"""Tells the sentences that stand about a letter from the letter's own, by what they mean among the others.

`classifier.framing` knows frames by their words; people and systems have more words than any list. This is learnt when
a model is built, from frames written by hand (``letters/phrases/frames.txt``) set about letters: a logistic regression
over each sentence's part of the embedding, and where it stands. The letter is what is left when the beginning and the
end whose sentences speak most for a frame, added up, are taken away; nothing is taken out of its middle.
"""

import re
from collections.abc import Callable, Iterator, Sequence
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
_MOST_LETTERS = 1_200
_PENALTY = 1.0
_STEPS = 200
_DOUBT = 1.0  # log-odds by which each sentence is rather the letter's
_LEAST_LETTER = 40  # signs that must be left
Embed = Callable[[str], Embedding]


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
class Frames:
    """The log-odds of a frame are ``weights`` · features + ``constant``; ``weights`` has shape (d + 5,)."""

    weights: Array
    constant: float

    @classmethod
    def learn(cls, embed: Embed, texts: Sequence[str], blocks: Blocks, seed: int) -> "Frames | None":
        """Learnt from letters (subject, line break, body) about which frames are set; None where there are none."""
        if not (blocks.above and blocks.below):
            return None
        chance = np.random.default_rng(seed)
        chosen = chance.permutation(len(texts))[:_MOST_LETTERS]
        found = [row for at in chosen for row in _set_about(embed, readable(texts[at]), blocks, chance)]
        features, frames = np.array([row for row, _ in found]), np.array([[float(frame)] for _, frame in found])
        return cls(*_fitted(features, frames))

    def find(self, text: str, embedding: Embedding) -> list[Stretch]:
        """What of a letter (its first line is the subject) stands about it: a beginning, an end, both or neither."""
        sentences, features = _sentences(text, embedding)
        if not sentences:
            return []
        odds = features @ self.weights + self.constant - _DOUBT
        first = int(np.argmax(np.concatenate([[0.0], np.cumsum(odds)])))
        last = int(np.argmax(np.concatenate([[0.0], np.cumsum(odds[::-1])])))
        if sum(end - start for start, end in sentences[first : len(sentences) - last]) < _LEAST_LETTER:
            return []
        begins, ends = sentences[first][0], sentences[len(sentences) - last - 1][1]
        return [(sentences[0][0], begins)] * bool(first) + [(ends, len(text))] * bool(last)

    def save(self, folder: Path) -> None:
        """Writes ``frames.npz``."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / _FILE, allow_pickle=False, weights=self.weights, constant=np.array(self.constant))

    @classmethod
    def load(cls, folder: Path) -> "Frames | None":
        """What was saved; None where nothing was learnt."""
        if not (folder / _FILE).is_file():
            return None
        with np.load(folder / _FILE) as found:
            return cls(found["weights"], float(found["constant"]))


def _sentences(text: str, embedding: Embedding) -> tuple[list[Stretch], Array]:
    """The sentences below the subject, and a row of features for each."""
    body = text.find("\n") + 1
    found = [s.span() for s in _SENTENCE.finditer(text, body) if any(map(str.isalnum, s.group()))]
    middles = np.array(embedding.spans, np.float64).reshape(-1, 2).mean(axis=1)
    rows = []
    for at, (start, end) in enumerate(found):
        inside = (middles >= start) & (middles < end)
        meaning = embedding.pieces[inside].sum(axis=0)
        length = float(np.linalg.norm(meaning)) or 1.0
        place = [min(at, _EDGE) / 3, min(len(found) - 1 - at, _EDGE) / 3, np.log1p(end - start) / 3]
        signs = [float("\n" in text[max(0, start - 2) : start]), float(":" in text[start:end])]
        rows.append(np.concatenate([_LOUD * meaning / length, place, signs]))
    return found, np.array(rows)


def _set_about(embed: Embed, letter: str, blocks: Blocks, chance: np.random.Generator) -> Iterator[tuple[Array, bool]]:
    """Each sentence of a letter with frames set about it, and whether it is a frame's."""
    subject, _, body = letter.partition("\n")
    gap = "\n" * int(chance.integers(1, 3))
    above = _one_of(blocks.above, chance) + gap if chance.random() < _ABOVE else ""
    below = gap + _one_of(blocks.below, chance) if chance.random() < _BELOW else ""
    text = unframed(f"{subject}\n{above}{body}{below}")
    begins = len(subject) + 1 + len(above)
    sentences, features = _sentences(text, embed(text))
    for (start, end), row in zip(sentences, features, strict=True):
        yield row, not (start >= begins and end <= begins + len(body))


def _one_of(blocks: Sequence[str], chance: np.random.Generator) -> str:
    return blocks[int(chance.integers(len(blocks)))]


def _fitted(features: Array, frames: Array) -> tuple[Array, float]:
    """Logistic regression with a ridge: the weights and the constant."""
    count, width = features.shape

    def slope(values: Array) -> tuple[float, Array]:
        weights = values[:width].astype(np.float64)
        cost, back = each_of((features @ weights + float(values[width]))[:, np.newaxis], frames)
        down = np.concatenate([features.T @ back[:, 0] + _PENALTY * weights, [back.sum()]])
        return (cost + 0.5 * _PENALTY * float(weights @ weights)) / count, (down / count).astype(np.float32)

    found = descend(slope, np.zeros(width + 1, np.float32), _STEPS).astype(np.float64)
    return found[:width], float(found[width])
