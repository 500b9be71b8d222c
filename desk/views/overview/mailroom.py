"""The mail room: messages without a case, what could not be read, and letters that did not get away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day, swedish_time
from cases.case import CaseStatus
from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import Attachment
from cases.letters.letter import OUTBOX_NAMES, OutboxEntry, OutboxStatus
from cases.letters.outgoing import SENDING_HELD, ListedEntry
from cases.people.access import Role
from cases.ports import Tx
from cases.steps.receiving.by_hand import adopt
from cases.steps.receiving.unread import open_unread, quarantined_one
from cases.store.views import StoredMessage
from desk.context import Asked, Keeper, NoRole, Registrator
from desk.forms import Form, one_of
from desk.present import when_words, without_addresses
from desk.sheets import download, stamp

router = APIRouter()
_LOOK_AT = (OutboxStatus.UNCERTAIN, OutboxStatus.FAILED, OutboxStatus.BOUNCED, OutboxStatus.WITHHELD)
_EXPORTED = 20_000
_COLUMNS = ("Brev", "Läge", "Ärende", "Mottagare", "Skrivet", "Skickat", "Försök", "Skäl")
_UNDERWAY = (OutboxStatus.QUEUED, OutboxStatus.AWAITING_RETRY, OutboxStatus.INFLIGHT)


def _central(person: Asked) -> Asked:
    """Loose mail belongs to nobody yet, so only a central registrator sees it. Raises NoRole for others."""
    if not person.user.central_registrator:
        raise NoRole("Sidan hör till kommunens registrator.")
    return person


@router.get("/inkommet")
def loose(person: Registrator) -> Response:
    with _central(person).desk.store.read() as tx:
        messages = tx.loose_messages()
    rows = [(message, when_words(message.received_at, person.now)) for message in messages]
    return person.page("overview/loose.html", rows=rows)


def _loose(tx: Tx, message_id: str) -> StoredMessage:
    """A message that still has no case: those of cases are read on their case alone. Raises NotFound."""
    stored = tx.get_message(message_id)
    if stored.case_id:
        raise NotFound("The message belongs to a case.")
    return stored


@router.get("/inkommet/{message_id}")
def loose_message(message_id: str, person: Registrator) -> Response:
    with _central(person).desk.store.read() as tx:
        stored = _loose(tx, message_id)
    return person.page("overview/loose_message.html", stored=stored, message=stored.message)


@router.post("/inkommet/{message_id}/arende")
def make_case(message_id: str, person: Registrator, _form: Form) -> Response:
    with _central(person).desk.store.begin() as tx:
        stored = tx.get_message(message_id)
        if stored.case_id:
            # Pressed twice, or a colleague was first: the case is there.
            case = tx.get_case(stored.case_id, person.viewer)
        else:
            case = adopt(tx, message_id, person.user, person.office, person.now)
    return person.go(f"/arenden/{case.id}", f"Meddelandet är nu ärende {case.number}.")


@router.get("/karantan")
def quarantine(person: Keeper) -> Response:
    with person.desk.store.read() as tx:
        rows = tx.quarantined()
    return person.page("overview/quarantine.html", rows=rows, central=person.user.central_registrator)


@router.post("/karantan/{raw_id}/igen")
def retry(raw_id: str, person: Keeper, _form: Form) -> Response:
    with person.desk.store.begin() as tx:
        quarantined_one(tx, raw_id)
        tx.retry_quarantined(raw_id, person.now)
    return person.go("/karantan", "Meddelandet läses på nytt inom en minut.")


@router.post("/karantan/{raw_id}/arende")
def take_out(raw_id: str, person: Registrator, _form: Form) -> Response:
    """What no machine can read becomes a case, and a registrator reads the original there."""
    with _central(person).desk.store.begin() as tx:
        case = open_unread(tx, raw_id, partial(_as_file, person), person.user, person.office, person.now)
    return person.go(
        f"/arenden/{case.id}", f"Brevet är nu ärende {case.number}. Öppna originalet och fyll i avsändaren."
    )


def _as_file(person: Asked, content: bytes) -> Attachment:
    attach = person.desk.settings.attach
    if attach is None:
        raise NotAllowed("Filer kan inte tas emot här.")
    return attach("", "application/octet-stream", content)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A letter in the outbox; ``number`` and ``recipient`` are empty for one who may not read its case.

    ``leaves`` says when one that waits goes, or is tried again. ``over`` is true of one that bounced in a case which
    has been closed since: nobody need do anything about it.
    """

    entry: OutboxEntry
    number: str
    recipient: str
    when: str
    reason: str
    leaves: str
    over: bool = False


@router.get("/utkorg")
def outbox(person: Keeper, lage: str = "") -> Response:
    """What needs somebody and what is underway; of one state alone where it is asked for."""
    wanted = one_of(OutboxStatus, lage)
    with person.desk.store.read() as tx:
        stuck = _entries(tx, person, [s for s in _LOOK_AT if wanted in (None, s)])
        stuck = [one for one in stuck if wanted or not one.over]
        underway = _entries(
            tx, person, [s for s in (_UNDERWAY if wanted is None else OutboxStatus) if _other(s, wanted)]
        )
        held = bool(tx.setting(SENDING_HELD))
    return person.page("overview/outbox.html", stuck=stuck, underway=underway, wanted=wanted or "", held=held)


def _other(status: OutboxStatus, wanted: OutboxStatus | None) -> bool:
    """Whether letters in this state stand in the page's second part."""
    return status not in _LOOK_AT and wanted in (None, status)


@router.get("/utkorg.csv")
def outbox_csv(person: Keeper, lage: str = "") -> Response:
    """The letters of that state, or of all, as a spreadsheet; nothing of what they say."""
    wanted = one_of(OutboxStatus, lage)
    with person.desk.store.read() as tx:
        found = _entries(tx, person, [wanted] if wanted else list(OutboxStatus), _EXPORTED)
    return download(f"utkorg {local_day(person.now)}", _COLUMNS, map(_cells, found))


def _entries(tx: Tx, person: Asked, statuses: Sequence[OutboxStatus], limit: int = 200) -> list[ShownEntry]:
    """Whole to the case's readers; bare to an administrator, who reads no case; to others not at all."""
    found = tx.entries(statuses, person.viewer, limit, unreadable=person.user.has(Role.ADMIN))
    return [_shown(person, one) for one in found]


def _cells(one: ShownEntry) -> tuple[str, ...]:
    entry = one.entry
    sent = stamp(entry.sent_at) if entry.sent_at else ""
    head = (entry.name, OUTBOX_NAMES[entry.status], one.number, one.recipient)
    return (*head, stamp(entry.created_at), sent, str(entry.attempts), one.reason)


def _shown(person: Asked, one: ListedEntry) -> ShownEntry:
    entry, when = one.entry, when_words(one.entry.created_at, person.now)
    leaves = _leaves(entry, person.now)
    if entry.case_id and not one.number:
        return ShownEntry(entry, "", "", when, _said(entry), leaves)
    over = one.case_status is CaseStatus.CLOSED and entry.status is OutboxStatus.BOUNCED
    return ShownEntry(entry, one.number, entry.recipient, when, entry.error, leaves, over)


def _leaves(entry: OutboxEntry, now: datetime) -> str:
    """When one that waits goes: at night and on days off it lies there for hours, and is not stuck."""
    if entry.status is OutboxStatus.AWAITING_RETRY and entry.retry_at:
        return f"Nästa försök {swedish_time(entry.retry_at)}."
    waits = entry.status is OutboxStatus.QUEUED and entry.not_before > now
    return f"Går {swedish_time(entry.not_before)}." if waits else ""


def _said(entry: OutboxEntry) -> str:
    """Why, for one who may not read the case: what the mail server said, or that a rule holds the letter."""
    return "Skälet står i ärendet." if entry.status is OutboxStatus.WITHHELD else without_addresses(entry.error)
