"""Answers: by letter from a template, or told and noted; then the case is closed, or opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cases.case import OUTCOME_NAMES, STATUS_NAMES, Case, CaseStatus, Outcome, check_move
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import ANSWERS, FINAL, LETTER_NAMES, LetterKind, OutboxEntry, OutboxStatus
from cases.office import Office
from cases.people.access import ROLE_NAMES, SYSTEM, Role, User
from cases.ports import Tx
from cases.post.citizen import note, queue_letter
from cases.post.plan import owed
from cases.post.staff import queue_internal
from cases.promises import PromiseKind
from cases.steps.answering.enclose import leave_out_alone
from cases.steps.joining.reply import without_unit
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
    case = open_for(tx, case_id, version, by, office)
    if not case.answerable:
        # A letter that moves nothing needs no arrow in the table of moves.
        raise NotAllowed(
            f"Ärende {case.number} är {STATUS_NAMES[case.status]}, så brevet skickas inte. Svar går i ärenden som är "
            "fördelade och inte avslutade."
        )
    case = owned(tx, case, by, office, now)
    whole = whole_values(tx, office, case, kind, values, now)
    entry = queue_letter(tx, office, case, kind, now=now, values=whole, by=by, automatic=False, copies=copies)
    if entry is None:
        raise NotAllowed("Brevet skickades inte.")
    if entry.letter.kind is kind:
        after_letter(tx, case, kind, values, by, office, now)
        follow(tx, tx.get_case(case.id, SYSTEM), kind, values, by, office, now)
    return entry


def after_letter(
    tx: Tx, case: Case, kind: LetterKind, values: Mapping[str, str], by: User, office: Office, now: datetime
) -> None:
    """Move the case as a letter that is on its way means."""
    told = told_day(case, kind, values)
    if told is not case:
        # Who hears until when they wait has heard how it goes (O24).
        case = tx.save_case(meet(told, PromiseKind.STATUS, now))
    _after(tx, case, kind, by, office, now)


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
        _decided(tx, case, _OUTCOMES[kind], by, office, now)
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


def _decided(tx: Tx, case: Case, outcome: Outcome, by: User, office: Office, now: datetime) -> Case:
    """Decided and told in one: every promise to the citizen is kept by an answer."""
    _mandate(outcome, case, by, office)
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


def _mandate(outcome: Outcome, case: Case, by: User, office: Office) -> None:
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
    case = _decided(tx, case, outcome, by, office, now)
    leave_none(tx, case, office, now, by)
    return case


def close(
    tx: Tx,
    case_id: str,
    version: int,
    improvement: str,
    by: User,
    office: Office,
    now: datetime,
    outcome: Outcome | None = None,
    why: str = "",
) -> Case:
    """End the case. A protected one must stand in the diary first (R27); ``improvement`` is what was learnt (O1).

    Whoever waits for an answer goes without where the case ends so (O25): a person says how it went or ``why``, and
    the journal tells it. Raises NotAllowed, its ``part`` "why" where nobody has said either.
    """
    case = open_for(tx, case_id, version, by, office)
    check_move(case, CaseStatus.CLOSED)
    if outcome is not None:
        _mandate(outcome, case, by, office)
    if case.protected and not case.registry_number:
        raise NotAllowed(
            f"Ärende {case.number} är skyddat och måste diarieföras innan det avslutas. "
            "Bekräfta markeringarna under Sekretess, så förs det in."
        )
    waited = owed(case) is not None
    if waited and not (outcome or case.outcome or why.strip()):
        raise NotAllowed(
            f"Avsändaren väntar på svar i ärende {case.number}. Svara, eller notera det svar som är lämnat. Ska hen "
            "inte ha något svar skriver du varför, eller väljer hur det gick.",
            "why",
        )
    learnt = improvement.strip() or case.improvement
    closed = replace(case, closed_at=now, improvement=learnt, outcome=outcome or case.outcome)
    case = tx.save_case(replace(closed, status=CaseStatus.CLOSED))
    unanswered = f"Avsändaren har inte fått något svar. {why.strip()}".strip() if waited else ""
    said = f"{unanswered} {improvement}".strip()
    note(tx, office, case.id, EventKind.CLOSED, now, said, by.id)
    # What nobody sent is no document of the case (TF 2:12).
    tx.erase_drafts(case.id)
    leave_none(tx, case, office, now, by)
    return case


def quick_close(tx: Tx, case_id: str, version: int, how: str, by: User, office: Office, now: datetime) -> Case:
    """R25: a small thing solved at the unit, closed at once with a note; its receipt was the thanks, no letter follows.

    Raises NotAllowed where the profile has no such step, the case is protected, or the note says nothing.
    """
    if not office.quick_close:
        raise NotAllowed("Här avslutas ärenden med ett svar, inte i ett steg.")
    case = open_for(tx, case_id, version, by, office)
    if case.protected or not case.unit_id:
        raise NotAllowed("Bara ärenden som finns hos en enhet och inte är skyddade kan avslutas i ett steg.")
    if not how.strip():
        raise NotAllowed("Skriv hur det löstes.")
    case = _decided(tx, owned(tx, case, by, office, now), Outcome.ACTED, by, office, now)
    return close(tx, case.id, case.version, how, by, office, now)


def reopen(tx: Tx, case_id: str, version: int, reason: str, by: User, office: Office, now: datetime) -> Case:
    """Take up an answered or ended case again."""
    case = open_for(tx, case_id, version, by, office)
    if not reason.strip():
        raise NotAllowed("Skriv varför ärendet öppnas igen.")
    check_move(case, CaseStatus.REOPENED)
    case = tx.save_case(replace(without_unit(case), status=CaseStatus.REOPENED, closed_at=None))
    note(tx, office, case.id, EventKind.REOPENED, now, reason.strip(), by.id)
    return case


def cancel_letter(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> None:
    """Stop a letter that has not left, or close one whose delivery is uncertain or failed.

    Files that nobody got go with it.
    """
    entry = tx.hold_entry(entry_id)
    tx.get_case(entry.case_id, office.viewer(by))
    if entry.status in (OutboxStatus.SENT, OutboxStatus.INFLIGHT, OutboxStatus.BOUNCED, OutboxStatus.POSTED):
        raise NotAllowed("Brevet har redan lämnat kommunen och kan inte stoppas.")
    tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))
    if entry.status is not OutboxStatus.UNCERTAIN:
        leave_out_alone(tx, entry)
        # Nobody waits for the answer to a question that was never asked.
        tx.end_wish(entry.case_id, entry.id)
    note(tx, office, entry.case_id, EventKind.LETTER_CANCELLED, now, entry.name, by.id)


def resend_letter(tx: Tx, entry_id: str, by: User, office: Office, now: datetime) -> None:
    """Try a failed, uncertain, bounced or withheld letter again, same Message-ID; the sending asks again what may go.

    A citizen's goes to the address that the case has now: it may have been put right since.
    """
    entry = tx.get_entry(entry_id)
    if entry.case_id:
        # Held before the letter, as whoever puts the address right does.
        email = tx.hold_case(entry.case_id, office.viewer(by)).sender.email
        if entry.to_citizen and email:
            tx.redirect_entry(entry.id, email)
    entry = tx.hold_entry(entry_id)
    if entry.status not in (OutboxStatus.FAILED, OutboxStatus.UNCERTAIN, OutboxStatus.WITHHELD, OutboxStatus.BOUNCED):
        raise NotAllowed("Brevet väntar redan på att skickas.")
    if entry.status is OutboxStatus.WITHHELD and not entry.automatic and entry.letter.kind in ANSWERS:
        # The case was put back when it was withheld, and would know nothing of it.
        raise NotAllowed("Brevet hölls inne och räknas inte i ärendet. Skriv det på nytt under Svara.")
    tx.update_entry(replace(entry, status=OutboxStatus.QUEUED, attempts=0, retry_at=None, not_before=now, error=""))
    if entry.case_id:
        note(tx, office, entry.case_id, EventKind.LETTER_QUEUED, now, entry.name, by.id)
