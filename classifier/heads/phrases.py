"""Words and short sentences that say an area or a flag by themselves: learnt beside the letters, never tested on.

A letter costs its writer a minute, a word a second, and words that the letters happen to lack are what a new letter
most often is about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from classifier.arrays import Array
from classifier.heads.labels import AREAS, FLAGS

FOLDER = "phrases"
_AREAS, _FLAGS = "areas.txt", "flags.txt"
_NONE = "-"
# How much a phrase counts beside a letter, for its own head alone; chosen in cross-validation (docs/classifier.md).
_AREA_SHARE, _FLAG_SHARE = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a citizen may say, and what it says of the letter: its area, or exactly which flags it raises.

    ``area`` is None where the phrase tells of flags, ``flags`` None where it tells of an area.
    """

    text: str
    area: Area | None = None
    flags: frozenset[FlagKind] | None = None

    def plain(self) -> tuple[str, Area | None, list[FlagKind] | None]:
        """The same in every process, for digests: a set is shown in an order that Python draws anew each time."""
        return self.text, self.area, None if self.flags is None else sorted(self.flags)


def read_phrases(letters: Path) -> list[Phrase]:
    """The phrases beside the letters of a folder; none where there are none, or where ``letters`` is a file.

    ``phrases/areas.txt`` has lines ``area: phrase; phrase``, ``phrases/flags.txt`` lines ``flag flag: sentence`` or
    ``-: sentence`` for what comes near a flag and raises none. Raises `ModelError` naming file and line.
    """
    return [*_read(letters / FOLDER / _AREAS, _of_area), *_read(letters / FOLDER / _FLAGS, _of_flags)]


def _read(path: Path, read: Callable[[str, str], list[Phrase]]) -> list[Phrase]:
    found: list[Phrase] = []
    if not path.is_file():
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        label, said = (part.strip() for part in line.partition(":")[::2])
        try:
            found += read(label, said)
        except ValueError as error:
            raise ModelError(f"{path.name} rad {number}: {error}; rätta raden eller ta bort den") from error
        if not said:
            raise ModelError(f"{path.name} rad {number}: väntade ”etikett: text”; rätta raden eller ta bort den")
    return found


def _of_area(label: str, said: str) -> list[Phrase]:
    area = Area(label)
    return [Phrase(text.strip(), area=area) for text in said.split(";") if text.strip()]


def _of_flags(label: str, said: str) -> list[Phrase]:
    kinds = label.split() if label != _NONE else []
    return [Phrase(said, flags=frozenset(FlagKind(kind) for kind in kinds))]


def area_goals(phrases: Sequence[Phrase]) -> Array:
    """What the areas are asked: a small share of a letter, nought where the phrase says none; (phrases, areas)."""
    return _table([[_AREA_SHARE * (p.area is area) for area in AREAS] for p in phrases], len(AREAS))


def flag_goals(phrases: Sequence[Phrase]) -> Array:
    """What the flags are asked; (phrases, flags)."""
    return _table([[float(kind in (p.flags or ())) for kind in FLAGS] for p in phrases], len(FLAGS))


def flag_shares(phrases: Sequence[Phrase]) -> Array:
    """How much each phrase counts for the flags; (phrases, flags)."""
    return _table([[_FLAG_SHARE * (p.flags is not None)] * len(FLAGS) for p in phrases], len(FLAGS))


def _table(rows: list[list[float]], width: int) -> Array:
    return np.array(rows, np.float64).reshape(-1, width)
