"""Somebody outside the municipality is asked about a case: the contractor, the bus company, another authority.

What is written hands out what it says, so nothing of a protected case goes this way, nothing of the sender goes along
that its writer did not write, and the journal tells whom was asked. ``asked`` takes in what they answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.errors import NotAllowed
from cases.inbound.messages import Attachment
from cases.journal import CaseEvent, EventKind
from cases.letters.drafts import UNDO
from cases.letters.enclosures import check_enclosures, file_names
from cases.letters.letter import Letter, LetterKind, OutboxEntry
from cases.letters.permit import Verdict, permit
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import written
from cases.post.reply_token import staff_reply_to
from cases.records.wishes import Wish
from cases.steps.answering.enclose import enclose_kept, enclose_new
from cases.steps.sender import is_address, is_deaf
from cases.store.views import AttachmentFile

_KIND = LetterKind.FRAGA_UTANFOR


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whom, the address without blanks around it.

    The letter tells ``until``, the last day for the answer, and whoever asked is reminded the day after.
    ``files`` go along, and of the case's own those of the ids ``kept``.
    """

    address: str
    text: str
    until: date | None = None
    files: Sequence[Attachment] = ()
    kept: Sequence[str] = ()


def drafted(tx: Tx, case: Case, question: Question, by: User, office: Office, now: datetime) -> Letter:
    """The letter as it will be sent: in Swedish, whatever the sender of the case writes.

    Raises NotAllowed, its ``part`` "address", "text", "until" or "files", where it may not be.
    """
    verdict = permit(case, _KIND, automatic=False)
    if verdict.verdict is not Verdict.SEND:
        raise NotAllowed(verdict.reason)
    _check_recipient(tx, case, question.address, office)
    if question.until and question.until < local_day(now):
        raise NotAllowed("Välj i dag eller en dag som kommer.", "until")
    values = {"fraga": question.text, "svarsdatum": swedish_date(question.until) if question.until else ""}
    made = written(office, replace(case, language="sv"), _KIND, values, verdict, by)
    if made.letter is None or not made.sendable:
        raise NotAllowed("Skriv vad du vill fråga." if made.missing else made.hindrance, "text")
    check_enclosures([*_kept(tx, case, question), *question.files], office.screen)
    return made.letter


def ask(
    tx: Tx, case_id: str, question: Question, by: User, office: Office, now: datetime, once: str = ""
) -> OutboxEntry:
    """Queue the question, to leave in half a minute. It moves nothing in the case: what the sender was promised stands.

    ``once`` as in ``add_note``. Raises NotAllowed as ``drafted`` does.
    """
    case = tx.hold_case(case_id, office.viewer(by))
    letter, identity = drafted(tx, case, question, by, office, now), once or office.new_id()
    kept, before = _kept(tx, case, question), _asked_before(tx, case, question.address)
    if not tx.add_event_once(CaseEvent(identity, case.id, now, by.id, EventKind.ASKED, _noted(question, kept))):
        return tx.get_entry(identity)
    entry = OutboxEntry(
        id=identity,
        case_id=case.id,
        recipient=question.address,
        letter=letter,
        message_id=office.message_id(identity),
        created_at=now,
        not_before=now + UNDO,
        automatic=False,
        reply_to=staff_reply_to(office, identity, now),
        in_reply_to=before[-1] if before else "",
        references=before,
        created_by=by.id,
    )
    tx.queue(entry)
    if question.files:
        enclose_new(tx, case.id, _KIND, question.files, [entry], by, office, now)
    if kept:
        enclose_kept(tx, entry.id, kept)
    if question.until:
        tx.add_wish(Wish(identity, case.id, by.id, question.until + timedelta(days=1)))
    return entry


def _asked_before(tx: Tx, case: Case, address: str) -> tuple[str, ...]:
    """The Message-IDs of what this address was asked before, oldest first: a question's thread is with them alone.

    Never that of the sender's own mail, whose Message-ID tells where it came from.
    """
    asked = (one for one in tx.letters_of(case.id) if one.letter.kind is _KIND and one.recipient == address)
    return tuple(one.message_id for one in asked)


def _noted(question: Question, kept: Sequence[AttachmentFile]) -> str:
    until = f" Svar senast den {swedish_date(question.until)}." if question.until else ""
    along = f" Ur ärendet går {file_names(kept)} med." if kept else ""
    return f"Till {question.address}.{until}{along}"


def _kept(tx: Tx, case: Case, question: Question) -> list[AttachmentFile]:
    return (
        [one for one in tx.case_file(case.id, SYSTEM).attachments if one.id in question.kept] if question.kept else []
    )


def _check_recipient(tx: Tx, case: Case, address: str, office: Office) -> None:
    if not is_address(address):
        raise NotAllowed("Skriv hela adressen, som namn@mejl.example.", "address")
    if address.lower() in office.own_addresses:
        raise NotAllowed("Adressen är kommunens egen brevlåda. Skriv adressen till den du vill fråga.", "address")
    if is_deaf(address):
        raise NotAllowed("Adressen säger själv att ingen läser svar till den. Välj en annan.", "address")
    if tx.has_sender(case.id, address):
        raise NotAllowed("Adressen är avsändarens. Välj Begär komplettering för att fråga den som skrev.", "address")


def tells_of(case: Case, text: str) -> tuple[str, ...]:
    """What a text tells of whoever wrote to us, in words: a person may have a reason, and is asked about it."""
    sender = case.sender
    lines = [line.strip() for part in sender.address.splitlines() for line in part.split(",")]
    told = {
        "avsändarens namn": sender.name.split(),
        "avsändarens e-postadress": [sender.email],
        "avsändarens telefonnummer": [sender.phone],
        "avsändarens adress": lines,
    }
    return tuple(name for name, words in told.items() if any(len(one) > 2 and _says(text, one) for one in words))


def _says(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE))
