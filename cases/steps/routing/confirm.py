"""A registrator decides: confirms or corrects; the case goes to its unit and those it concerns are told."""

from dataclasses import replace
from datetime import datetime

from cases.calendar import local_day
from cases.case import ENDED, WAITING, Case, CaseStatus, check_move
from cases.errors import NotAllowed, StaleVersion
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM, User, Viewer
from cases.people.organisation import Registration, Unit
from cases.ports import Tx
from cases.post.citizen import note, queue_letter, unit_alone
from cases.post.staff import queue_internal, reached
from cases.records.numbering import belongs, entry_text, format_number
from cases.routing.decisions import RoutingChoice, RoutingDecision, RoutingRequest
from cases.routing.flags import FLAG_RULES, ConfidentialityFlag, FlagKind, FlagState, active_kinds
from cases.routing.learning import AUTOMATIC
from cases.routing.suggestion import Severity
from cases.steps.routing.suggest import alarm_chef, send_receipt
from cases.steps.staff import entitled
from cases.store.findings import merged_ids
from cases.ties import TieKind, waits

_TO = {
    RoutingChoice.UNIT: CaseStatus.ROUTED,
    RoutingChoice.SPECIAL_TRACK: CaseStatus.SPECIAL_TRACK,
    RoutingChoice.NOT_A_CASE: CaseStatus.NOT_A_CASE,
}
NOT_ENTERED = WAITING | (ENDED - {CaseStatus.CLOSED, CaseStatus.NOT_A_CASE})
"""Where a case is nobody's yet, or another stands for it: such are not entered in a diary."""


def confirm(tx: Tx, case_id: str, request: RoutingRequest, by: User, office: Office, now: datetime) -> Case:
    """Route a case as a person decided.

    Raises NotFound (not theirs to see), StaleVersion (somebody was faster), IllegalMove, NotAllowed.
    """
    return carry_out(tx, open_for(tx, case_id, request.version, by, office), request, by, office, now)


def carry_out(tx: Tx, before: Case, request: RoutingRequest, by: User, office: Office, now: datetime) -> Case:
    """Route a case that is open to whoever decides. Raises IllegalMove, NotAllowed."""
    to = _TO[request.choice]
    check_move(before, to)
    _check(request)
    if to is CaseStatus.NOT_A_CASE:
        demand_alone(tx, before)
    case = replace(
        before,
        status=to,
        unit_id=request.unit_id,
        # Another unit's case is no longer its old handläggare's to read.
        assignee_id=before.assignee_id if before.unit_id == request.unit_id else "",
        authority_id=office.organisation.authority_of(request.unit_id).id,
        area=request.area,
        type=request.type,
        severity=request.severity,
        track="" if request.choice is RoutingChoice.NOT_A_CASE else request.track,
        register_subject=office.mask(request.register_subject),
        flags=decide_flags(tx, before, request.flags, by, office, now, request.reason),
        opened_at=before.opened_at or (None if by.id == AUTOMATIC else now),
    )
    case = register(tx, tx.save_case(case), by, office, now)
    if case.register_subject != request.register_subject:
        note(tx, office, case.id, EventKind.NOTE, now, "Personuppgifter i rubriken för diariet är ersatta.")
    _keep_decision(tx, before, case, request, by, office, now)
    _tell(tx, before, case, request.choice, office, now)
    return tx.get_case(case.id, SYSTEM)


def open_for(tx: Tx, case_id: str, version: int, by: User, office: Office) -> Case:
    """The case, held, if this person may read it and nobody changed it since it was shown."""
    return as_shown(tx.hold_case(case_id, office.viewer(by)), version)


def as_shown(case: Case, version: int) -> Case:
    """The case, if nobody changed it since it was shown. Raises StaleVersion."""
    if case.version != version:
        raise StaleVersion(
            f"Ärende {case.number} har ändrats av någon annan sedan du öppnade det. "
            "Inget skrevs över: se över och försök igen."
        )
    return case


def keeps(case: Case, viewer: Viewer) -> bool:
    """Whether the viewer is a registrator of this case.

    That is one of its unit or of its authority's diary; where nothing is flagged a central one, and before it has a
    unit one of that which receives it first; of a whistle-blower's case its receivers.
    """
    if case.whistle:
        return viewer.whistle
    plain = viewer.sees_unflagged or (not case.unit_id and case.first_unit in viewer.registrator_units)
    own = case.unit_id in viewer.registrator_units or case.authority_id in viewer.diary_authorities
    return own or (plain and not case.protected)


def works(case: Case, user: User, viewer: Viewer) -> bool:
    """Whether a person who may read the case may answer and move it, by mail as on the desk; others only read it."""
    of_unit = bool(case.unit_id) and case.unit_id in viewer.member_units | viewer.chef_units
    return of_unit or keeps(case, viewer) or case.assignee_id in {user.id, *viewer.stands_in_for}


def _check(request: RoutingRequest) -> None:
    if request.choice is RoutingChoice.SPECIAL_TRACK and not request.track:
        raise NotAllowed("Välj vilken särskild ordning ärendet hör till.")
    if request.choice is RoutingChoice.NOT_A_CASE and not request.reason:
        raise NotAllowed("Skriv varför meddelandet inte blir ett ärende.")


def demand_alone(tx: Tx, case: Case) -> None:
    """Raise NotAllowed where senders of cases merged into this one wait for its answer, and none is to come."""
    if any(waits(tx.get_case(one, SYSTEM)) for one in merged_ids(tx, case.id)):
        raise NotAllowed("Andra ärenden är ihopslagna med det här och väntar på svaret. Ta isär dem först.")


def decide_flags(
    tx: Tx, case: Case, wanted: frozenset[FlagKind], by: User, office: Office, now: datetime, reason: str = ""
) -> tuple[ConfidentialityFlag, ...]:
    """Confirm the flags a person wants, clear the others, raise new ones; each change stands in the journal."""
    decided = [_decide(flag, wanted, by, reason) for flag in case.flags]
    new = sorted(wanted - {flag.kind for flag in case.flags})
    decided += [ConfidentialityFlag(kind, FlagState.CONFIRMED, decided_by=by.id, reason=reason) for kind in new]
    before = {f.kind for f in case.flags if f.state is FlagState.CONFIRMED}
    after = {f.kind for f in decided if f.active}
    for kind in sorted(after - before):
        note(tx, office, case.id, EventKind.FLAGGED, now, flag_text(kind, reason), by.id)
    for kind in sorted({f.kind for f in case.flags if f.active} - after):
        note(tx, office, case.id, EventKind.UNFLAGGED, now, flag_text(kind, reason), by.id)
    return tuple(decided)


def _decide(flag: ConfidentialityFlag, wanted: frozenset[FlagKind], by: User, reason: str) -> ConfidentialityFlag:
    state = FlagState.CONFIRMED if flag.kind in wanted else FlagState.CLEARED
    if flag.state is state:
        return flag
    return replace(flag, state=state, decided_by=by.id, reason=reason)


def flag_text(kind: FlagKind, reason: str) -> str:
    """What the journal says of a flag that somebody set or cleared, and why."""
    rule = FLAG_RULES[kind]
    return f"{rule.label} ({rule.ground}). {reason}".strip()


def register(tx: Tx, case: Case, by: User, office: Office, now: datetime) -> Case:
    """Enter a unit's case in the diary at once where it must be (OSL 5:1, R27, R28), also when it turns secret later.

    Gapless per authority and year. A case that is nobody's yet or that another stands for is left alone. What is no
    case is an official document all the same: one with secrets is entered, another is kept ordered (O12).
    """
    if not case.unit_id or case.status in NOT_ENTERED:
        return case
    # What was not handed out before it had a unit holds a secret, whatever is flagged.
    if not (_to_be_registered(case, office) or tx.refused_of(case.id)):
        return case
    return enter_in_diary(tx, case, by, office, now)


def _to_be_registered(case: Case, office: Office) -> bool:
    authority = office.organisation.authorities[case.authority_id]
    ordered = authority.registers is not Registration.ALL or case.status is CaseStatus.NOT_A_CASE
    return case.protected or not ordered


def enter_in_diary(tx: Tx, case: Case, by: User, office: Office, now: datetime) -> Case:
    """Give the case a registry number; one from another diary stays named in the journal as a cross-reference."""
    diary = office.organisation.diary_of(case.authority_id)
    # Whoever works on it already, or another way than to a handläggare, goes on as before.
    status = CaseStatus.REGISTERED if case.status is CaseStatus.ROUTED else case.status
    if belongs(case.registry_number, diary.registry_pattern, diary.series):
        return case if status is case.status else tx.save_case(replace(case, status=status))
    year = local_day(now).year
    serial = tx.next_serial(f"registry:{diary.id}:{diary.series}", year)
    number = format_number(diary.registry_pattern, year=year, serial=serial, plan=diary.plan_code)
    said = entry_text(number, case.registry_number)
    case = tx.save_case(replace(case, status=status, registry_number=number))
    note(tx, office, case.id, EventKind.REGISTERED, now, said, by.id)
    return case


def _keep_decision(
    tx: Tx, before: Case, case: Case, request: RoutingRequest, by: User, office: Office, now: datetime
) -> None:
    suggestion = tx.suggestion(case.id)
    area = suggestion.areas[0].area if suggestion else None
    unit = office.organisation.unit_meant(area, *suggestion.named_units).id if suggestion and area else ""
    agreed = request.choice is RoutingChoice.UNIT and unit == request.unit_id and not request.none_fits
    tx.add_decision(
        RoutingDecision(
            id=office.new_id(),
            case_id=case.id,
            decided_by=by.id,
            decided_at=now,
            choice=request.choice,
            unit_id=request.unit_id,
            area=request.area,
            suggested_area=area,
            suggested_unit=unit,
            model_version=suggestion.model_version if suggestion else "",
            agreed=agreed,
            reason=request.reason,
            none_fits=request.none_fits,
        )
    )
    note(tx, office, case.id, EventKind.CONFIRMED, now, _confirmed_text(before, case, request, office), by.id)


def _confirmed_text(before: Case, case: Case, request: RoutingRequest, office: Office) -> str:
    if request.choice is RoutingChoice.NOT_A_CASE:
        return f"Blir inget ärende: {request.reason}"
    unit = office.organisation.unit(case.unit_id).name
    if request.choice is RoutingChoice.SPECIAL_TRACK:
        return f"Särskild ordning: {request.track}. Enhet: {unit}.{_changed_track(before, case)}"
    moved = before.unit_id and before.unit_id != case.unit_id
    said = f"{'Omfördelat' if moved else 'Fördelat'} till {unit}.{_track_text(before, case)}"
    return f"{said} {request.reason}".strip()


def _track_text(before: Case, case: Case) -> str:
    kept = f" Särskild ordning: {case.track}." if case.track else ""
    return kept + _changed_track(before, case)


def _changed_track(before: Case, case: Case) -> str:
    return f" Ordningen {before.track} gäller inte." if before.track and before.track != case.track else ""


def _tell(tx: Tx, before: Case, case: Case, choice: RoutingChoice, office: Office, now: datetime) -> None:
    """The letters a decision causes, in its transaction."""
    send_receipt(tx, case, office, now, junk=choice is RoutingChoice.NOT_A_CASE)
    if choice is RoutingChoice.NOT_A_CASE:
        return
    unit = office.organisation.unit(case.unit_id)
    whom = entitled(tx, case, unit.registrators, local_day(now))
    queue_internal(tx, office, case, LetterKind.TILL_ENHETSREGISTRATOR, whom, now=now)
    if office.letters.department_head_copy and not case.whistle:
        head = office.organisation.department_of(unit.id).head
        queue_internal(tx, office, case, LetterKind.TILL_FORVALTNINGSCHEF, [head.email], now=now)
    serious = office.escalation.on_serious and case.severity is Severity.ALLVARLIG
    threat = case.on_hold and FlagKind.HOT_VALD in active_kinds(case.flags)
    # Those who receive whistle-blowing had the alarm as the letter came, and hear above where it went.
    if (serious or (office.escalation.on_threat and threat)) and not (before.whistle and case.whistle):
        alarm_chef(tx, case, office, now)
    if office.letters.forward_notice and before.unit_id != case.unit_id:
        told = {**_taker(tx, case, unit, office, now), "delat_fran": _split_from(tx, case)}
        queue_letter(tx, office, case, LetterKind.VIDAREBEFORDRAD, now=now, values=told)


def _taker(tx: Tx, case: Case, unit: Unit, office: Office, now: datetime) -> dict[str, str]:
    """Who has it now (R9, R10): the unit's chef or who is there in their stead; under threat the unit alone."""
    if alone := unit_alone(case, unit, office):
        whose = {"mottagare_namn": alone["handlaggare"], "mottagare_befattning": alone["titel"]}
        return {**whose, "enhet": alone["enhet"], "forvaltning": alone["forvaltning"]}
    named = reached(tx, office, case, unit.manager, now)
    return {"mottagare_namn": named.name, "mottagare_befattning": named.title}


def _split_from(tx: Tx, case: Case) -> str:
    """The number of the case a part of whose letter this is, until its sender has been told of the new number."""
    tie = tx.tie(case.id, TieKind.SPLIT)
    told = ((e.letter.kind, e.status) for e in tx.letters_of(case.id))
    if tie is None or (LetterKind.VIDAREBEFORDRAD, OutboxStatus.SENT) in told:
        return ""
    return tx.get_case(tie.other_id, SYSTEM).number
