"""A model small enough to be trained in a test: few letters, and an encoder made of hashes."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from classifier.encoder.port import Embedding
from classifier.folder import LETTERS
from classifier.heads.labels import read_letters

DIMENSION = 24


@cache
def _direction(word: str):
    return np.random.default_rng(crc32(word.encode())).normal(size=DIMENSION)


class HashEncoder:
    """Words are random directions, fixed by their spelling: a real, if simple, encoder."""

    dimension = DIMENSION

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        for text in texts:
            yield self._one(text)

    def _one(self, text: str) -> Embedding:
        spans, rows, at = [], [], 0
        for word in text.split()[:500]:
            at = text.index(word, at)
            spans.append((at, at + len(word)))
            rows.append(_direction(word))
            at += len(word)
        states = np.array(rows, np.float32).reshape(-1, DIMENSION)
        total = states.sum(axis=0)
        pieces = states / (float(np.linalg.norm(total)) or 1.0)
        return Embedding(pieces.sum(axis=0), pieces, tuple(spans))


def write_sample(path: Path, count: int = 120) -> Path:
    """Some of the shipped letters, evenly taken."""
    lines = (LETTERS / "train.jsonl").read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:: len(lines) // count]) + "\n", encoding="utf-8")
    assert len(read_letters(path)) >= count
    return path
