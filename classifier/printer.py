"""Makes imprints with one model: which encoder it has, and what all letters have in common there."""

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from cases.routing.incidents import Imprint, named_space
from classifier.arrays import Array
from classifier.imprint import imprint
from classifier.pipes.embedding import EmbeddingPipe
from classifier.pipes.heads import HeadsPipe


@dataclass(frozen=True, slots=True)
class Printer:
    """Makes the imprints of one model: vectors counted from the middle of all letters, in that encoder's space."""

    mean: Array
    space: str

    @classmethod
    def of(cls, embedding: EmbeddingPipe, heads: HeadsPipe) -> "Printer":
        """A folder of an older version does not know its middle; the heads' mean is the same where they saw vectors."""
        middle, size = embedding.middle, embedding.encoder.dimension
        if middle is not None:
            return cls(middle.mean, named_space(embedding.space, middle.reach))
        mean = heads.learnt.weights.scale.mean
        return cls(mean if mean.shape == (size,) else np.zeros(size), embedding.space)

    def __call__(self, doc: Doc) -> Imprint:
        return imprint(doc, self.mean, self.space)
