"""What tuning has changed in the bundled encoder: low-rank changes of matrices (LoRA, Hu et al. 2021), new vectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from classifier.arrays import Array

_UP, _DOWN, _NEW = ".up", ".down", ".new"


@dataclass(frozen=True, slots=True)
class Tuning:
    """``factors`` holds for a matrix two, of shapes (rows, rank) and (rank, columns), whose product is added to it.

    ``vectors`` holds those that take another's place. Without either the encoder stays as it was published.
    """

    factors: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)
    vectors: Mapping[str, Array] = field(default_factory=dict)

    def matrix(self, name: str, plain: Array) -> Array:
        """The tuned matrix called ``name``, given the published one."""
        if name not in self.factors:
            return plain
        up, down = self.factors[name]
        return np.asarray(plain + up.astype(np.float32) @ down.astype(np.float32), np.float32)

    def vector(self, name: str, plain: Array) -> Array:
        """The tuned vector called ``name``, given the published one."""
        return np.asarray(self.vectors.get(name, plain), np.float32)

    def save(self, path: Path) -> None:
        """Writes it in half precision: what that loses is far below what int8 loses afterwards."""
        arrays = {name + _UP: up for name, (up, _) in self.factors.items()}
        arrays |= {name + _DOWN: down for name, (_, down) in self.factors.items()}
        arrays |= {name + _NEW: vector for name, vector in self.vectors.items()}
        halves = {name: array.astype(np.float16) for name, array in arrays.items()}
        np.savez_compressed(path, allow_pickle=False, **halves)

    @classmethod
    def load(cls, path: Path) -> "Tuning":
        """What `save` wrote. Raises `ModelError` where it is missing."""
        if not path.is_file():
            raise ModelError(f"Kodarens anpassning {path} saknas: installera Lyhörd på nytt")
        with np.load(path) as found:
            names = [name.removesuffix(_UP) for name in found.files if name.endswith(_UP)]
            vectors = {name.removesuffix(_NEW): found[name] for name in found.files if name.endswith(_NEW)}
            return cls({name: (found[name + _UP], found[name + _DOWN]) for name in names}, vectors)
