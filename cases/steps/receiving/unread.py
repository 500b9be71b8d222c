"""A letter that no machine could read becomes a case by hand: it has come in all the same (NJA 2024 s. 3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cases.case import Case, Channel, Party
from cases.errors import DamagedContent, NotAllowed, NotFound
from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.joining.opening import in_mailbox, open_case
from cases.store.views import Quarantined, StoredMessage

_SUBJECT = "Brev som ingen maskin kunde läsa"
_UNREAD = "Ingen maskin kunde läsa brevet. Öppna originalet och fyll i avsändaren och vad saken gäller."

_DAMAGED = (
    "Filen från skannern har skadats sedan den sparades och går inte att öppna. Läs pappret, eller be "
    "systemförvaltaren hämta filen ur mappen för lästa filer eller ur en säkerhetskopia."
)


def quarantined_one(tx: Tx, raw_id: str) -> Quarantined:
    """One of what lies in quarantine. Raises NotFound."""
    found = next((one for one in tx.quarantined() if one.raw_id == raw_id), None)
    if found is None:
        raise NotFound("Not in quarantine.")
    return found


def open_unread(
    tx: Tx, raw_id: str, attach: Callable[[bytes], Attachment], by: User, office: Office, now: datetime
) -> Case:
    """Make a case of a letter in quarantine, as it came and when it came; nobody is known to have written it yet.

    ``attach`` makes a file of what came from a scanner's folder, which is no mail whose original can be opened.
    Raises NotFound, and NotAllowed where it is being read again just now.
    """
    raw = quarantined_one(tx, raw_id)
    tx.retry_quarantined(raw_id, now)
    if not tx.mark_read([raw_id], now):
        raise NotAllowed("Brevet läses på nytt just nu. Vänta en minut.")
    paper = raw.mailbox.startswith(DROP_FOLDER)
    channel = Channel.LETTER if paper else Channel.EMAIL
    case = replace(open_case(tx, office, raw.received_at, channel, Party(), _SUBJECT), registered_by=by.id)
    case = in_mailbox(tx, case, raw.mailbox, office, now)
    tx.add_case(case)
    files, why = _as_files(tx, raw_id, attach) if paper else ((), _UNREAD)
    message = replace(not_by_mail(_SUBJECT, "", raw.received_at, attachments=files), unreadable=why)
    stored = StoredMessage(office.new_id(), case.id, raw.received_at, message, raw_id)
    tx.add_message(stored)
    note(tx, office, case.id, EventKind.RECEIVED, now, f"Taget ur karantänen av {by.name}. {raw.error}", by.id)
    return case


def _as_files(tx: Tx, raw_id: str, attach: Callable[[bytes], Attachment]) -> tuple[tuple[Attachment, ...], str]:
    """What was scanned as the case's file, and what is said of it; a paper has come in though its file is damaged."""
    try:
        return (attach(tx.raw_content(raw_id)),), _UNREAD
    except DamagedContent:
        return (), _DAMAGED
