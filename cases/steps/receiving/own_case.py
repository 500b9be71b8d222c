"""A letter in a case that is somebody else's, as a neighbour's who answered all, becomes a case of its own."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from cases.case import Case
from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import InboundMessage, ScanState, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.routing.flags import ConfidentialityFlag, FlagState
from cases.steps.joining.opening import case_of
from cases.steps.routing.split import taken_along
from cases.steps.sender import Correspondent, correspondent
from cases.store.views import CaseFile, StoredMessage

_NOTHING_OWN = "Brevet har ingen egen text. Skriv av det som behövs under Nytt ärende."
_QUOTES = "I brevet står sådant som andra har skrivit i ärendet. Skriv av bara det egna under Nytt ärende."
# A whole letter, and a line of one, that nobody writes again by chance.
_LETTER, _LINE = 12, 40
_MARKS = re.compile(r"^[ \t>|]+", re.MULTILINE)


def part_from(tx: Tx, case_id: str, message_row_id: str, by: User, office: Office, now: datetime) -> Case:
    """Open a case with whoever wrote this letter; asked again, the one that was opened.

    The letter stays where it came in. What its writer wrote themselves, and their files, go along; what they quote is
    the other case's, and so is its subject. What that case is flagged for acts here too until a person has looked.
    Raises NotFound, NotAllowed for the correspondent's own letter (``split`` parts it), and where it says nothing or
    its quotes could not be told from its own words.
    """
    case = tx.get_case(case_id, office.viewer(by))
    file = tx.case_file(case.id, SYSTEM)
    stored = next((one for one in file.messages if one.id == message_row_id), None)
    if stored is None:
        raise NotFound("Brevet finns inte i ärendet.")
    if not stored.outsider or stored.direction != "in":
        raise NotAllowed("Brevet är avsändarens eget. Dela upp ärendet i stället.")
    found = correspondent(tx, stored.message, office)
    text = _own_words(stored.message, found)
    if _quotes(text, file, stored.id):
        raise NotAllowed(_QUOTES)
    new = case_of(tx, office, stored.received_at, replace(found, subject=text.splitlines()[0][:80]))
    # Asked after the number was drawn: whoever asks for the same at this moment waited there for the first.
    before = own_case(tx, stored.id)
    if before:
        return tx.get_case(before, SYSTEM)
    new = replace(new, authority_id=case.authority_id, flags=tuple(_suggested(case.flags)))
    tx.add_case(new)
    part = _part(tx, case, new, stored, text, by, office)
    tx.add_message(StoredMessage(_id_of(stored.id), new.id, stored.received_at, part, ""))
    tx.link_cases(new.id, case.id, f"Eget ärende av ett brev, gjort av {by.name}", now)
    note(tx, office, new.id, EventKind.RECEIVED, now, f"Kom som svar i {case.number}, där hela brevet finns.", by.id)
    note(tx, office, case.id, EventKind.SPLIT, now, f"Brevet från någon annan är ett eget ärende: {new.number}.", by.id)
    return new


def own_case(tx: Tx, message_row_id: str) -> str:
    """The case that was made of a letter in another one; empty where none was."""
    try:
        return tx.get_message(_id_of(message_row_id)).case_id
    except NotFound:
        return ""


def _id_of(message_row_id: str) -> str:
    """The id of the message that a letter becomes in its own case: the same each time."""
    return sha256(f"own case of {message_row_id}".encode()).hexdigest()[:32]


def _own_words(message: InboundMessage, found: Correspondent) -> str:
    """What the writer newly wrote; of a letter that a colleague passed on, what was passed on."""
    text = message.words if found.forwarded_by else message.message
    if not text.strip():
        raise NotAllowed(_NOTHING_OWN)
    return text.strip()


def _quotes(text: str, file: CaseFile, own_id: str) -> bool:
    """Whether a letter or a line of one that others wrote in the case stands in a text, also between marks of quotes.

    Where somebody wrote nothing new, what is read as newly written is the quote.
    """
    said, letters = _flat(text), [_flat(one.message.message) for one in file.messages if one.id != own_id]
    texts = [*(one.message.text for one in file.messages if one.id != own_id), *(e.letter.text for e in file.letters)]
    lines = (_flat(line) for one in texts for line in one.splitlines())
    telling = [*(one for one in letters if len(one) >= _LETTER), *(one for one in lines if len(one) >= _LINE)]
    return any(one in said for one in telling)


def _flat(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def _suggested(flags: Iterable[ConfidentialityFlag]) -> Iterable[ConfidentialityFlag]:
    """The flags that act, for a person to decide anew, without the passages of the other case's letter."""
    return (ConfidentialityFlag(flag.kind, FlagState.SUGGESTED) for flag in flags if flag.active)


def _part(tx: Tx, case: Case, new: Case, stored: StoredMessage, text: str, by: User, office: Office) -> InboundMessage:
    # What holds a virus stays in quarantine with the letter, and keeps nobody's case from them.
    files = ((n, one) for n, one in enumerate(stored.message.attachments) if one.scan is not ScanState.INFECTED)
    own = [f"{stored.id}-{position}" for position, file in files if not file.inline]
    return not_by_mail(
        new.subject,
        text,
        stored.received_at,
        sender_name=new.sender.name,
        sender_addr=new.sender.email,
        attachments=taken_along(tx, case, own, by, office),
    )
