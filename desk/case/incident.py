"""What the case page shows of other cases of the same incident: offers, merged cases, and whom to answer along."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.case import Case
from cases.errors import NotAllowed, NotFound
from cases.letters.permit import Verdict
from cases.ports import Tx
from cases.post.citizen import draft
from cases.steps.routing.merge import check_merge
from cases.store.findings import merged_ids
from cases.store.views import CaseFile, SameIncident
from cases.ties import TieKind
from desk.case.letterform import LetterForm
from desk.case.rows import Row, make_rows
from desk.context import Asked
from desk.rights import Action, rights

HERE, THERE = "hit", "dit"


@dataclass(frozen=True, slots=True)
class Offer:
    """A case that may be of the same incident, and what can be done about it just now.

    ``way`` is ``hit`` where it can be put into the case shown, ``dit`` the other way about, empty where neither.
    """

    row: Row
    shared: str
    copy: bool
    way: str
    answerable: bool


@dataclass(frozen=True, slots=True)
class Along:
    """A linked case that the same text can answer; ``why`` says why its sender does not get the letter."""

    case: Case
    row: Row
    ticked: bool
    why: str

    @property
    def value(self) -> str:
        """Case and version, for the form."""
        return f"{self.case.id}:{self.case.version}"


def offers(person: Asked, tx: Tx, case: Case) -> list[Offer]:
    """Cases of the same incident as the store finds them among those this person may read."""
    return [_offer(person, tx, case, found) for found in tx.same_incident(case.id, person.viewer)]


def _offer(person: Asked, tx: Tx, case: Case, found: SameIncident) -> Offer:
    other = tx.get_case(found.line.id, person.viewer)
    (row,) = make_rows([found.line], person.office, person.now)
    shared, copy = ", ".join(found.likeness.shared[:3]), found.likeness.copy
    return Offer(row, shared, copy, merging(person, case, other), _answerable(person, other))


def merging(person: Asked, case: Case, other: Case) -> str:
    """Which way two cases can be merged: the younger into the older, unless only the other way is possible."""
    younger_first = [(HERE, other, case), (THERE, case, other)]
    if other.received_at < case.received_at:
        younger_first.reverse()
    return next((way for way, moved, into in younger_first if _mergeable(person, moved, into)), "")


def _mergeable(person: Asked, moved: Case, into: Case) -> bool:
    may = rights(moved, person.user, person.viewer).may(Action.MERGE)
    if not may or not rights(into, person.user, person.viewer).may(Action.LINK):
        return False
    try:
        check_merge(moved, into)
    except NotAllowed:
        return False
    return True


def _answerable(person: Asked, case: Case) -> bool:
    return rights(case, person.user, person.viewer).may(Action.ANSWER)


def merged_files(person: Asked, tx: Tx, case: Case) -> list[CaseFile]:
    """The cases merged into this one that this person may read; whoever shows them notes the reading."""
    return [file for one in merged_ids(tx, case.id) if (file := _file(tx, one, person)) is not None]


def _file(tx: Tx, case_id: str, person: Asked) -> CaseFile | None:
    try:
        return tx.case_file(case_id, person.viewer)
    except NotFound:
        return None


def merged_into(person: Asked, tx: Tx, case: Case) -> Case | None:
    """The case this one is answered in, where the person may read it."""
    tie = tx.tie(case.id, TieKind.MERGED)
    file = _file(tx, tie.other_id, person) if tie is not None else None
    return file.case if file is not None else None


def alongs(person: Asked, file: CaseFile, made: LetterForm | None, ticked: Sequence[str]) -> list[Along]:
    """The linked cases this person may answer; ``ticked`` holds ids, or ids with their version."""
    chosen = {one.partition(":")[0] for one in ticked}
    with person.desk.store.read() as tx:
        cases = [tx.get_case(line.id, person.viewer) for line in file.linked]
    rows = make_rows(file.linked, person.office, person.now)
    return [
        Along(case, row, case.id in chosen, _why_not(person, case, made))
        for case, row in zip(cases, rows, strict=True)
        if _answerable(person, case)
    ]


def _why_not(person: Asked, case: Case, made: LetterForm | None) -> str:
    if made is None:
        return ""
    permit = draft(person.office, case, made.kind, made.values, by=person.user).permit
    return "" if permit.verdict is Verdict.SEND else permit.reason
