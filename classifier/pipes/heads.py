"""The learnt heads: scores, calibrated into area, type, severity and flag probabilities on the `Doc`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from cases.errors import ModelError
from classifier.heads.calibration import Reading, read_scores
from classifier.heads.weights import Calibration, HeadWeights, load_calibration, save_calibration

Doc.set_extension("reading", default=None, force=True)
Doc.set_extension("rows", default=None, force=True)


@dataclass(slots=True)
class Learnt:
    """What training gives the pipe."""

    weights: HeadWeights
    calibration: Calibration


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
        found: Reading = read_scores(self.learnt.weights.scores(doc, doc._.rows), self.learnt.calibration)
        doc._.reading = found
        doc.cats = {area.value: chance for area, chance in found.areas.items()}
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        self.learnt.weights.save(Path(path))
        save_calibration(self.learnt.calibration, Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "HeadsPipe":
        self._learnt = Learnt(HeadWeights.load(Path(path)), load_calibration(Path(path)))
        return self
