"""A routing taken back by whoever made it, some minutes later: the case waits again, and what has not left stays."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases.case import Case, CaseStatus, check_move
from cases.errors import NotAllowed, NotFound
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import NEVER_LEFT, LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.routing.decisions import RoutingDecision
from cases.routing.flags import ConfidentialityFlag, FlagState, active_kinds
from cases.routing.tracks import foremost
from cases.steps.routing.confirm import as_shown, flag_text, open_for

_S = CaseStatus
_AS_ROUTED = frozenset({_S.ROUTED, _S.REGISTERED, _S.SPECIAL_TRACK, _S.NOT_A_CASE})
_HOW_LONG = timedelta(minutes=10)


def can_unroute(case: Case, decisions: Sequence[RoutingDecision], by: User, now: datetime) -> bool:
    """Whether this person routed the case just now, and nobody has begun on it."""
    if not decisions or case.assignee_id or case.status not in _AS_ROUTED:
        return False
    last = decisions[-1]
    return last.decided_by == by.id and last.unit_id == case.unit_id and now - last.decided_at < _HOW_LONG


def undoable(tx: Tx, case_id: str, by: User, now: datetime) -> Case | None:
    """The case, where this person may take its routing back: also where it took a protected one out of their sight."""
    try:
        file = tx.case_file(case_id, SYSTEM)
    except NotFound:
        return None
    return file.case if can_unroute(file.case, file.decisions, by, now) else None


def unroute(tx: Tx, case_id: str, version: int, by: User, office: Office, now: datetime) -> Sequence[OutboxEntry]:
    """The case waits to be routed as before; returns the letters that told of the unit and have left already.

    The receipt names no unit and leaves as it would. A diary number stays: it may not be given again (OSL 5:1), and the
    journal says why it was. Raises NotFound, StaleVersion, NotAllowed (somebody else's, too late, or begun on).
    """
    case = tx.hold_case(case_id, SYSTEM)
    file = tx.case_file(case_id, SYSTEM)
    decisions = file.decisions
    if not can_unroute(case, decisions, by, now):
        open_for(tx, case_id, version, by, office)
        raise NotAllowed("Fördelningen går inte att ångra längre. Öppna ärendet och välj Fel enhet: fördela om.")
    check_move(as_shown(case, version), _S.SUGGESTED)
    before = decisions[-2].unit_id if decisions[1:] else ""
    text = f"Fördelningen till {office.organisation.unit(case.unit_id).name} är ångrad."
    if case.status is _S.NOT_A_CASE:
        text = "Beslutet att det inte blir något ärende är ångrat."
    cleared = [one.text for one in file.events if _cleared_in(one, decisions[-1])]
    again = _as_found(tx, case, decisions, cleared)
    if active_kinds(again.flags) != active_kinds(case.flags):
        text += " Markeringarna som togs bort gäller igen."
    authority = _authority(case, before, by, office)
    case = tx.save_case(replace(again, status=_S.SUGGESTED, unit_id=before, authority_id=authority))
    note(tx, office, case.id, EventKind.MOVED, now, text, by.id)
    told = [one for one in tx.letters_of(case.id) if one.created_at >= decisions[-1].decided_at]
    return [one for one in told if one.letter.kind is not LetterKind.MOTTAGNING and not _stopped(tx, one)]


def _as_found(tx: Tx, case: Case, decisions: Sequence[RoutingDecision], cleared: Collection[str]) -> Case:
    """The case about what it was about before: the one key would else confirm the unit that was just taken back.

    What its first decision ``cleared``, as the journal says it, acts again until somebody decides (Rulings, Letters
    out); what had been cleared before that stays so. What was no case has its special track again.
    """
    if decisions[1:]:
        return replace(case, area=decisions[-2].area)
    found = tx.suggestion(case.id)
    return replace(
        case,
        area=decisions[-1].suggested_area or case.area,
        track=foremost(found.tracks) if found and case.status is _S.NOT_A_CASE else case.track,
        flags=tuple(_undecided(flag) if _is_among(cleared, flag) else flag for flag in case.flags),
    )


def _cleared_in(event: CaseEvent, decision: RoutingDecision) -> bool:
    return event.kind is EventKind.UNFLAGGED and event.at == decision.decided_at and event.actor == decision.decided_by


def _is_among(cleared: Collection[str], flag: ConfidentialityFlag) -> bool:
    return not flag.active and flag_text(flag.kind, flag.reason) in cleared


def _undecided(flag: ConfidentialityFlag) -> ConfidentialityFlag:
    return replace(flag, state=FlagState.SUGGESTED, decided_by="", reason="")


def _authority(case: Case, before: str, by: User, office: Office) -> str:
    """The nämnd of the unit that had the case or received it first; else one whose diary this person keeps."""
    tree, diaries = office.organisation, office.viewer(by).diary_authorities
    if (unit := before or case.first_unit) in tree.units:
        return tree.authority_of(unit).id
    likely = (case.authority_id, tree.home_authority, *sorted(diaries))
    return next((one for one in likely if one in diaries), case.authority_id)


def _stopped(tx: Tx, letter: OutboxEntry) -> bool:
    entry = tx.hold_entry(letter.id)
    if entry.waits:
        tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    return entry.waits or entry.status in NEVER_LEFT
