"""What the heads said of the shipped letters outside their folds, kept beside the letters.

Second stage, calibration and a model's own scores rest on them, and to have them five more models are learnt: four
fifths of the building. They are the same wherever letters, phrases, what the views see in them and the way of learning
are the same; so a fresh machine takes them from the file, and where any of these differs they are learnt anew.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from classifier.arrays import Array

FOLDS = "folds.npz"


def fingerprint(tables: Iterable[Array], names: Iterable[object]) -> str:
    """Names what scores were learnt from: arrays, and whatever else decides of them by its plain text."""
    digest = hashlib.sha256(repr(list(names)).encode())
    for table in tables:
        digest.update(np.ascontiguousarray(table).tobytes())
    return digest.hexdigest()


def kept_scores(folder: Path, name: str) -> Array | None:
    """The scores kept under this name, shape (letters, outputs); None where others or none are kept."""
    if not (folder / FOLDS).is_file():
        return None
    with np.load(folder / FOLDS) as found:
        return found["scores"].astype(np.float64) if str(found["name"]) == name else None


def keep_scores(folder: Path, name: str, scores: Array) -> None:
    """Writes ``folds.npz``, each score in two bytes."""
    np.savez_compressed(folder / FOLDS, allow_pickle=False, name=np.array(name), scores=scores.astype(np.float16))
