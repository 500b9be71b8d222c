"""Kopia till: who may be copied in on an answer, whom to offer, and whether a copy may still leave.

Each copy is a letter of its own, handed in to one address: it is claimed, sent at most once, tried again, refused and
bounced by itself, so that nothing that becomes of it is ever taken for the citizen's answer. All show the same To and
Cc, as people expect (`cases.post.citizen` makes them).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.case import Case
from cases.errors import DeliveryError, NotAllowed
from cases.inbound.authenticity import failed
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.addresses import ascii_address
from cases.letters.letter import NEVER_LEFT, OutboxEntry, OutboxStatus
from cases.letters.permit import Permit, Verdict, permit
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.reply_token import is_reply_address
from cases.steps.answering.letters_out import resend_letter
from cases.steps.sender import is_address, is_deaf
from cases.store.views import CaseFile

MOST_COPIES = 5
_BETWEEN = re.compile(r"[\s,;]+")
_PROTECTED = "Ärendet är skyddat, så ingen annan än avsändaren får brevet. Ta bort adresserna under Kopia till."
_REACHED_NOBODY = (OutboxStatus.FAILED, OutboxStatus.BOUNCED, OutboxStatus.UNCERTAIN, OutboxStatus.AWAITING_RETRY)
_ALONE = "Brevet till avsändaren gick inte, så ingen får en kopia av det."


def read_addresses(text: str) -> tuple[str, ...]:
    """The addresses of a field, parted by commas, semicolons, blanks or lines; each once, however it is written."""
    found = dict[str, str]()
    for one in filter(None, _BETWEEN.split(text)):
        found.setdefault(one.lower(), one)
    return tuple(found.values())


def check_copies(tx: Tx, case: Case, addresses: Sequence[str], office: Office) -> None:
    """Raises NotAllowed, its ``part`` "copies", where one may not be copied in, with what to do about it."""
    if not addresses:
        return
    hindrance = _PROTECTED if case.protected else ""
    if len(addresses) > MOST_COPIES:
        hindrance = f"Högst {MOST_COPIES} kan få en kopia. Ta bort några."
    hindrance = hindrance or next(filter(None, (_hindrance(tx, case, one, office) for one in addresses)), "")
    if hindrance:
        raise NotAllowed(hindrance, "copies")


def _hindrance(tx: Tx, case: Case, address: str, office: Office) -> str:
    if not _mailable(address):
        return f"Adressen {address} går inte att skicka till. Skriv den som namn@mejl.example."
    if _ours(address, office):
        return f"Adressen {address} är kommunens egen brevlåda. Ärendet har redan brevet."
    if is_deaf(address):
        return f"Adressen {address} säger själv att ingen läser det som kommer dit. Ta bort den eller skriv en annan."
    if address.lower() == case.sender.email.lower():
        return f"Adressen {address} är avsändarens, som får själva brevet. Ta bort den eller skriv en annan."
    person = tx.user_by_email(address)
    # A mail to staff is a link (Rulings): a colleague reads the letter in the case.
    return (
        f"{person.name} är en kollega och läser brevet i ärendet. Ta bort {address} eller skriv en annan."
        if person
        else ""
    )


def _mailable(address: str) -> bool:
    try:
        return is_address(address) and bool(ascii_address(address))
    except DeliveryError:
        return False


def _ours(address: str, office: Office) -> bool:
    return address.lower() in office.own_addresses or is_reply_address(address, office)


def offered_copies(tx: Tx, file: CaseFile, office: Office) -> list[str]:
    """Whom the citizen's own letters went to beside us, and who may be copied in; none of a protected case."""
    if file.case.protected:
        return []
    mine = (one.message for one in file.messages if one.direction == "in" and not one.outsider)
    return beside_us(tx, file.case, (one for one in mine if one.form is None), office)


def beside_us(tx: Tx, case: Case, messages: Iterable[InboundMessage], office: Office) -> list[str]:
    """Whom these went to beside us, and who could be copied in: no robot, no colleague, not the sender."""
    named = " ".join(one.addr for message in messages for one in (*message.to, *message.cc))
    return [one for one in read_addresses(named) if not _hindrance(tx, case, one, office)]


def copy_permit(case: Case, answer: OutboxEntry) -> Permit:
    """Whether a copy of that answer may leave just now: never without the answer, nor once the case is protected."""
    if case.protected:
        return Permit(Verdict.WITHHOLD, _PROTECTED)
    if answer.status in NEVER_LEFT:
        return Permit(Verdict.WITHHOLD, _ALONE)
    return permit(case, answer.letter.kind, automatic=False) if answer.waits else Permit(Verdict.SEND)


def readdress_copy(tx: Tx, entry_id: str, address: str, by: User, office: Office, now: datetime) -> OutboxEntry:
    """Send a copy that did not come where it was sent to the right address; what stood there stays in the journal.

    Raises NotAllowed, its ``part`` "copies" where the address will not do, and where the copy may still come there.
    """
    right = address.strip()
    # Held before the letter, as whoever sends it again does.
    case = tx.hold_case(tx.get_entry(entry_id).case_id, office.viewer(by))
    entry = tx.hold_entry(entry_id)
    if not entry.copy_of or entry.status not in _REACHED_NOBODY:
        raise NotAllowed("Brevet är inte en kopia som inte har kommit fram, så adressen går inte att rätta här.")
    if not right:
        raise NotAllowed("Skriv adressen som kopian ska gå till.", "copies")
    check_copies(tx, case, (right,), office)
    others = (one for one in tx.letters_of(case.id) if one.copy_of == entry.copy_of and one.id != entry.id)
    if any(one.recipient.lower() == right.lower() for one in others):
        raise NotAllowed(f"{right} har redan en egen kopia.", "copies")
    tx.redirect_entry(entry.id, right)
    note(tx, office, case.id, EventKind.CORRECTED, now, f"Kopian till {entry.recipient} går nu till {right}.", by.id)
    if not entry.waits:
        resend_letter(tx, entry.id, by, office, now)
    return tx.get_entry(entry.id)


def copied_in(letters: Iterable[OutboxEntry], message: InboundMessage) -> bool:
    """Whether one of these letters was copied to whoever wrote this, as far as can be told."""
    writer = message.from_addr.lower()
    return not failed(message.auth) and any(one.copy_of and one.recipient.lower() == writer for one in letters)
