"""What a person does with a letter that is in the outbox or was: stop it, or send it again."""

from dataclasses import replace
from datetime import datetime

from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import ANSWERS, OutboxStatus
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.answering.enclose import leave_out_alone


def cancel_letter(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> None:
    """Stop a letter that has not left, or close one whose delivery is uncertain or failed.

    Files that nobody got go with it.
    """
    entry = tx.hold_entry(entry_id)
    tx.get_case(entry.case_id, office.viewer(by))
    if entry.status in (OutboxStatus.SENT, OutboxStatus.INFLIGHT, OutboxStatus.BOUNCED, OutboxStatus.POSTED):
        raise NotAllowed("Brevet har redan lämnat kommunen och kan inte stoppas.")
    tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    if entry.status is not OutboxStatus.UNCERTAIN:
        leave_out_alone(tx, entry)
        # Nobody waits for the answer to a question that was never asked.
        tx.end_wish(entry.case_id, entry.id)
    note(tx, office, entry.case_id, EventKind.LETTER_CANCELLED, now, entry.name, by.id)


def resend_letter(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> None:
    """Try a failed, uncertain, bounced or withheld letter again, same Message-ID; the sending asks again what may go.

    A citizen's goes to the address that the case has now: it may have been put right since.
    """
    entry = tx.get_entry(entry_id)
    if entry.case_id:
        # Held before the letter, as whoever puts the address right does.
        email = tx.hold_case(entry.case_id, office.viewer(by)).sender.email
        if entry.to_citizen and email:
            tx.redirect_entry(entry.id, email)
    entry = tx.hold_entry(entry_id)
    if entry.status not in (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN, OutboxStatus.WITHHELD, OutboxStatus.BOUNCED):
        raise NotAllowed("Brevet väntar redan på att skickas.")
    if entry.status is OutboxStatus.WITHHELD and not entry.automatic and entry.letter.kind in ANSWERS:
        # The case was put back when it was withheld, and would know nothing of it.
        raise NotAllowed("Brevet hölls inne och räknas inte i ärendet. Skriv det på nytt under Svara.")
    tx.update_entry(replace(entry, status=OutboxStatus.QUEUED, attempts=0, retry_at=None, not_before=now, error=""))
    if entry.case_id:
        note(tx, office, entry.case_id, EventKind.LETTER_QUEUED, now, entry.name, by.id)
