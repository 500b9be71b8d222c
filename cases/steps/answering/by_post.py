"""Answers on paper: the letter that is printed, and the note that it was posted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import ANSWERS, FINAL, LETTER_NAMES, Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.letters.permit import Permit, Verdict
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import Draft, note, written
from cases.routing.flags import FlagKind, active_kinds
from cases.steps.answering.answer import after_letter, letter_sent, owned, tell_whose
from cases.steps.routing.confirm import open_for
from cases.steps.routing.merge import leave_none, whole_values

ON_PAPER = {"papper": "ja"}
"""Lets a letter say *brevet* where it says *mejlet* by mail, and leave out what the head of a paper says."""
# It says that the message is not sent by mail, so it is of no use on paper.
PAPER_ANSWERS = tuple(kind for kind in ANSWERS if kind is not LetterKind.SEKRETESS_SAFE)


def post_permit(case: Case) -> Permit:
    """Whether an answer may go on paper. What a flag forbids by mail may go by post (Rulings, Letters out)."""
    if case.sender.anonymous:
        return Permit(Verdict.WITHHOLD, "Ärendet är anonymt, så ingen återkoppling är möjlig.")
    if case.sender_doubt:
        return Permit(Verdict.WITHHOLD, f"{case.sender_doubt} En registrator behöver bekräfta avsändaren först.")
    return Permit(Verdict.SEND)


def hidden_address(case: Case) -> bool:
    """Whether the address must stand on no paper: Skatteverket forwards the letter (OSL 21:3, 21:3 a)."""
    return FlagKind.SKYDDAD_IDENTITET in active_kinds(case.flags)


def paper_draft(office: Office, case: Case, kind: LetterKind, values: Mapping[str, str], by: User) -> Draft:
    """The letter as it would be printed, what is unfilled, and what must not stand in it."""
    verdict = post_permit(case)
    if verdict.verdict is Verdict.WITHHOLD or kind not in PAPER_ANSWERS:
        return Draft(None, kind, verdict)
    made = written(office, case, kind, values, verdict, by, ON_PAPER)
    return replace(made, letter=replace(made.letter, html="")) if made.letter else made


def letter_posted(
    tx: Tx,
    case_id: str,
    version: int,
    kind: LetterKind,
    values: Mapping[str, str],
    by: User,
    office: Office,
    now: datetime,
) -> OutboxEntry:
    """Keep the printed letter in the case and move the case as that letter means (O25): who posted it, and when.

    Raises NotAllowed where something is missing, or the text holds what must not leave.
    """
    case = open_for(tx, case_id, version, by, office)
    made = paper_draft(office, case, kind, whole_values(tx, office, case, kind, values, now), by)
    if made.letter is None or not made.sendable:
        raise NotAllowed(f"Brevet {LETTER_NAMES[kind]} är inte färdigt. {made.hindrance}")
    case = owned(tx, case, by, office, now)
    entry = _entry(office, case, made.letter, by, now)
    tx.queue(entry)
    way = " genom Skatteverkets förmedling" if hidden_address(case) else ""
    note(tx, office, case.id, EventKind.LETTER_POSTED, now, f"{LETTER_NAMES[kind]}, med post{way}.", by.id)
    after_letter(tx, case, kind, values, by, office, now)
    if kind in FINAL:
        leave_none(tx, tx.get_case(case.id, SYSTEM), office, now, by)
    tx.erase_draft(case.id, by.id, kind)
    tell_whose(tx, case.id, letter_sent(entry), by, office, now)
    return entry


def _entry(office: Office, case: Case, letter: Letter, by: User, now: datetime) -> OutboxEntry:
    identity = office.new_id()
    return OutboxEntry(
        id=identity,
        case_id=case.id,
        # No address: it stands on the case's page, and the outbox sends nothing.
        recipient="",
        letter=letter,
        message_id=office.message_id(identity),
        created_at=now,
        not_before=now,
        status=OutboxStatus.POSTED,
        automatic=False,
        sent_at=now,
        created_by=by.id,
    )
