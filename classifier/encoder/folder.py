"""Opens an encoder folder as what it is: the bundled encoder, or a municipality's own from sentence-transformers."""

import hashlib
import importlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.onnx_encoder import OnnxEncoder
from classifier.encoder.port import Embedder

KIND = "sentence-transformers"
SETTINGS = "encoder.json"
MIDDLE = "middle.npz"
_ONE_IN = 0.999
_ENDS = 65_536  # bytes of a large file that tell it from another of its size


def open_encoder(folder: Path, *, threads: int = 1) -> Embedder:
    """The encoder in a folder that ``encoder.json`` describes. Raises `ModelError` where it lacks something."""
    path = folder / SETTINGS
    if not path.is_file():
        raise ModelError(f"Kodarmappen {folder} saknar {SETTINGS}: bygg modellen igen (lyhord train)")
    if json.loads(path.read_text(encoding="utf-8")).get("kind") == KIND:
        own: Embedder = _module("sentence").SentenceEncoder(folder, threads=threads)
        return own
    return OnnxEncoder(folder, threads=threads)


def prepare_encoder(source: Path, out: Path, sample: Iterable[str]) -> None:
    """Make the encoder folder ``out`` of a sentence-transformers folder, as `classifier.encoder.prepare` tells."""
    _module("prepare").prepare_encoder(source, out, sample)


def _module(name: str) -> ModuleType:
    """A module for own encoders, loaded only where there is one: its packages come with the extra ``embedder``."""
    try:
        return importlib.import_module(f"classifier.encoder.{name}")
    except ModuleNotFoundError as missing:
        raise ModelError(f"En egen kodare behöver {missing.name}: pip install 'lyhord[embedder]'") from missing


@dataclass(frozen=True, slots=True)
class Middle:
    """What all letters' vectors of an encoder have in common.

    ``mean`` (d,) is their mean; ``reach`` the cosine, from there, that one pair of unrelated letters in a thousand has.
    """

    mean: Array
    reach: float


def write_middle(folder: Path, sample: Sequence[str]) -> None:
    """Writes ``middle.npz``: it makes cosines of different encoders mean the same."""
    vectors = np.array([found.vector for found in open_encoder(folder).embed(sample)])
    mean = vectors.mean(axis=0)
    rows = vectors - mean
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    pairs = (rows @ rows.T)[np.triu_indices(len(rows), 1)]
    reach = float(np.quantile(pairs, _ONE_IN)) if len(pairs) else 1.0
    np.savez(folder / MIDDLE, mean=mean, reach=np.array(max(reach, 0.01)))


def read_middle(folder: Path) -> Middle | None:
    """What `write_middle` wrote; None in a folder of an older version."""
    if not (folder / MIDDLE).is_file():
        return None
    with np.load(folder / MIDDLE) as found:
        return Middle(found["mean"], float(found["reach"]))


def space_of_folder(folder: Path) -> str:
    """The name of an encoder's vectors: alike for equal weights, other for other ones, without reading all of them."""
    digest = hashlib.sha256((folder / SETTINGS).read_bytes())
    for path in sorted(folder.glob("*.onnx")):
        with path.open("rb") as file:
            digest.update(str(path.stat().st_size).encode() + file.read(_ENDS))
            file.seek(max(0, path.stat().st_size - _ENDS))
            digest.update(file.read(_ENDS))
    return digest.hexdigest()[:12]
