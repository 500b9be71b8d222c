"""Keeping standard texts, and which of them an answer in a case may be written with."""

from datetime import datetime

from cases.case import Case
from cases.errors import NotAllowed, NotFound
from cases.letters.standard_texts import StandardText, StandardTexts
from cases.office import Office
from cases.people.access import User

_LONGEST_NAME = 100
_STALE = "Någon annan har ändrat eller tagit bort texten sedan du öppnade sidan. Ingenting ändrades."


def offered(tx: StandardTexts, case: Case, office: Office) -> list[StandardText]:
    """Those of the case's unit, then those for every unit."""
    mine = [one for one in tx.standard_texts() if office.organisation.unit_now(one.unit_id) in {"", case.unit_id}]
    return sorted(mine, key=lambda one: not one.unit_id)


def may_keep(user: User, unit_id: str, office: Office) -> bool:
    """Whether the person may write and change a unit's texts: who works there; every unit's, a central registrator."""
    viewer = office.viewer(user)
    return viewer.sees_unflagged or office.organisation.unit_now(unit_id) in viewer.member_units


def keep_text(
    tx: StandardTexts,
    old: StandardText | None,
    unit_id: str,
    name: str,
    text: str,
    by: User,
    office: Office,
    now: datetime,
) -> StandardText:
    """Write a new text (``old`` None) or change one.

    Raises NotAllowed, its ``part`` "unit", "name" or "text", where the person may not, or something is missing.
    """
    if not may_keep(by, unit_id, office) or (old and not may_keep(by, old.unit_id, office)):
        raise NotAllowed("Du kan bara skriva standardtexter för dina egna enheter.", "unit")
    if not name.strip():
        raise NotAllowed("Ge texten ett namn, så att den går att hitta.", "name")
    if len(name) > _LONGEST_NAME:
        raise NotAllowed(f"Namnet får ha högst {_LONGEST_NAME} tecken.", "name")
    if not text.strip():
        raise NotAllowed("Skriv texten.", "text")
    if faults := office.screen(name):
        raise NotAllowed(" ".join(faults), "name")
    if faults := office.screen(text):
        raise NotAllowed(" ".join(faults), "text")
    kept = StandardText(old.id if old else office.new_id(), unit_id, name.strip(), text.strip(), now, by.id)
    tx.save_standard_text(kept)
    return kept


def remove_text(tx: StandardTexts, old: StandardText, by: User, office: Office) -> None:
    """Take a text away. Raises NotAllowed where the person may not."""
    if not may_keep(by, old.unit_id, office):
        raise NotAllowed("Du kan bara ta bort dina egna enheters standardtexter.")
    tx.erase_standard_text(old.id)


def text_as_seen(tx: StandardTexts, text_id: str, seen: str) -> StandardText:
    """The text that a page showed, as it stood then. Raises NotFound, and NotAllowed where it was changed since."""
    found = next((one for one in tx.standard_texts() if one.id == text_id), None)
    if found is None:
        raise NotFound("Standardtexten finns inte längre.")
    if found.changed_at.isoformat() != seen:
        raise NotAllowed(_STALE)
    return found
