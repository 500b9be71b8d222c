"""The learnt heads: scores, calibrated into area, type, severity and flag probabilities on the `Doc`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from cases.errors import ModelError
from classifier.heads.calibration import Reading, read_scores
from classifier.heads.joint import Joint, judged
from classifier.heads.labels import FLAGS
from classifier.heads.weights import Calibration, HeadWeights, load_calibration, save_calibration

Doc.set_extension("reading", default=None, force=True)
Doc.set_extension("rows", default=None, force=True)


@dataclass(slots=True)
class Learnt:
    """What training gives the pipe; no ``joint`` where few letters were learnt from, or by an older version."""

    weights: HeadWeights
    joint: Joint | None
    calibration: Calibration

    def reading(self, doc: Doc) -> Reading:
        """What all stages make of the letter. Wants its rows and rule hits."""
        scores = self.weights.scores(doc, doc._.rows)[np.newaxis]
        rules = np.array([[kind in (doc._.rule_hits or ()) for kind in FLAGS]])
        return read_scores(judged(self.joint, scores, rules)[0], self.calibration)


@Language.factory("lyhord_heads")
class HeadsPipe:
    """Sets ``doc._.reading`` (`Reading`), ``doc.cats`` (area probabilities), ``doc._.rows`` (for reasons)."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._learnt: Learnt | None = None

    @property
    def learnt(self) -> Learnt:
        """Weights and calibration. Raises `ModelError` before training."""
        if self._learnt is None:
            raise ModelError("Modellen är inte tränad: kör lyhord train")
        return self._learnt

    @learnt.setter
    def learnt(self, learnt: Learnt) -> None:
        self._learnt = learnt

    def __call__(self, doc: Doc) -> Doc:
        doc._.rows = self.learnt.weights.rows(doc)
        found = self.learnt.reading(doc)
        doc._.reading = found
        doc.cats = {area.value: chance for area, chance in found.areas.items()}
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        self.learnt.weights.save(Path(path))
        if self.learnt.joint is not None:
            self.learnt.joint.save(Path(path))
        save_calibration(self.learnt.calibration, Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "HeadsPipe":
        folder = Path(path)
        self._learnt = Learnt(HeadWeights.load(folder), Joint.load(folder), load_calibration(folder))
        return self
