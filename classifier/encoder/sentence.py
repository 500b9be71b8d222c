"""Runs a municipality's own sentence encoder with onnxruntime, prepared from a sentence-transformers folder."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.onnx_encoder import CHARACTERS, WINDOWS
from classifier.encoder.port import Embedding
from classifier.encoder.session import open_session

GRAPH = "encoder.onnx"
TOKENIZER = "tokenizer.json"
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")

Cut = tuple[int, int, int]
"""A piece's id and the characters it covers."""


class SentenceEncoder:
    """The `Embedder` of a folder that `classifier.encoder.prepare` wrote.

    Mean pooling gives pieces that add up to the vector, so reasons are exact. Under CLS pooling no piece has a share of
    its own: one piece for each window stands for all of it, and reasons come from the words alone. The vector is of
    unit length whether or not the folder has a normalising layer.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        for name in (GRAPH, TOKENIZER):
            if not (folder / name).is_file():
                raise ModelError(f"Kodarmappen {folder} saknar {name}: bygg modellen igen (lyhord train)")
        self.settings = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin, self._end = _frame(self._tokenizer)
        self._window = int(self.settings["longest"]) - len(self._begin) - len(self._end)
        self._rows = _Rows(folder) if (folder / "words.npy").is_file() else None
        self._session = open_session(folder / GRAPH, threads)
        self._inputs = [one.name for one in self._session.get_inputs()]

    @property
    def dimension(self) -> int:
        return int(self.settings["dimension"])

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """One embedding per text, one by one, as the bundled encoder does."""
        for text in texts:
            yield self._embed_one(text)

    def _embed_one(self, text: str) -> Embedding:
        found = self._read(text)
        if not found:
            return Embedding(np.zeros(self.dimension, np.float32), np.zeros((0, self.dimension), np.float32), ())
        passes = [(self._run([number for number, _, _ in part]), part) for part in _parts(found, self._window)]
        if self.settings["pooling"] == "cls":
            states = np.stack([state[0] for state, _ in passes])
            spans = [(0, 0)] * len(passes)
        else:
            states = np.concatenate([state for state, _ in passes])
            spans = [span for _, part in passes for span in self._spans(part)]
        length = float(np.linalg.norm(states.mean(axis=0))) or 1.0
        pieces = states / np.float32(len(states) * length)
        return Embedding(pieces.sum(axis=0), pieces, tuple(spans))

    def _spans(self, part: list[Cut]) -> list[tuple[int, int]]:
        nowhere = (0, 0)
        return [nowhere] * len(self._begin) + [(a, b) for _, a, b in part] + [nowhere] * len(self._end)

    def _read(self, text: str) -> list[Cut]:
        """Of an overlong text only its beginning and end."""
        if len(text) <= CHARACTERS:
            return self._cut(text, 0)
        half = CHARACTERS // 2
        return self._cut(text[:half], 0) + self._cut(text[-half:], len(text) - half)

    def _cut(self, text: str, at: int) -> list[Cut]:
        shown = text.lower() if self.settings["lower"] and len(text.lower()) == len(text) else text
        found = self._tokenizer.encode(shown, add_special_tokens=False)
        return [(number, at + a, at + b) for number, (a, b) in zip(found.ids, found.offsets, strict=True)]

    def _run(self, ids: list[int]) -> Array:
        """States of one window, shape (pieces with their frame, d)."""
        row = np.array([[*self._begin, *ids, *self._end]], np.int64)
        if self._rows is not None:
            (states,) = self._session.run(["states"], {"words": self._rows(row)})
            return np.asarray(states[0], np.float32)
        given = dict(zip(_INPUTS, (row, np.ones_like(row), np.zeros_like(row)), strict=True))
        (states, *_) = self._session.run(None, {name: given[name] for name in self._inputs})
        return np.asarray(states[0], np.float32)


class _Rows:
    """The word table, mapped and not read: only rows that letters use become resident."""

    def __init__(self, folder: Path) -> None:
        self._words = np.load(folder / "words.npy", mmap_mode="r")
        self._scales = np.load(folder / "word_scales.npy")

    def __call__(self, ids: Array) -> Array:
        return np.asarray(self._words[ids] * self._scales[ids], np.float32)


def _frame(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """What stands before and after a text: [CLS] and [SEP], or <s> and </s>."""
    ids = list(tokenizer.encode("", add_special_tokens=True).ids)
    return ids[:1], ids[1:]


def _parts(found: list[Cut], size: int) -> list[list[Cut]]:
    """Passes of equal length, at most `WINDOWS`; from an overlong text the middle is left out."""
    if len(found) > size * WINDOWS:
        found = found[: size * (WINDOWS - 1)] + found[-size:]
    count = -(-len(found) // size)
    each = -(-len(found) // count)
    return [found[i : i + each] for i in range(0, len(found), each)]
