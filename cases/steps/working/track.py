"""The special track of a case in a unit's hands: a reply may raise one, and a person says whether it holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.case import WAITING, Case
from cases.journal import CaseEvent, EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.steps.routing.confirm import open_for


def set_track(tx: Tx, case_id: str, version: int, track: str, by: User, office: Office, now: datetime) -> Case:
    """A person says which track the case goes, or with an empty name that it goes none. Raises StaleVersion, NotFound.

    Where it stands and who has it stays as it is.
    """
    before = open_for(tx, case_id, version, by, office)
    case = tx.save_case(replace(before, track=track))
    gone = f" Ordningen {before.track} gäller inte." if before.track and before.track != track else ""
    note(tx, office, case.id, EventKind.TRACK_CHOSEN, now, f"{track or 'Ingen'}.{gone}", by.id)
    return case


def only_heard(case: Case, events: Sequence[CaseEvent]) -> bool:
    """Whether the track of a routed case is what a later letter was taken for, and nobody has said that it holds."""
    if not case.track or case.status in WAITING:
        return False
    for event in reversed(events):
        if event.kind in (EventKind.CONFIRMED, EventKind.TRACK_CHOSEN, EventKind.SUGGESTED):
            return event.kind is EventKind.SUGGESTED
    return False
