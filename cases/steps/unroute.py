"""A routing taken back by whoever made it, some minutes later: the case waits again, and what has not left stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases.case import Case, CaseStatus, check_move
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.routing.decisions import RoutingDecision
from cases.steps.confirm import open_for

_S = CaseStatus
_AS_ROUTED = frozenset({_S.ROUTED, _S.REGISTERED})
_HOW_LONG = timedelta(minutes=10)


def can_unroute(case: Case, decisions: Sequence[RoutingDecision], by: User, now: datetime) -> bool:
    """Whether this person confirmed the case's unit just now, and nobody has begun on it."""
    if not decisions or case.assignee_id or case.status not in _AS_ROUTED:
        return False
    last = decisions[-1]
    return last.decided_by == by.id and last.unit_id == case.unit_id and now - last.decided_at < _HOW_LONG


def unroute(tx: Tx, case_id: str, version: int, by: User, office: Office, now: datetime) -> Sequence[OutboxEntry]:
    """The case waits to be routed as before; returns the letters that told of the unit and have left already.

    The receipt names no unit and leaves as it would. A diary number stays: it may not be given again (OSL 5:1), and the
    journal says why it was. Raises NotFound, StaleVersion, NotAllowed (somebody else's, too late, or begun on).
    """
    case = open_for(tx, case_id, version, by, office)
    decisions = tx.case_file(case_id, office.viewer(by)).decisions
    if not can_unroute(case, decisions, by, now):
        raise NotAllowed("Fördelningen går inte att ångra längre. Öppna ärendet och lämna det tillbaka i stället.")
    check_move(case, _S.SUGGESTED)
    unit, before = office.organisation.unit(case.unit_id).name, decisions[-2].unit_id if decisions[1:] else ""
    whose = _authority(case, before, by, office)
    case = tx.save_case(replace(case, status=_S.SUGGESTED, unit_id=before, authority_id=whose))
    note(tx, office, case.id, EventKind.MOVED, now, f"Fördelningen till {unit} är ångrad.", by.id)
    told = [one for one in tx.letters_of(case.id) if one.created_at >= decisions[-1].decided_at]
    return [one for one in told if one.letter.kind is not LetterKind.MOTTAGNING and not _stopped(tx, one)]


def _authority(case: Case, before: str, by: User, office: Office) -> str:
    """Its former unit's nämnd; without one that which has it now, where ``by`` keeps its diary, else the home one."""
    if before:
        return office.organisation.authority_of(before).id
    kept = case.authority_id in office.viewer(by).diary_authorities
    return case.authority_id if kept else office.organisation.home_authority


def _stopped(tx: Tx, letter: OutboxEntry) -> bool:
    entry = tx.hold_entry(letter.id)
    if entry.waits:
        tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    return entry.waits or entry.status in (OutboxStatus.WITHHELD, OutboxStatus.CANCELLED)
