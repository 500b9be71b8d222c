"""A municipality's own letters made fit to learn from: details of persons blanked, and words of few senders too."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cases.records.masking import STAND_INS
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType, Severity
from classifier.heads.labels import TrainingLetter
from classifier.heads.phrases import FOLDER
from classifier.local.contest import is_locked

Mask = Callable[[str], str]
LEAST_SENDERS = 3
"""A word not in the shipped letters is learnt only once so many different senders have written it (Rulings)."""
SOURCE = "local"
_BLANK = "…"
_WORD = re.compile(r"[^\W\d_]+")
# What a masker may have missed: whatever holds a digit, an address of mail or web; and its own stand-ins.
_NUMBER = re.compile(r"(?<!\S)(?:\S*\d|\S+@\S)\S*|\b(?:https?://|www\.)\S+")
_STAND_INS = re.compile("|".join(map(re.escape, STAND_INS.values())))


@dataclass(frozen=True, slots=True)
class LocalLetter:
    """A letter a person has labelled.

    ``area`` is None where the chosen unit answers for no area; ``unit_id`` is the unit as it is called today.
    """

    id: str
    sender: str
    text: str
    area: Area | None
    unit_id: str
    type: CaseType
    severity: Severity
    language: str


def blanked(text: str, mask: Mask) -> str:
    """The text without names, addresses and numbers."""
    return _NUMBER.sub(_BLANK, _STAND_INS.sub(_BLANK, mask(text)))


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Every word, in lower case."""
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))


def fit_to_learn(letters: Sequence[LocalLetter], known: frozenset[str], mask: Mask) -> list[LocalLetter]:
    """The letters with persons blanked, and every word that is not ``known`` and comes from too few senders.

    Nothing of such a word, not even its pieces, can then reach a model, whatever its features are. All anonymous
    letters count as one sender's.
    """
    masked = [replace(letter, text=blanked(letter.text, mask)) for letter in letters]
    senders = defaultdict[str, set[str]](set)
    for letter in masked:
        for word in words_of([letter.text]) - known:
            senders[word].add(letter.sender)
    usual = known | {word for word, found in senders.items() if len(found) >= LEAST_SENDERS}
    return [replace(letter, text=_only(letter.text, usual)) for letter in masked]


def _only(text: str, usual: frozenset[str]) -> str:
    return _WORD.sub(lambda found: found.group() if found.group().lower() in usual else _BLANK, text)


def write_training(out: Path, shipped: Path, local: Sequence[LocalLetter]) -> int:
    """Write the shipped letters but the locked ones, their phrases, and the local letters that have an area.

    ``out`` is a new folder for `classifier.training.train`; returns how many local letters it holds.
    """
    out.mkdir(mode=0o700)
    for file in sorted(shipped.glob("*.jsonl")) if shipped.is_dir() else [shipped]:
        lines = file.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not is_locked(str(json.loads(line)["id"]))]
        (out / file.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    if (shipped / FOLDER).is_dir():
        shutil.copytree(shipped / FOLDER, out / FOLDER)
    rows = [_row(letter, letter.area) for letter in local if letter.area is not None]
    if rows:
        (out / f"{SOURCE}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return len(rows)


def _row(letter: LocalLetter, area: Area) -> str:
    subject, _, body = letter.text.partition("\n")
    row = {"id": f"{SOURCE}-{letter.id}", "source": SOURCE, "subject": subject, "body": body, "area": area.value}
    row |= {"type": letter.type.value, "severity": letter.severity.value, "language": letter.language}
    return json.dumps({**row, "area_alt": [], "flags": []}, ensure_ascii=False)


def locked_part(letters: Sequence[TrainingLetter]) -> list[TrainingLetter]:
    """The shipped letters no challenger ever learns from, by id."""
    return sorted((letter for letter in letters if is_locked(letter.id)), key=lambda letter: letter.id)
