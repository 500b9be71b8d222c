"""Runs an encoder folder (``encoder.onnx``, ``tokenizer.json``, ``encoder.json``) with onnxruntime."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.port import Embedding

WINDOW = 254  # pieces in one pass; attention grows with the square of it
WINDOWS = 4  # passes for one text: the first three windows and the last, so that the point at the end counts
CHARACTERS = 12_000  # what is read of a text at most: its first and last half of this


class EncoderFolderError(ModelError):
    """An encoder folder lacks a file or does not fit."""


Pieces = tuple[list[int], list[tuple[int, int]]]


class OnnxEncoder:
    """The `Embedder` of a folder. One thread unless told otherwise: the daemon shares its machine."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        for name in ("encoder.onnx", "tokenizer.json", "encoder.json"):
            if not (folder / name).is_file():
                raise EncoderFolderError(f"Kodarmappen {folder} saknar {name}: bygg modellen igen (make install)")
        self.folder = folder
        self.settings = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"])

    @property
    def dimension(self) -> int:
        return int(self.settings["dimension"])

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """One embedding per text. Texts are run one by one: padding to the longest costs more than a batch wins."""
        for text in texts:
            yield self._embed_one(text)

    def _embed_one(self, text: str) -> Embedding:
        ids, spans = self._pieces(text)
        if not ids:
            empty = np.zeros(self.dimension, np.float32)
            return Embedding(empty, np.zeros((0, self.dimension), np.float32), ())
        windows = _windows(ids, spans)
        states = np.concatenate([self._run(part) for part, _ in windows])
        length = float(np.linalg.norm(states.mean(axis=0))) or 1.0
        pieces = states / (len(states) * length)
        ends = tuple(span for _, part in windows for span in ((0, 0), *part, (0, 0)))
        return Embedding(pieces.sum(axis=0), pieces, ends)

    def _pieces(self, text: str) -> Pieces:
        """Ids and character spans; of an overlong text only its beginning and end are looked at."""
        prefix = str(self.settings["prefix"])
        head, tail = text, ""
        if len(text) > CHARACTERS:
            head, tail = text[: CHARACTERS // 2], text[-CHARACTERS // 2 :]
        ids, spans = self._encode(prefix + head, -len(prefix))
        more = self._encode(tail, len(text) - len(tail)) if tail else ([], [])
        return ids + more[0], spans + more[1]

    def _encode(self, text: str, shift: int) -> Pieces:
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return list(found.ids), [(max(0, a + shift), max(0, b + shift)) for a, b in found.offsets]

    def _run(self, ids: list[int]) -> Array:
        row = np.array([[self.settings["begin"], *ids, self.settings["end"]]], np.int64)
        (states,) = self._session.run(["states"], {"ids": row, "mask": np.ones_like(row)})
        return np.asarray(states[0], np.float32)


def _windows(ids: list[int], spans: list[tuple[int, int]]) -> list[Pieces]:
    """Cuts into passes of equal length, at most `WINDOWS`; from an overlong text the middle is left out."""
    if len(ids) > WINDOW * WINDOWS:
        front = WINDOW * (WINDOWS - 1)
        ids, spans = ids[:front] + ids[-WINDOW:], spans[:front] + spans[-WINDOW:]
    count = -(-len(ids) // WINDOW)
    size = -(-len(ids) // count)
    return [(ids[i : i + size], spans[i : i + size]) for i in range(0, len(ids), size)]
