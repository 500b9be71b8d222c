"""Reminders to those who have a case: before its deadline, daily after it, and back where nobody accepted it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from cases.calendar import STOCKHOLM, local_day, swedish_date, swedish_time
from cases.case import STATUS_NAMES, Case, CaseStatus, check_move
from cases.journal import EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.letters.permit import Verdict, permit
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.plan import PlannedLetter, PlanState, plan
from cases.post.staff import queue_internal
from cases.promises import PromiseKind, in_force
from cases.steps.staff import case_chef, entitled, owner_addresses, tell_owner


def remind_before(tx: Tx, case: Case, planned: PlannedLetter, office: Office, now: datetime) -> None:
    """*Påminnelse före*: the due day, where the case stands, and what leaves by itself if nobody writes."""
    lines = [f"Ärendet är: {STATUS_NAMES[case.status]}.", _otherwise(tx, case, planned, office, now)]
    values = {"frist": swedish_date(planned.day), "lage": "\n".join(line for line in lines if line)}
    day = local_day(now)
    whom = entitled(tx, case, owner_addresses(tx, office, case, day), day)
    queue_internal(tx, office, case, LetterKind.PAMINNELSE_FORE, whom, now=now, values=values)


def _otherwise(tx: Tx, case: Case, planned: PlannedLetter, office: Office, now: datetime) -> str:
    coming = (p for p in plan(case, tx.marks(case.id), office, now) if p.day == planned.day and p.due_at > now)
    letter = next((p for p in coming if p.kind in (LetterKind.STATUS, LetterKind.LANGRE_TID)), None)
    if letter is None or letter.state not in (PlanState.PLANNED, PlanState.CANCELLED):
        return ""
    # Why it cannot go may name a flag, and no mail names one.
    if letter.state is PlanState.CANCELLED:
        return "Inget brev går av sig självt. På ärendesidan ser du varför."
    if letter.alarm:
        return letter.reason
    safe = permit(case, letter.kind, automatic=True).verdict is Verdict.SAFE_ONLY
    kind = LetterKind.SEKRETESS_SAFE if safe else letter.kind
    return f"Brevet {LETTER_NAMES[kind]} går annars av sig självt den {swedish_time(letter.due_at)}."


def remind_after(tx: Tx, case: Case, planned: PlannedLetter, office: Office, now: datetime) -> None:
    """*Påminnelse efter*: how old the matter is, to its handläggare; all others have it in a list (``steps.late``)."""
    due = min(d.due for d in in_force(case.deadlines) if d.kind is not PromiseKind.RECEIPT)
    values = {
        "frist": swedish_date(due),
        "alder": days_late(office.calendar.working_days_between(due, planned.day)),
        "handlaggare": _hand(tx, case),
    }
    tell_late(tx, case, LetterKind.PAMINNELSE_EFTER, values, f"Svarstiden gick ut den {values['frist']}.", office, now)


def tell_late(
    tx: Tx, case: Case, kind: LetterKind, values: dict[str, str], said: str, office: Office, now: datetime
) -> None:
    """Write to whoever has a late case in hand; the journal says what is late, and in whose list it stands besides."""
    own, listed = reminded(tx, office, case, local_day(now))
    queue_internal(tx, office, case, kind, own, now=now, values=values)
    told = [said]
    told += [f"Mejl till {_hand(tx, case)}."] if own else []
    told += [f"Med i nästa lista över försenade ärenden till {', '.join(listed)}."] if listed else []
    note(tx, office, case.id, EventKind.REMINDED, now, " ".join(told))


def _hand(tx: Tx, case: Case) -> str:
    return tx.user(case.assignee_id).name if case.assignee_id else ""


def reminded(tx: Tx, office: Office, case: Case, today: date) -> tuple[Sequence[str], Sequence[str]]:
    """Who gets a letter about a late case alone, and who has it in a list: its handläggare; its chef, who routes it.

    With a case in hand one can answer the letter; a chef or a registrator may have thirty such cases in a morning.
    """
    chef = case_chef(office, case).manager.email
    owners = owner_addresses(tx, office, case, today)
    whom = {one.lower(): one for one in entitled(tx, case, [*owners, chef], today) if one}
    hand = tx.user(case.assignee_id) if case.assignee_id else None
    if hand is None or not hand.works_on(today) or whom.pop(hand.email.lower(), None) is None:
        return (), tuple(whom.values())
    return (hand.email,), tuple(whom.values())


def days_late(days: int) -> str:
    """``en arbetsdag``, ``tre arbetsdagar``, ``14 arbetsdagar``; of none, as on a Saturday in the demonstration, so."""
    return count_words(days, "en arbetsdag", "arbetsdagar") if days else "mindre än en arbetsdag"


def unaccepted(tx: Tx, office: Office, now: datetime, case_id: str = "") -> Sequence[str]:
    """Cases offered to somebody who let more than a working day pass (R11); looked for in service hours only.

    On a closing day nobody is there to accept. ``case_id`` asks of that one alone.
    """
    if not office.calendar.in_service(now):
        return ()
    day = office.calendar.last_open_day(local_day(now) - timedelta(days=1))
    return tx.assigned_before(datetime.combine(day, time(), STOCKHOLM), case_id)


def hand_back(tx: Tx, case_id: str, office: Office, now: datetime) -> bool:
    """R11: a case nobody accepted goes back to its unit, which owned it all the time; False where it was accepted."""
    if not unaccepted(tx, office, now, case_id):
        return False
    case = tx.get_case(case_id, SYSTEM)
    to = CaseStatus.REGISTERED if case.registry_number else CaseStatus.ROUTED
    check_move(case, to)
    offered = tx.user(case.assignee_id)
    case = tx.save_case(replace(case, status=to, assignee_id=""))
    note(
        tx,
        office,
        case.id,
        EventKind.MOVED,
        now,
        f"{offered.name} tog inte ärendet i tid. Det är tillbaka hos enheten.",
    )
    tell_owner(tx, office, case, LetterKind.TILL_ENHETSREGISTRATOR, now)
    return True
