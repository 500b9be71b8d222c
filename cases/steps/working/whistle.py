"""Noting that a whistle-blower was told what the law asks, or why they are not told that the report came."""

from datetime import datetime

from cases.case import Case
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.promises import PromiseKind
from cases.records.whistle import TOLD_NAMES, Told
from cases.steps.routing.confirm import open_for
from cases.steps.routing.suggest import meet


def note_told(
    tx: Tx, case_id: str, version: int, told: Told | None, how: str, by: User, office: Office, now: datetime
) -> Case:
    """Note what was told, how and when, or what speaks for not confirming (lag 2021:890 5 kap. 8 §).

    Raises NotFound, StaleVersion, NotAllowed; its ``part`` "told" or "how".
    """
    case = open_for(tx, case_id, version, by, office)
    if not case.whistle:
        raise NotAllowed(f"Ärende {case.number} är ingen visselblåsning.")
    if told not in TOLD_NAMES:
        raise NotAllowed("Välj vad avsändaren har fått veta.", "told")
    if not how.strip():
        raise NotAllowed("Skriv hur och när, eller varför mottagandet inte bekräftas.", "how")
    # It is saved whatever it was, so that a form sent twice is one note.
    met = meet(case, PromiseKind.RECEIPT, now) if told is Told.CONFIRMED else case
    case = tx.save_case(met)
    note(tx, office, case.id, EventKind.NOTE, now, f"{TOLD_NAMES[told]}. {how.strip()}", by.id)
    return case
