"""Letters on paper become cases before anybody reads them; what a machine then reads is kept, and a blankett fills in.

A scanned letter counts as received when its file came, so the case is made at once and the reading follows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.case import WAITING, Case, Channel, Party
from cases.inbound.documents import DocumentText, FilledBlankett, WaitingDocument, needs_reading
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.joining.opening import open_case
from cases.store.mail_store import KeptRaw
from cases.store.views import StoredMessage

SUBJECT = "Brev på papper"
_DOUBT = "Avsändarens e-postadress är läst av maskin ur en blankett och kan vara fel."


def open_letters(
    tx: Tx, raw: KeptRaw, letters: Sequence[Attachment], office: Office, now: datetime
) -> Sequence[tuple[str, str]]:
    """Make a case of each letter in a scanned file, in the transaction that marks the file as read.

    Returns (case id, message id) pairs; none where another machine did it in the meantime. Nobody is known to have
    written them until a registrator or a blankett says so.
    """
    if not tx.mark_read([raw.id], now):
        return []
    many = len(letters) > 1
    return [_open(tx, raw, letter, office, now, part=i if many else 0) for i, letter in enumerate(letters, 1)]


def _open(tx: Tx, raw: KeptRaw, letter: Attachment, office: Office, now: datetime, *, part: int) -> tuple[str, str]:
    case = open_case(tx, office, raw.received_at, Channel.LETTER, Party(), SUBJECT)
    tx.add_case(case)
    message, row_id = not_by_mail(SUBJECT, "", raw.received_at, attachments=(letter,)), office.new_id()
    tx.add_message(StoredMessage(row_id, case.id, raw.received_at, message, raw.id))
    text = f"Brev nummer {part} i en inskannad bunt." if part else "Inskannat brev."
    by_hand = "" if needs_reading(letter) else " Filtypen läses inte av maskin."
    note(tx, office, case.id, EventKind.RECEIVED, now, f"{text} Fyll i avsändaren för hand.{by_hand}")
    return case.id, row_id


def keep_reading(
    tx: Tx, document: WaitingDocument, read: DocumentText, filled: FilledBlankett | None, office: Office, now: datetime
) -> None:
    """Keep what a document says; the journal tells what no machine could read, and a blankett fills in the case."""
    tx.add_document(document.attachment_id, read, now)
    if not document.case_id:
        return
    if not read.machine_read:
        note(tx, office, document.case_id, EventKind.NOTE, now, f"En bilaga är inte läst av maskin. {read.note}")
    if filled is not None:
        _fill(tx, tx.get_case(document.case_id, SYSTEM), filled, office, now)


def _fill(tx: Tx, case: Case, filled: FilledBlankett, office: Office, now: datetime) -> None:
    """Only what is empty, and only before a person has taken the case: what somebody wrote is never overwritten."""
    if case.status not in WAITING:
        return
    sender = _with(case.sender, filled)
    subject = filled.subject if filled.subject and case.subject in ("", SUBJECT) else case.subject
    if sender == case.sender and subject == case.subject:
        return
    # A misread address is somebody else's: a person looks at the picture before anything is sent there.
    doubt = case.sender_doubt or (_DOUBT if sender.email != case.sender.email else "")
    tx.save_case(replace(case, sender=sender, subject=subject, sender_doubt=doubt))
    note(tx, office, case.id, EventKind.NOTE, now, "Blankettens fält är lästa av maskin. Jämför dem med bilden.")


def _with(sender: Party, filled: FilledBlankett) -> Party:
    if sender.anonymous:
        return sender
    found = {name: getattr(filled, name) for name in ("name", "email", "phone", "address")}
    return replace(sender, **{name: value for name, value in found.items() if value and not getattr(sender, name)})
