"""What somebody whom we asked answers: which question it is the answer to, and what it does to the case.

It is theirs and never the sender's: it opens no case again, meets no promise, raises no discontent, and nobody is sent
a receipt for it.
"""

from datetime import datetime

from cases.calendar import local_day
from cases.inbound.authenticity import failed
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal, still_reads
from cases.records.numbering import find_numbers
from cases.steps.answering.by_mail import letters_named
from cases.steps.joining.loops import parroting, woken_enough
from cases.steps.joining.reply import in_main, named
from cases.steps.staff import entitled, owner_addresses

_KIND = LetterKind.FRAGA_UTANFOR


def question_answered(tx: Tx, message: InboundMessage, office: Office) -> OutboxEntry | None:
    """The question that a message answers, whoever outside writes; None where it answers none.

    The sender of the case, taken into the conversation, writes in their own name.
    """
    if message.form is not None:
        return None
    found = _by_address(tx, message, office) or _answered(tx, message) or _by_number(tx, message, office)
    if found is None or found.letter.kind is not _KIND or tx.has_sender(found.case_id, message.from_addr):
        return None
    return found


def _by_address(tx: Tx, message: InboundMessage, office: Office) -> OutboxEntry | None:
    """The signed address goes on holding: a late answer is one, too."""
    named_there = letters_named(tx, message, office)
    return next((one for one, claim in named_there if claim.genuine and one.letter.kind is _KIND), None)


def _answered(tx: Tx, message: InboundMessage) -> OutboxEntry | None:
    """The letter of ours, whichever, that the message answers by its thread."""
    known = (tx.outbox_by_message_id(one) for one in named(message))
    return next((one for one in known if one is not None), None)


def _by_number(tx: Tx, message: InboundMessage, office: Office) -> OutboxEntry | None:
    """A new mail from the very address that was asked, with the case's number in its subject."""
    numbers = () if failed(message.auth) else find_numbers(office.case_pattern, message.subject)
    asked = (one for number in numbers if (case_id := tx.case_by_number(number)) for one in tx.letters_of(case_id))
    theirs = [one for one in asked if one.letter.kind is _KIND and one.recipient.lower() == message.from_addr.lower()]
    return theirs[-1] if theirs else None


def answer_joins(tx: Tx, question: OutboxEntry, message: InboundMessage, office: Office, now: datetime) -> None:
    """Who asked and who has the case are told by a link, and nobody is reminded of the question any more."""
    if parroting(tx, question.case_id, now):
        note(tx, office, question.case_id, EventKind.AUTO_REPLY, now, "Samma text som förut från samma avsändare.")
        return
    doubt = " Avsändaren kunde inte bekräftas (DMARC)." if failed(message.auth) else ""
    note(tx, office, question.case_id, EventKind.ANSWERED_OUTSIDE, now, f"Från {message.from_addr}.{doubt}")
    tx.end_wish(question.case_id, question.id)
    case = in_main(tx, tx.get_case(question.case_id, SYSTEM), EventKind.ANSWERED_OUTSIDE, office, now)
    if woken_enough(tx, case.id, now):
        return
    day, asker = local_day(now), tx.user(question.created_by)
    waits = [asker.email] if still_reads(tx, office, case.id, asker, day) else []
    whom = entitled(tx, case, [*owner_addresses(tx, office, case, day), *waits], day)
    queue_internal(tx, office, case, LetterKind.SVAR_INKOMMET, whom, now=now)
