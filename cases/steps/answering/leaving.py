"""Whether a letter that waited may leave, asked anew at the instant of sending (Rulings, Letters out)."""

from cases.calendar import local_day
from cases.letters.letter import LetterKind, OutboxEntry
from cases.letters.permit import Permit, Verdict, overtaken, permit
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.staff import may_read
from cases.steps.answering.copies import copy_permit
from cases.steps.staff import entitled

# These tell what happens in a case to one who may read it.
_TO_READERS = (LetterKind.BEVAKNING, LetterKind.KOLLEGA_SVARAT)
_NO_READER = Permit(Verdict.WITHHOLD, "Mottagaren läser inte ärendet längre.")
_NOT_THEIRS = Permit(Verdict.WITHHOLD, "Mottagaren har inte hand om ärendet längre.")


def may_leave(tx: Tx, entry: OutboxEntry, office: Office) -> Permit:
    """Whether flags, hold and status still let this letter go, and it is still for whom it is addressed to.

    No word of a case goes to a follower or colleague who may not read it any more. That a colleague has answered is
    told to whoever has the case as the answer leaves.
    """
    if not entry.case_id:
        return Permit(Verdict.SEND)
    return _to_reader(tx, entry, office) or _as_it_stands(tx, entry)


def _to_reader(tx: Tx, entry: OutboxEntry, office: Office) -> Permit | None:
    person = tx.user_by_email(entry.recipient) if entry.letter.kind in _TO_READERS else None
    if person is None:
        return None
    if _for_readers_alone(tx, entry, person) and not may_read(tx, office, entry.case_id, person):
        return _NO_READER
    if entry.letter.kind is LetterKind.KOLLEGA_SVARAT and not _has(tx, entry, person, office):
        return _NOT_THEIRS
    return None


def _has(tx: Tx, entry: OutboxEntry, person: User, office: Office) -> bool:
    return tx.get_case(entry.case_id, SYSTEM).assignee_id in office.viewer(person).holders


def _for_readers_alone(tx: Tx, entry: OutboxEntry, person: User) -> bool:
    """Whether nobody but a reader is to have it; an appeal's days, say, are told to whoever answers for the case."""
    return entry.letter.kind is LetterKind.KOLLEGA_SVARAT or tx.follows(entry.case_id, person.id)


def _as_it_stands(tx: Tx, entry: OutboxEntry) -> Permit:
    case = tx.get_case(entry.case_id, SYSTEM)
    if entry.internal and entry.recipient not in entitled(tx, case, [entry.recipient], local_day(entry.created_at)):
        return _NO_READER
    if too_late := overtaken(entry, lambda: tx.letters_of(case.id)):
        return Permit(Verdict.WITHHOLD, too_late)
    if entry.copy_of:
        return copy_permit(case, tx.get_entry(entry.copy_of))
    return permit(case, entry.letter.kind, automatic=entry.automatic)
