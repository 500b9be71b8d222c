"""Whom among the staff a case concerns, and telling them with a link."""

from datetime import datetime

from cases.case import Case
from cases.letters import LetterKind
from cases.office import Office
from cases.ports import Tx
from cases.post import queue_internal


def tell_owner(tx: Tx, office: Office, case: Case, kind: LetterKind, now: datetime) -> None:
    """The handläggare; without one the unit's registrators; without a unit the central ones (R11: somebody owns it)."""
    queue_internal(tx, office, case, kind, owner_addresses(tx, office, case), now=now)


def owner_addresses(tx: Tx, office: Office, case: Case) -> tuple[str, ...]:
    """The addresses of those who own the case just now."""
    if case.assignee_id:
        return (tx.user(case.assignee_id).email,)
    unit = office.organisation.units.get(case.unit_id)
    if unit is not None and unit.registrators:
        return unit.registrators
    return office.organisation.central_registrators
