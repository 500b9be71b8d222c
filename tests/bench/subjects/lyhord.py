"""Lyhörd's classifier: area, type, severity, flags, language, and the reasons."""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from classifier.folder import DEFAULT_FOLDER
from classifier.heads.labels import AREAS, read_letters
from classifier.heads.weights import AREA_AT
from classifier.model import SpacyClassifier, blank_pipeline
from classifier.training import Course, give_encoder
from tests.bench.subjects import common


def fit() -> None:
    """The same heads, learnt from the same letters as the others."""
    rows = common.rows()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letters.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
        letters = read_letters(path)
    nlp = blank_pipeline()
    give_encoder(nlp, DEFAULT_FOLDER / "embedding")
    course = Course.of(nlp, letters)
    kept, held = (np.array(side) for side in common.sides(len(letters)))
    scores = course.part(held).scored(*course.part(kept).learn())[:, AREA_AT]
    ranked = [[str(AREAS[i]) for i in np.argsort(-row)] for row in scores]
    common.say(common.accuracy([rows[i] for i in held], ranked))


def load() -> Callable[[Sequence[common.Pair]], object]:
    return SpacyClassifier.load().suggest_many


if __name__ == "__main__":
    fit() if sys.argv[1] == "fit" else common.run(load)
