"""What the pipeline needs of a sentence encoder; any other encoder that offers this may take its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from classifier.arrays import Array


@dataclass(frozen=True, slots=True)
class Embedding:
    """One text's meaning.

    ``vector`` is the unit-length mean of the piece states; ``pieces`` holds one state per piece, scaled so that they
    add up to ``vector`` (so a linear head's score is a sum over pieces); ``spans`` says which characters each piece
    covers. Shapes: (d,), (n, d), n pairs.
    """

    vector: Array
    pieces: Array
    spans: tuple[tuple[int, int], ...]


class Embedder(Protocol):
    """Turns texts into vectors. Deterministic; no network; bounded time for a text of any length."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """One embedding per text, in order; an empty text gives a zero vector and no pieces."""
