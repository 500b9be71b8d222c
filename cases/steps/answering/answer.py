"""Answers: by letter from a template, or told and noted; each moves the case as it means."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cases.calendar import local_day
from cases.case import OUTCOME_NAMES, STATUS_NAMES, WAITING, Case, CaseStatus, Outcome, check_move
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import ANSWERS, FINAL, LETTER_NAMES, LetterKind, OutboxEntry
from cases.office import Office
from cases.people.access import ROLE_NAMES, SYSTEM, Role, User
from cases.ports import Tx
from cases.post.citizen import note, queue_letter
from cases.post.staff import queue_internal, still_reads, with_substitutes
from cases.promises import PromiseKind
from cases.steps.routing.confirm import open_for
from cases.steps.routing.merge import follow, leave_none, whole_values
from cases.steps.routing.suggest import meet, told_day
from cases.steps.working.work import move_text

_OUTCOMES = {
    LetterKind.BESLUT_ATGARD: Outcome.ACTED,
    LetterKind.BESLUT_INGEN: Outcome.NO_ACTION,
    LetterKind.SVAR: Outcome.ANSWERED,
    LetterKind.URSAKT: Outcome.ACTED,
    LetterKind.BEROM: Outcome.ANSWERED,
    LetterKind.EJ_ANSVAR: Outcome.NO_ACTION,
    LetterKind.HANVISNING: Outcome.NO_ACTION,
}
_ANSWERED = {"lage": "Ärendet är besvarat."}
WAITS = {LetterKind.KOMPLETTERA: CaseStatus.AWAITING_SENDER, LetterKind.LANGRE_TID: CaseStatus.DELAYED}
"""What a case waits for once such a letter is written."""
RESTING = frozenset(
    {
        CaseStatus.ROUTED,
        CaseStatus.REGISTERED,
        CaseStatus.ASSIGNED,
        CaseStatus.REOPENED,
        CaseStatus.ANSWERED,
        CaseStatus.SPECIAL_TRACK,
    }
)
"""Where nobody works on a case: any letter to its sender is somebody's who has it in hand."""


def answer(
    tx: Tx,
    case_id: str,
    version: int,
    kind: LetterKind,
    values: Mapping[str, str],
    by: User,
    office: Office,
    now: datetime,
    copies: Sequence[str] = (),
) -> OutboxEntry:
    """Queue a letter a person wrote to the citizen, and move the case as that letter means.

    Where a flag lets only the neutral letter go by mail, that one is queued and the case is not answered by it.
    ``copies`` are the addresses that are copied in. Raises NotAllowed where nothing may go, something is missing, or
    the text holds what must not leave.
    """
    if kind not in ANSWERS:
        raise NotAllowed(f"{LETTER_NAMES[kind]} är inget svar som skickas för hand.")
    case = owned(tx, _answerable(open_for(tx, case_id, version, by, office)), by, office, now)
    whole = whole_values(tx, office, case, kind, values, now)
    entry = queue_letter(tx, office, case, kind, now=now, values=whole, by=by, automatic=False, copies=copies)
    if entry is None:
        raise NotAllowed("Brevet skickades inte.")
    if entry.letter.kind is kind:
        after_letter(tx, case, kind, values, by, office, now)
        follow(tx, tx.get_case(case.id, SYSTEM), kind, values, by, office, now)
    tell_whose(tx, case.id, letter_sent(entry), by, office, now)
    return entry


def _answerable(case: Case) -> Case:
    """The same; a letter that moves nothing needs no arrow in the table of moves, so this is asked of each."""
    if case.answerable:
        return case
    raise NotAllowed(
        f"Ärende {case.number} väntar på att fördelas, så brevet skickas inte. Den enhet som får det svarar."
        if case.status in WAITING
        else f"Ärende {case.number} är {STATUS_NAMES[case.status].lower()}, så brevet skickas inte."
    )


def after_letter(
    tx: Tx, case: Case, kind: LetterKind, values: Mapping[str, str], by: User, office: Office, now: datetime
) -> None:
    """Move the case as a letter that is on its way means."""
    told = told_day(case, kind, values)
    if told is not case:
        # Who hears until when they wait has heard how it goes (O24).
        case = tx.save_case(meet(told, PromiseKind.STATUS, now))
    _after(tx, case, kind, by, office, now)


def tell_whose(tx: Tx, case_id: str, what: str, by: User, office: Office, now: datetime) -> None:
    """Tell whose case it is that a colleague answers in it, so that its sender is not told twice; nobody by themselves.

    ``what`` they did is told after their name. Of a protected case the mail says neither.
    """
    case, day = tx.get_case(case_id, SYSTEM), local_day(now)
    if case.assignee_id in ("", by.id):
        return
    owner = tx.user(case.assignee_id)
    if not still_reads(tx, office, case.id, owner, day):
        return
    done = {"gjort": "En kollega har skrivit till avsändaren." if case.protected else f"{by.name} {what}"}
    # Who stands in for them would have answered next, unless it is who did.
    whom = [one for one in with_substitutes(tx, office, case, [owner.email], now) if one != by.email]
    queue_internal(tx, office, case, LetterKind.KOLLEGA_SVARAT, whom, now=now, values=done, stand_ins=False)


def letter_sent(entry: OutboxEntry) -> str:
    """What whoever sends a letter to the citizen does, for ``tell_whose``."""
    return f"har skickat brevet ”{entry.name}” till avsändaren."


def owned(tx: Tx, case: Case, by: User, office: Office, now: datetime) -> Case:
    """Who answers has the case in hand: a case in nobody's or only offered hands becomes theirs by the answer.

    It is saved whatever it was, so that a letter which moves nothing is one letter where its form is sent twice.
    """
    if case.status not in RESTING:
        return tx.save_case(case)
    check_move(case, CaseStatus.IN_PROGRESS)
    case = tx.save_case(replace(case, status=CaseStatus.IN_PROGRESS, assignee_id=case.assignee_id or by.id))
    note(tx, office, case.id, EventKind.ACCEPTED, now, by=by.id)
    return case


def _after(tx: Tx, case: Case, kind: LetterKind, by: User, office: Office, now: datetime) -> None:
    if kind in FINAL:
        decide(tx, case, _OUTCOMES[kind], by, office, now)
    elif kind in WAITS:
        _move(tx, case, WAITS[kind], by, office, now)
    elif kind is LetterKind.STATUS:
        tx.save_case(meet(case, PromiseKind.STATUS, now))


def _move(tx: Tx, case: Case, to: CaseStatus, by: User, office: Office, now: datetime) -> Case:
    if case.status is to:
        return case
    check_move(case, to)
    case = tx.save_case(replace(case, status=to))
    note(tx, office, case.id, EventKind.MOVED, now, move_text(to), by.id)
    return case


def decide(tx: Tx, case: Case, outcome: Outcome, by: User, office: Office, now: datetime) -> Case:
    """Decided and told in one: every promise to the citizen is kept by an answer."""
    demand_mandate(outcome, case, by, office)
    check_move(case, CaseStatus.DECIDED)
    met = replace(case, outcome=outcome)
    for kind in PromiseKind:
        met = meet(met, kind, now)
    case = tx.save_case(replace(met, status=CaseStatus.DECIDED))
    case = tx.save_case(replace(case, status=CaseStatus.ANSWERED))
    note(tx, office, case.id, EventKind.ANSWERED, now, OUTCOME_NAMES[outcome], by.id)
    if office.letters.department_head_copy and case.unit_id and not case.whistle:
        # R19: what holds for the letter in (R17) holds for the answer.
        head = office.organisation.department_of(office.unit_of(case).id).head
        queue_internal(tx, office, case, LetterKind.TILL_FORVALTNINGSCHEF, [head.email], now=now, values=_ANSWERED)
    return case


def may_choose(outcome: Outcome, case: Case, by: User, office: Office) -> bool:
    """O23: the choice of outcome follows one's mandate, a chef's that of the case's own unit.

    Who receives whistle-blowing decides those cases alone.
    """
    roles = office.outcome_roles.get(outcome)
    if roles is None or (case.whistle and by.has(Role.VISSELMOTTAGARE)):
        return True
    leads = case.unit_id in office.viewer(by).chef_units
    return any(leads if role is Role.CHEF else by.has(role) for role in roles)


def demand_mandate(outcome: Outcome, case: Case, by: User, office: Office) -> None:
    """Raises NotAllowed, naming who may, where this person may not choose the outcome."""
    if may_choose(outcome, case, by, office):
        return
    who = ", ".join(ROLE_NAMES[role].lower() for role in sorted(office.outcome_roles[outcome]))
    raise NotAllowed(f"Utfallet ”{OUTCOME_NAMES[outcome]}” väljs av: {who}. Lämna ärendet till någon av dem.")


def answer_orally(
    tx: Tx,
    case_id: str,
    version: int,
    outcome: Outcome,
    how: str,
    by: User,
    office: Office,
    now: datetime,
) -> Case:
    """Note that the answer was told by phone, in person, by post or by secure message: who, how, when (O25)."""
    if not how.strip():
        raise NotAllowed("Skriv hur och när svaret lämnades.")
    case = owned(tx, open_for(tx, case_id, version, by, office), by, office, now)
    note(tx, office, case.id, EventKind.ORAL_ANSWER, now, how.strip(), by.id)
    case = decide(tx, case, outcome, by, office, now)
    leave_none(tx, case, office, now, by)
    tell_whose(tx, case.id, "har noterat att avsändaren har fått svar.", by, office, now)
    return case
