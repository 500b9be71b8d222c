"""The heads the bundled encoder was tuned with, and what it said of the training letters before it had seen them.

A tuned encoder knows its own training letters too well: heads fitted on their vectors would trust it more than it
deserves. So its own head is taken as it is, and where scores of training letters are fitted on, they come from encoders
tuned without the letter's source (`classifier.tuning`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.arrays import Array
from classifier.heads.labels import TrainingLetter
from classifier.heads.weights import AREA_AT, OUTPUTS

TUNED = Path(__file__).parents[1] / "letters" / "tuned"
ENCODER, HEAD, UNSEEN = "encoder.npz", "head.npz", "unseen.npz"
_STEP = 127
VectorsOf = Callable[[Sequence[TrainingLetter]], Array]
SHARES = np.where(np.arange(OUTPUTS) < AREA_AT.stop, 0.8, 1.2)
"""How loud the tuned encoder is beside the words, output by output; chosen in cross-validation (docs/classifier.md)."""


@dataclass(frozen=True, slots=True)
class TunedHead:
    """Scores are ``(vector - mean) @ weights + constant``, of shapes (d,), (d, outputs) and (outputs,)."""

    mean: Array
    weights: Array
    constant: Array

    def __call__(self, vectors: Array) -> Array:
        """Scores, shape (letters, outputs)."""
        return np.asarray((vectors - self.mean) @ self.weights + self.constant)

    def in_shares(self) -> "TunedHead":
        """The same head, each output as loud as it is beside the words."""
        return TunedHead(self.mean, self.weights * SHARES, self.constant * SHARES)

    def save(self, folder: Path) -> None:
        """Writes ``head.npz``."""
        np.savez(folder / HEAD, allow_pickle=False, mean=self.mean, weights=self.weights, constant=self.constant)

    @classmethod
    def load(cls, folder: Path) -> "TunedHead | None":
        """What `save` wrote; None where the encoder is no tuned one."""
        if not (folder / HEAD).is_file():
            return None
        with np.load(folder / HEAD) as found:
            return cls(*(found[name].astype(np.float64) for name in ("mean", "weights", "constant")))


@dataclass(frozen=True, slots=True)
class Tuned:
    """A tuned encoder's head, and what it says of some texts it has not seen, shape (texts, outputs)."""

    head: TunedHead
    told: Array

    @classmethod
    def of(cls, head: TunedHead, letters: Sequence[TrainingLetter], vectors_of: VectorsOf) -> "Tuned":
        """The kept scores of letters it was tuned with, its own of others; both already in their shares."""
        kept, names = _kept(), [_name(letter.text) for letter in letters]
        new = [i for i, name in enumerate(names) if name not in kept]
        told = np.array([kept.get(name, np.zeros(OUTPUTS)) for name in names]).reshape(-1, OUTPUTS)
        if new:
            told[new] = head(vectors_of([letters[i] for i in new]))
        return cls(head, told * SHARES)

    def part(self, rows: Array) -> "Tuned":
        """Only these texts."""
        return Tuned(self.head, self.told[rows])


def save_unseen(folder: Path, texts: Sequence[str], scores: Array) -> None:
    """Writes ``unseen.npz``: scores of letters by encoders that had not seen their source, in a byte each."""
    reach = np.abs(scores).max(axis=0) / _STEP
    rows = np.round(scores / reach).astype(np.int8)
    names = np.array([_name(text) for text in texts], np.uint64)
    np.savez_compressed(folder / UNSEEN, allow_pickle=False, names=names, scores=rows, reach=reach)


def _kept() -> dict[int, Array]:
    with np.load(TUNED / UNSEEN) as found:
        rows = found["scores"] * found["reach"]
        return dict(zip(found["names"].tolist(), rows, strict=True))


def _name(text: str) -> int:
    """Sixty-four bits of the text's digest: a letter that was reworded has not been scored."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
