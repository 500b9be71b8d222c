"""Changing a letter's text on the desk: save a draft, approve, go back; each with a line of history."""

from datetime import datetime

from cases.errors import NotAllowed, NotFound
from cases.letters.letter import LetterKind
from cases.letters.texts import LetterSource, LetterWorkshop, TextAct, TextEvent
from cases.office import Office
from cases.people.access import Role, User
from cases.ports import Tx

_STALE = "Någon annan har ändrat brevet sedan du öppnade sidan. Läs deras text och gör om din ändring."


def may_edit(user: User) -> bool:
    """Whether the person may change and approve letters: an administrator, or the municipality's registrator."""
    return user.has(Role.ADMIN) or user.central_registrator


def latest_id(tx: Tx, kind: LetterKind, language: str) -> str:
    """The newest line of a text's history, which a form sends back; empty where there is none."""
    events = tx.text_events(kind, language)
    return events[0].id if events else ""


def change_text(
    tx: Tx,
    kind: LetterKind,
    language: str,
    act: TextAct,
    source: LetterSource | None,
    seen: str,
    by: User,
    workshop: LetterWorkshop,
    office: Office,
    now: datetime,
) -> TextEvent:
    """Save, approve or withdraw. ``source`` None means the text under the desk's own.

    Raises NotAllowed where the person may not, somebody was faster, or lint finds a fault; NotFound without any text.
    """
    if not may_edit(by):
        raise NotAllowed("Brev ändras av en administratör eller av kommunens registrator.")
    if seen != latest_id(tx, kind, language):
        raise NotAllowed(_STALE)
    under = workshop.below(kind, language)
    if source is None and under is None:
        raise NotFound("Brevet har ingen text på det språket.")
    own = source if under is None or source is None or source.digest != under[1].digest else None
    meant = own or (under[1] if under else source)
    assert meant is not None
    faults = () if act is TextAct.WITHDRAWN else workshop.trial(kind, language, meant).faults
    if faults:
        raise NotAllowed(f"Texten har fel som måste rättas först: {' '.join(faults[:3])}")
    kept = None if act is TextAct.WITHDRAWN else own
    event = TextEvent(office.new_id(), kind, language, now, by.id, act, kept, meant.digest)
    tx.add_text_event(event)
    return event
