"""How many letters keep their area when something stands about them: ``python -m tests.tools.wrapped_letters``.

120 frames (covering notes, web forms, telephone notes, signatures, small print), written without a look at what finds
them, each about some of the shared letters. The model has seen the letters: what is told is what the frames cost.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

from classifier.finding import find_pipe
from classifier.folder import LETTERS
from classifier.heads.labels import TrainingLetter, read_letters
from classifier.model import SpacyClassifier
from classifier.pipes import tokenizer
from classifier.pipes.frames import FramesPipe

WRAPPERS = Path(__file__).parent.parent / "classifier" / "wrapped_letters.jsonl"
_EACH = 10
Row = dict[str, str]


def wrapped(row: Row, subject: str, body: str) -> tuple[str, str]:
    """A letter in one of the frames."""
    framed = row["body"].replace("{subject}", subject).replace("{body}", body)
    return row["subject"].replace("{subject}", subject), framed


def rows() -> list[Row]:
    """The frames: ``{name, kind, subject, body}``."""
    return [json.loads(line) for line in WRAPPERS.read_text(encoding="utf-8").splitlines()]


def _right(model: SpacyClassifier, letters: list[TrainingLetter], row: Row) -> int:
    texts = [x.text.partition("\n") for x in letters]
    found = model.suggest_many([wrapped(row, subject, body) for subject, _, body in texts])
    return sum(s.areas[0].area in {x.area, *x.alternates} for x, s in zip(letters, found, strict=True))


def _told(model: SpacyClassifier, label: str) -> str:
    """The share of letters in their area, for each kind of frame and for all."""
    shared = [x for x in read_letters(LETTERS / "train.jsonl") if x.language == "sv"]
    right: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for row in rows():
        letters = random.Random(row["name"]).sample(shared, _EACH)
        hits = _right(model, letters, row)
        for kind in (row["kind"], "all"):
            right[kind] += hits
            tried[kind] += _EACH
    return f"{label}: " + ", ".join(f"{kind} {right[kind] / tried[kind]:.2f}" for kind in tried) + "\n"


def main() -> int:
    """Prints three lines: as it is, without what was learnt of frames, without any knowledge of them."""
    model = SpacyClassifier.load()
    sys.stdout.write(_told(model, "as it is"))
    find_pipe(model.nlp, FramesPipe).learnt = None
    sys.stdout.write(_told(model, "by words alone"))
    tokenizer.unframed = lambda text: text  # type: ignore[attr-defined]
    sys.stdout.write(_told(model, "not told apart"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
