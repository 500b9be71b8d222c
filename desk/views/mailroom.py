"""The mail room: messages without a case, what could not be read, and letters that did not get away."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from cases.access import EVERYWHERE, Grant, Role
from cases.errors import NotFound
from cases.letters import OutboxEntry, OutboxStatus
from cases.ports import Tx
from cases.steps.by_hand import adopt
from cases.views import StoredMessage
from desk.context import Asked, Keeper, NoRole, Registrator
from desk.forms import Form
from desk.present import when_words

router = APIRouter()
_LOOK_AT = (OutboxStatus.UNCERTAIN, OutboxStatus.FAILED, OutboxStatus.BOUNCED, OutboxStatus.WITHHELD)
_UNDERWAY = (OutboxStatus.QUEUED, OutboxStatus.AWAITING_RETRY, OutboxStatus.INFLIGHT)


def _central(person: Asked) -> Asked:
    """Loose mail belongs to nobody yet, so only a central registrator sees it. Raises NoRole for others."""
    if Grant(Role.REGISTRATOR, EVERYWHERE) not in person.user.grants:
        raise NoRole("Sidan hör till kommunens registrator.")
    return person


@router.get("/inkommet")
def loose(person: Registrator) -> Response:
    with _central(person).desk.store.read() as tx:
        messages = tx.loose_messages()
    rows = [(message, when_words(message.received_at, person.now)) for message in messages]
    return person.page("loose.html", rows=rows)


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
    return person.page("loose_message.html", stored=stored, message=stored.message)


@router.post("/inkommet/{message_id}/arende")
def make_case(message_id: str, person: Registrator, form: Form) -> Response:  # noqa: ARG001 - asked for its token
    with _central(person).desk.store.begin() as tx:
        _loose(tx, message_id)
        case = adopt(tx, message_id, person.user, person.office, person.now)
    return person.go(f"/arenden/{case.id}", f"Meddelandet är nu ärende {case.number}.")


@router.get("/karantan")
def quarantine(person: Keeper) -> Response:
    with person.desk.store.read() as tx:
        rows = tx.quarantined()
    return person.page("quarantine.html", rows=rows)


@router.post("/karantan/{raw_id}/igen")
def retry(raw_id: str, person: Keeper, form: Form) -> Response:  # noqa: ARG001
    with person.desk.store.begin() as tx:
        if raw_id not in {row.raw_id for row in tx.quarantined()}:
            raise NotFound("Not in quarantine.")
        tx.retry_quarantined(raw_id, person.now)
    return person.go("/karantan", "Meddelandet läses på nytt inom en minut.")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A letter in the outbox; ``number`` and ``recipient`` are empty for one who may not read its case."""

    entry: OutboxEntry
    number: str
    recipient: str
    when: str


@router.get("/utkorg")
def outbox(person: Keeper) -> Response:
    with person.desk.store.read() as tx:
        stuck = [s for e in tx.entries(_LOOK_AT) if (s := _shown(tx, person, e))]
        underway = [s for e in tx.entries(_UNDERWAY) if (s := _shown(tx, person, e))]
        counts = tx.state_counts()
    return person.page("outbox.html", stuck=stuck, underway=underway, counts=counts)


def _shown(tx: Tx, person: Asked, entry: OutboxEntry) -> ShownEntry | None:
    """An entry as this person may see it: whole to the case's readers, bare to an administrator, else not at all."""
    when = when_words(entry.created_at, person.now)
    try:
        number = tx.get_case(entry.case_id, person.viewer).number if entry.case_id else ""
    except NotFound:
        return ShownEntry(entry, "", "", when) if person.user.has(Role.ADMIN) else None
    return ShownEntry(entry, number, entry.recipient, when)
