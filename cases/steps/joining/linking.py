"""That two cases belong together: noted by a person, and taken back."""

from datetime import datetime

from cases.errors import NotAllowed
from cases.journal import EventKind, no_longer_linked
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.store.findings import tied_ids


def link(tx: Tx, case_id: str, other_id: str, by: User, office: Office, now: datetime) -> None:
    """Note that two cases one may read belong together."""
    case, other = (tx.get_case(i, office.viewer(by)) for i in (case_id, other_id))
    if case.id == other.id:
        raise NotAllowed("Ett ärende kan inte kopplas till sig självt.")
    if not tx.link_cases(case.id, other.id, f"Kopplat av {by.name}", now):
        return
    note(tx, office, case.id, EventKind.LINKED, now, other.number, by.id)
    note(tx, office, other.id, EventKind.LINKED, now, case.number, by.id)


def unlink(tx: Tx, case_id: str, other_id: str, by: User, office: Office, now: datetime) -> None:
    """Take back that two cases belong together, as after a number mistyped; the journals of both keep both.

    Raises NotFound, and NotAllowed where they are parts of one letter or answered as one: those are tied.
    """
    case, other = (tx.get_case(i, office.viewer(by)) for i in (case_id, other_id))
    if other.id in tied_ids(tx, case.id):
        raise NotAllowed(f"Ärendena {case.number} och {other.number} är delar av samma brev, eller ihopslagna.")
    if not tx.unlink_cases(case.id, other.id):
        return
    note(tx, office, case.id, EventKind.LINKED, now, no_longer_linked(other.number), by.id)
    note(tx, office, other.id, EventKind.LINKED, now, no_longer_linked(case.number), by.id)
