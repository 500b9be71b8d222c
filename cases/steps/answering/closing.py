"""A case is ended, in one step where it is a small thing, or taken up again."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case, CaseStatus, Outcome, check_move
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.plan import owed
from cases.records.law_days import law_waits, track_day
from cases.steps.answering.answer import decide, demand_mandate, owned
from cases.steps.joining.reply import without_unit
from cases.steps.routing.confirm import open_for
from cases.steps.routing.merge import leave_none
from cases.steps.watching.legal_days import days_of


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
    waits = sender_waits(tx, case)
    _check_end(case, outcome, why, by, office, waits=waits)
    unanswered = f"Avsändaren har inte fått något svar. {why.strip()}".strip() if waits else ""
    case = _closed(tx, case, improvement, outcome, now)
    note(tx, office, case.id, EventKind.CLOSED, now, f"{unanswered} {improvement}".strip(), by.id)
    # What nobody sent is no document of the case (TF 2:12).
    tx.erase_drafts(case.id)
    leave_none(tx, case, office, now, by)
    return case


def sender_waits(tx: Tx, case: Case) -> bool:
    """Whether the sender waits for something that the municipality promised, or that the law gives them."""
    if case.ended or case.sender.anonymous:
        return False
    if case.whistle and days_of(tx, case).feedback is None:
        return True
    found = track_day(case) if law_waits(case) else None
    return owed(case) is not None or (found is not None and found.to_sender)


def _check_end(case: Case, outcome: Outcome | None, why: str, by: User, office: Office, *, waits: bool) -> None:
    check_move(case, CaseStatus.CLOSED)
    if outcome is not None:
        demand_mandate(outcome, case, by, office)
    if case.protected and not case.registry_number:
        raise NotAllowed(
            f"Ärende {case.number} är skyddat och måste diarieföras innan det avslutas. "
            "Bekräfta markeringarna under Sekretess, så förs det in."
        )
    if waits and not (outcome or case.outcome or why.strip()):
        raise NotAllowed(
            f"Avsändaren väntar på svar i ärende {case.number}. Svara, eller notera det svar som är lämnat. Ska hen "
            "inte ha något svar skriver du varför, eller väljer hur det gick.",
            "why",
        )


def _closed(tx: Tx, case: Case, improvement: str, outcome: Outcome | None, now: datetime) -> Case:
    learnt = improvement.strip() or case.improvement
    closed = replace(case, closed_at=now, improvement=learnt, outcome=outcome or case.outcome)
    return tx.save_case(replace(closed, status=CaseStatus.CLOSED))


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
    case = decide(tx, owned(tx, case, by, office, now), Outcome.ACTED, by, office, now)
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
