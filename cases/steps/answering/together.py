"""Linked cases answered at once: one text, a letter to each sender with that case's own number and checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.journal import EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.letters.permit import Verdict
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import draft, note
from cases.steps.answering.answer import answer
from cases.steps.routing.confirm import open_for


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one of the other cases; ``why`` is empty where its sender got the same letter."""

    number: str
    why: str = ""


def answer_together(
    tx: Tx,
    case_id: str,
    version: int,
    others: Sequence[tuple[str, int]],
    kind: LetterKind,
    values: Mapping[str, str],
    by: User,
    office: Office,
    now: datetime,
    copies: Sequence[str] = (),
) -> list[Told]:
    """Answer a case and ``others`` (id and version as shown) with one text; returns what became of the others.

    A case whose flags or address forbid the letter is left to be answered by itself, and says so. ``copies`` are copied
    in on the first case's letter. Raises what ``answer`` raises; then none is answered.
    """
    first = answer(tx, case_id, version, kind, values, by, office, now, copies)
    alike = first.letter.kind is kind
    return [_one(tx, case_id, other, kind, values, by, office, now) for other in others] if alike else []


def _one(
    tx: Tx,
    first_id: str,
    other: tuple[str, int],
    kind: LetterKind,
    values: Mapping[str, str],
    by: User,
    office: Office,
    now: datetime,
) -> Told:
    case = open_for(tx, *other, by, office)
    tx.link_cases(first_id, case.id, f"Besvarat tillsammans av {by.name}", now)
    verdict = draft(office, case, kind, values, by=by).permit
    if verdict.verdict is not Verdict.SEND:
        note(tx, office, case.id, EventKind.LETTER_WITHHELD, now, f"{LETTER_NAMES[kind]}: {verdict.reason}", by.id)
        return Told(case.number, verdict.reason)
    answer(tx, case.id, case.version, kind, values, by, office, now)
    return Told(case.number)
