"""Cuts text into the encoder's word pieces: the likeliest cut of each word under a unigram model (Kudo 2018).

Written here instead of taken from a package because the ready-made one holds 170 MB for this vocabulary; a word's
cut is remembered, so letters cost about a millisecond.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np

from cases.errors import ModelError

_WORD = re.compile(r"\S+")
_LONGEST_WORD = 64  # longer runs are cut before they are looked at
_MARK = "▁"  # stands for the space before a word
_UNKNOWN = 3
_UNKNOWN_COST = 10.0  # below the rarest piece, as in the model the encoder was trained with
_LONGEST_PIECE = 24

Piece = tuple[int, int, int]
"""A piece's id, and the characters of the word it covers."""


class PieceTokenizer:
    """Knows the pieces of one encoder folder."""

    def __init__(self, pieces: list[str], scores: list[float]) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._scores = scores
        self._unknown_score = min(scores) - _UNKNOWN_COST
        self._cut_word = lru_cache(20_000)(self._cut)

    @classmethod
    def load(cls, folder: Path) -> "PieceTokenizer":
        """Reads ``pieces.txt`` and ``scores.npy``. Raises `ModelError` where they do not fit each other."""
        pieces = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")
        scores = np.load(folder / "scores.npy").tolist()
        if len(pieces) != len(scores):
            raise ModelError(f"{folder}: {len(pieces)} ordbitar men {len(scores)} vikter; bygg modellen igen")
        return cls(pieces, scores)

    @staticmethod
    def save(folder: Path, pieces: list[str], scores: list[float]) -> None:
        """Writes what `load` reads."""
        (folder / "pieces.txt").write_text("\n".join(pieces), encoding="utf-8")
        np.save(folder / "scores.npy", np.array(scores, np.float32))

    def encode(self, text: str) -> list[Piece]:
        """Piece ids of the text, each with the characters of ``text`` it covers."""
        found: list[Piece] = []
        for match in _WORD.finditer(text):
            for start in range(match.start(), match.end(), _LONGEST_WORD):
                word = text[start : min(start + _LONGEST_WORD, match.end())]
                found += ((number, start + a, start + b) for number, a, b in self._cut_word(word))
        return found

    def _cut(self, word: str) -> tuple[Piece, ...]:
        plain = unicodedata.normalize("NFKC", word)
        cut = self._best_cut(_MARK + plain.replace(" ", ""))
        if len(plain) != len(word):
            return tuple((number, 0, len(word)) for number, _, _ in cut)
        return tuple((number, max(0, a - 1), b - 1) for number, a, b in cut)

    def _best_cut(self, text: str) -> list[Piece]:
        """Dynamic programming over the ends of pieces; neighbouring unknown signs become one."""
        size = len(text)
        best = [0.0] + [-np.inf] * size
        back: list[Piece] = [(0, 0, 0)] * (size + 1)
        for start in range(size):
            for end in range(start + 1, min(size, start + _LONGEST_PIECE) + 1):
                number = self._ids.get(text[start:end], -1)
                if number < 0 and end > start + 1:
                    continue
                score = best[start] + (self._scores[number] if number >= 0 else self._unknown_score)
                if score > best[end]:
                    best[end], back[end] = score, (number if number >= 0 else _UNKNOWN, start, end)
        return _joined(_traced(back, size))


def _traced(back: list[Piece], end: int) -> list[Piece]:
    found: list[Piece] = []
    while end > 0:
        found.append(back[end])
        end = back[end][1]
    return found[::-1]


def _joined(cut: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for number, start, end in cut:
        if number == _UNKNOWN and found and found[-1][0] == _UNKNOWN:
            found[-1] = (_UNKNOWN, found[-1][1], end)
        else:
            found.append((number, start, end))
    return found
