"""Opens an encoder folder as what it is: the bundled encoder, or a municipality's own from sentence-transformers."""

import hashlib
import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from cases.errors import ModelError
from classifier.encoder.onnx_encoder import OnnxEncoder
from classifier.encoder.port import Embedder

KIND = "sentence-transformers"
SETTINGS = "encoder.json"
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


def space_of_folder(folder: Path) -> str:
    """The name of an encoder's vectors: alike for equal weights, other for other ones, without reading all of them."""
    digest = hashlib.sha256((folder / SETTINGS).read_bytes())
    for path in sorted(folder.glob("*.onnx")):
        with path.open("rb") as file:
            digest.update(str(path.stat().st_size).encode() + file.read(_ENDS))
            file.seek(max(0, path.stat().st_size - _ENDS))
            digest.update(file.read(_ENDS))
    return digest.hexdigest()[:12]
