"""The training letters and what each head is asked: areas, types, severity, flags."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cases.errors import ModelError
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from classifier.arrays import Array
from classifier.text import letter_text

AREAS = tuple(Area)
TYPES = tuple(CaseType)
SEVERITIES = tuple(Severity)
FLAGS = tuple(FlagKind)
# Letters of our own: easier than the shared ones, and written to teach flags, which they have oftener than a mailbox.
OWN_SOURCES = frozenset(f"set{number}" for number in range(14, 34))
_ALTERNATE_SHARE = 0.25  # of a target's weight that goes to the areas a good registrator would accept too


@dataclass(frozen=True, slots=True)
class TrainingLetter:
    """One labelled letter (labelling guide)."""

    id: str
    source: str
    text: str
    area: Area
    alternates: frozenset[Area]
    type: CaseType
    severity: Severity
    flags: frozenset[FlagKind]
    language: str


def read_letters(path: Path) -> list[TrainingLetter]:
    """The letters of a JSONL file, or of every ``*.jsonl`` in a folder in name order.

    Raises `ModelError` naming file and line where a letter cannot be used.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    letters = [letter for file in files for letter in _read_file(file)]
    if not letters:
        raise ModelError(f"Inga brev att lära av i {path}: väntade *.jsonl")
    return letters


def _read_file(path: Path) -> list[TrainingLetter]:
    letters = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            letters.append(_letter(json.loads(line), path.stem))
        except UnicodeDecodeError as error:
            raise ModelError(f"{path.name} rad {number} är inte UTF-8; spara filen som UTF-8") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path.name} rad {number}: {error!r}; rätta brevet eller ta bort raden") from error
    return letters


def _letter(row: dict[str, object], source: str) -> TrainingLetter:
    return TrainingLetter(
        id=str(row["id"]),
        source=str(row.get("source", source)),
        text=letter_text(str(row["subject"]), str(row["body"])),
        area=Area(str(row["area"])),
        alternates=frozenset(Area(str(a)) for a in _list(row.get("area_alt"))),
        type=CaseType(str(row["type"])),
        severity=Severity(str(row["severity"])),
        flags=frozenset(FlagKind(str(f)) for f in _list(row.get("flags"))),
        language=str(row["language"]),
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def digest(letters: Sequence[TrainingLetter], phrases: Sequence[object] = ()) -> str:
    """Names the training data: changes when any letter, phrase or label does."""
    rows = [*map(repr, map(_plain, letters)), *map(repr, phrases)]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def _plain(letter: TrainingLetter) -> tuple[object, ...]:
    sets = (sorted(letter.alternates), sorted(letter.flags))
    return (letter.id, letter.text, letter.area, letter.type, letter.severity, letter.language, *sets)


def accepted(letters: Sequence[TrainingLetter]) -> Array:
    """Which areas count as right, alternates included; bool, shape (letters, areas)."""
    return np.array([[a == x.area or a in x.alternates for a in AREAS] for x in letters])


def area_targets(letters: Sequence[TrainingLetter]) -> Array:
    """Where each letter's weight goes: to its area, a share to its alternates. Shape (letters, areas)."""
    rows = np.zeros((len(letters), len(AREAS)))
    for row, letter in zip(rows, letters, strict=True):
        others = letter.alternates - {letter.area}
        for area in others:
            row[AREAS.index(area)] = _ALTERNATE_SHARE / len(others)
        row[AREAS.index(letter.area)] += 1 - row.sum()
    return rows


def type_targets(letters: Sequence[TrainingLetter]) -> Array:
    """One-hot types, shape (letters, types)."""
    return np.array([[float(x.type is t) for t in TYPES] for x in letters])


def severity_targets(letters: Sequence[TrainingLetter]) -> Array:
    """Ordered targets: how far above the lowest, shape (letters, severities - 1): normal or worse, allvarlig."""
    return np.array([[float(SEVERITIES.index(x.severity) >= k) for k in (1, 2)] for x in letters])


def flag_targets(letters: Sequence[TrainingLetter]) -> Array:
    """One column a flag, shape (letters, flags)."""
    return np.array([[float(f in x.flags) for f in FLAGS] for x in letters])


def mailbox_rows(letters: Sequence[TrainingLetter]) -> Array:
    """Row numbers of the letters that stand for a mailbox: those not our own, or all if all are."""
    others = np.flatnonzero([x.source not in OWN_SOURCES for x in letters])
    return others if len(others) else np.arange(len(letters))


def all_targets(letters: Sequence[TrainingLetter]) -> Array:
    """What every output is asked, side by side in the order of `classifier.heads.weights`; shape (letters, outputs)."""
    return np.hstack([area_targets(letters), type_targets(letters), severity_targets(letters), flag_targets(letters)])
