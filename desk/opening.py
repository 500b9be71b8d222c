"""Reads a case for a page in one transaction, and notes that it was read before anything of it is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cases.access import User
from cases.case import Case
from cases.documents import StoredDocument
from cases.drafts import AnswerDraft, SentAnswer
from cases.plan import Mark
from cases.ports import Tx
from cases.steps.work import opened
from cases.views import CaseFile
from desk.context import Asked
from desk.incident import merged_files, merged_into
from desk.rights import Rights, rights
from desk.seen import ShownOutside, shown_outside


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
    owned: Rights
    outside: ShownOutside


def open_file(person: Asked, case_id: str) -> CaseFile:
    """Read a case; its first opening, and every one of a protected case, is noted. Raises NotFound."""
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, person.viewer)
    if not _note(person, file.case):
        return file
    with person.desk.store.read() as tx:
        return tx.case_file(case_id, person.viewer)


def _note(person: Asked, case: Case) -> bool:
    """Note that a case that was read is shown, before it is; True where the case is another by that."""
    if case.protected or case.opened_at is None:
        with person.desk.store.begin() as tx:
            opened(tx, case.id, person.user, person.office, person.now)
    return case.opened_at is None


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
            owned=owned,
            outside=shown_outside(person, tx, case, owned),
        )


def _documents(person: Asked, tx: Tx, file: CaseFile) -> Sequence[StoredDocument]:
    return tx.documents(file.case.id, person.viewer) if file.attachments else ()


def read_case(person: Asked, case_id: str) -> ReadCase:
    """A case for its page; that it, or a protected one within it, is read is noted first. Raises NotFound."""
    read = _read(person, case_id)
    for one in read.merged:
        if one.case.protected:
            _note(person, one.case)
    return _read(person, case_id) if _note(person, read.file.case) else read
