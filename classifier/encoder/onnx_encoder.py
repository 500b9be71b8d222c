"""Runs an encoder folder with onnxruntime: word rows from a memory-mapped table, the transformer from a graph."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.pieces import Piece, PieceTokenizer
from classifier.encoder.port import Embedding
from classifier.encoder.session import open_session
from classifier.memory import give_back

FILES = ("encoder.onnx", "encoder.json", "pieces.txt", "scores.npy", "words.npy", "word_scales.npy")
WINDOW = 254  # pieces in one pass; attention grows with the square of it
WINDOWS = 4  # passes for one text: the first three windows and the last, so that the point at the end counts
LETTERS_KEPT = 8  # after so many, freed memory goes back to the system
CHARACTERS = 12_000  # what is read of a text at most: its first and last half of this


class EncoderFolderError(ModelError):
    """An encoder folder lacks a file or does not fit."""


class OnnxEncoder:
    """The `Embedder` of a folder. One thread unless told otherwise: the daemon shares its machine."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        for name in FILES:
            if not (folder / name).is_file():
                raise EncoderFolderError(f"Kodarmappen {folder} saknar {name}: bygg modellen igen (make install)")
        self.settings = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self._pieces = PieceTokenizer.load(folder)
        # Mapped, not read: of sixty megabytes only the rows that letters use become resident.
        self._words = np.load(folder / "words.npy", mmap_mode="r")
        self._scales = np.load(folder / "word_scales.npy")
        self._prefix = [number for number, _, _ in self._pieces.encode(str(self.settings["prefix"]))]
        self._session = open_session(folder / "encoder.onnx", threads)
        self._read_since = 0
        # What stands about a long letter is blanked and the rest read anew: most of its windows are as they were.
        self._states = lru_cache(WINDOWS)(self._run)

    @property
    def dimension(self) -> int:
        return int(self.settings["dimension"])

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """One embedding per text. Texts are run one by one: padding to the longest costs more than a batch wins."""
        for text in texts:
            yield self._embed_one(text)
            self._tidy()

    def _tidy(self) -> None:
        self._read_since += 1
        if self._read_since >= LETTERS_KEPT:
            self._read_since = 0
            give_back()

    def _embed_one(self, text: str) -> Embedding:
        found = self._read(text)
        if not found:
            return Embedding(np.zeros(self.dimension, np.float32), np.zeros((0, self.dimension), np.float32), ())
        windows = _windows(found)
        states = np.concatenate([self._states(tuple(number for number, _, _ in window)) for window in windows])
        length = float(np.linalg.norm(states.mean(axis=0))) or 1.0
        pieces = states / np.float32(len(states) * length)
        outside = [(0, 0)] * (1 + len(self._prefix))
        spans = tuple(s for window in windows for s in (*outside, *((a, b) for _, a, b in window), (0, 0)))
        return Embedding(pieces.sum(axis=0), pieces, spans)

    def _read(self, text: str) -> list[Piece]:
        """Of an overlong text only its beginning and end."""
        if len(text) <= CHARACTERS:
            return self._pieces.encode(text)
        half = CHARACTERS // 2
        tail = len(text) - half
        later = [(number, a + tail, b + tail) for number, a, b in self._pieces.encode(text[tail:])]
        return self._pieces.encode(text[:half]) + later

    def _run(self, ids: tuple[int, ...]) -> Array:
        """States of one window, shape (pieces + prefix + 2, d)."""
        row = [self.settings["begin"], *self._prefix, *ids, self.settings["end"]]
        words = self._words[row] * self._scales[row]
        (states,) = self._session.run(["states"], {"words": words[None].astype(np.float32)})
        return np.asarray(states[0], np.float32)


def _windows(found: list[Piece]) -> list[list[Piece]]:
    """Cuts into passes of equal length, at most `WINDOWS`; from an overlong text the middle is left out."""
    if len(found) > WINDOW * WINDOWS:
        found = found[: WINDOW * (WINDOWS - 1)] + found[-WINDOW:]
    count = -(-len(found) // WINDOW)
    size = -(-len(found) // count)
    return [found[i : i + size] for i in range(0, len(found), size)]
