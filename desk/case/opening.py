"""Reads a case for a page in one transaction, and notes that it was read before anything of it is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.case import Case, CaseStatus
from cases.inbound.documents import StoredDocument
from cases.journal import CaseEvent, EventKind
from cases.letters.drafts import AnswerDraft, SentAnswer
from cases.people.access import AddedReader, User
from cases.ports import Tx
from cases.post.plan import Mark
from cases.records.appeals import Refused
from cases.records.whistle import WhistleDays
from cases.records.wishes import Wish
from cases.steps.answering.closing import sender_waits
from cases.steps.receiving.own_case import own_case
from cases.steps.watching.legal_days import days_of
from cases.steps.working.work import opened
from cases.store.findings import tied_ids
from cases.store.reads import ReadPart
from cases.store.views import CaseFile
from desk.case.incident import merged_files, merged_into
from desk.case.seen import ShownOutside, shown_outside
from desk.context import Asked
from desk.present import actor_name
from desk.rights import Action, Rights, rights

_PAGES = {
    "svara": ReadPart.ANSWERING,
    "lamna-ut": ReadPart.DISCLOSING,
    "avslag": ReadPart.DISCLOSING,
    "dela": ReadPart.SPLITTING,
    "ratta": ReadPart.CORRECTING,
}
_CONTENTS = {"bilagor": ReadPart.FILE, "meddelanden": ReadPart.LETTER, "brev": ReadPart.SENT, "beslut": ReadPart.SENT}


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case and all that its page asks of the store, as of one moment."""

    file: CaseFile
    merged: list[CaseFile]
    main: Case | None
    users: Sequence[User]
    marks: Collection[Mark]
    hallmarks: Sequence[str]
    documents: list[StoredDocument]
    sent: Sequence[SentAnswer]
    drafts: Sequence[AnswerDraft]
    writing: Sequence[tuple[str, datetime]]
    owned: Rights
    outside: ShownOutside
    readers: Sequence[AddedReader]
    refused: Sequence[Refused]
    wishes: Sequence[Wish]
    follows: bool
    whistle: WhistleDays | None
    sender_waits: bool
    tied: Collection[str]
    own_cases: Mapping[str, str]
    """The cases that were made of letters in this one, by the letter's id; empty where this person reads them not."""


def others_writing(person: Asked, tx: Tx, case_id: str) -> list[tuple[str, datetime]]:
    """The colleagues who have begun an answer in the case, by name, and when they last wrote."""
    writers = tx.writers_of(case_id)
    return [(user.name, writers[user.id]) for user in tx.users() if user.id in writers.keys() - {person.user.id}]


def whose_instead(person: Asked, tx: Tx, case: Case) -> str:
    """The name of the colleague who has the case in hand; empty where nobody has, or whoever asks."""
    other = case.assignee_id if case.assignee_id != person.user.id else ""
    return tx.user(other).name if other else ""


def last_answer(tx: Tx, file: CaseFile) -> tuple[CaseEvent, str] | None:
    """The answer that the sender of an answered case has, or will have in a moment, and the name of who gave it."""
    given = [event for event in file.events if event.kind is EventKind.ANSWERED]
    if file.case.status is not CaseStatus.ANSWERED or not given:
        return None
    return given[-1], actor_name(given[-1].actor, {user.id: user.name for user in tx.users()})


def open_file(person: Asked, case_id: str) -> CaseFile:
    """Read a case; its first opening, and every one of a protected case, is noted. Raises NotFound."""
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, person.viewer)
    note_shown(person, file.case)
    return file


def note_shown(person: Asked, case: Case) -> None:
    """Note, before it is shown, that a case that was read is: the first time, and of a protected one each time."""
    if case.opened_at is None or case.protected:
        with person.desk.store.begin() as tx:
            opened(tx, case.id, person.user, person.office, person.now, _part(person))


def _part(person: Asked) -> ReadPart:
    """What of the case this request shows; an act that is refused shows the case's page."""
    _, _, name = person.request.url.path.removeprefix("/arenden/").partition("/")
    first = name.partition("/")[0]
    contents = _CONTENTS if person.request.method == "GET" else {}
    return {**_PAGES, **contents}.get(first, ReadPart.CASE)


def _read(person: Asked, case_id: str) -> ReadCase:
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, person.viewer)
        case, merged = file.case, merged_files(person, tx, file.case)
        owned = rights(case, person.user, person.viewer)
        return ReadCase(
            file=file,
            merged=merged,
            main=merged_into(person, tx, case),
            users=tx.users(),
            marks=tx.marks(case_id),
            hallmarks=tx.hallmarks(case_id),
            documents=[d for one in (file, *merged) for d in _documents(person, tx, one)],
            sent=tx.sent_answers(case_id),
            drafts=tx.drafts_of(case_id, person.user.id),
            writing=others_writing(person, tx, case_id),
            owned=owned,
            outside=shown_outside(person, tx, case, owned),
            readers=tx.readers(case_id) if owned.may(Action.READER) else (),
            refused=tx.refused_of(case_id) if file.papers else (),
            wishes=tx.wishes_of(case_id),
            follows=tx.follows(case_id, person.user.id),
            whistle=days_of(tx, case) if case.whistle and not case.sender.anonymous else None,
            sender_waits=sender_waits(tx, case),
            tied=tied_ids(tx, case_id) if file.linked else (),
            own_cases=_own_cases(person, tx, (file, *merged)),
        )


def _own_cases(person: Asked, tx: Tx, files: Iterable[CaseFile]) -> dict[str, str]:
    made = {m.id: own_case(tx, m.id) for one in files for m in one.messages if m.outsider}
    may = tx.readable([one for one in made.values() if one], person.viewer)
    return {letter: one if one in may else "" for letter, one in made.items() if one}


def _documents(person: Asked, tx: Tx, file: CaseFile) -> Sequence[StoredDocument]:
    return tx.documents(file.case.id, person.viewer) if file.attachments else ()


def read_case(person: Asked, case_id: str) -> ReadCase:
    """A case for its page; that it, or a protected one within it, is read is noted first. Raises NotFound."""
    read = _read(person, case_id)
    for one in read.merged:
        if one.case.protected:
            note_shown(person, one.case)
    note_shown(person, read.file.case)
    return read
