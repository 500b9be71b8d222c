"""Promises kept: the letter of a deadline leaves in time by itself, or registrator and chef are alarmed; once each."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case, CaseStatus
from cases.errors import NotAllowed
from cases.journal import STATUS_TOLD, EventKind
from cases.letters.letter import INTERNAL, LetterKind
from cases.office import Office
from cases.parts import in_parts
from cases.people.access import SYSTEM, User
from cases.people.organisation import Official, Unit
from cases.ports import Tx
from cases.post.citizen import note, queue_letter, unit_alone
from cases.post.plan import Mark, PlannedLetter, alarmed, horizon, plan
from cases.post.staff import reached
from cases.promises import PromiseKind, in_force, no_promise
from cases.steps.routing.merge import follow, whole_values
from cases.steps.routing.suggest import meet, postponed
from cases.steps.watching.due_alarms import Alarm, alarm_all
from cases.steps.watching.reminders import remind_after, remind_before

# As many cases as are read from the database at a time.
_AT_ONCE = 500


def waiting(tx: Tx, office: Office, now: datetime) -> tuple[Sequence[str], Sequence[str]]:
    """Ids of the cases with something to do just now, those with an alarm first; none outside service hours.

    Then nothing may leave.
    """
    alarmed: list[str] = []
    others: list[str] = []
    near = tx.cases_due(horizon(office, now)) if office.calendar.in_service(now) else ()
    for part in in_parts(near, _AT_ONCE):
        for case, marks in tx.promised(part):
            if due := _due(case, marks, office, now):
                (alarmed if any(letter.alarm for letter in due) else others).append(case.id)
    return alarmed, others


def _due(case: Case, marks: Collection[Mark], office: Office, now: datetime) -> list[PlannedLetter]:
    """The letters of a case whose time has come."""
    return [letter for letter in plan(case, marks, office, now) if letter.leaves(now)]


def keep(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Do for one case what its promises ask for just now; returns how many letters and alarms that caused.

    Each is marked in the same transaction, and a mark can be set once: however often, late or on how many machines
    this runs, each leaves once. Raises StaleVersion where a person changed the case meanwhile; the next sweep comes.
    """
    return keep_all(tx, [case_id], office, now)


def keep_all(tx: Tx, case_ids: Sequence[str], office: Office, now: datetime) -> int:
    """The same for several cases in one transaction: all of it or, where one of them raises, nothing.

    Whoever is alarmed of several of them is in one letter.
    """
    if not office.calendar.in_service(now):
        return 0
    tx.foresee_promises(case_ids)
    alarms: list[Alarm] = []
    done = sum(_keep(tx, case.id, set(marks), alarms, office, now) for case, marks in tx.promised(case_ids))
    alarm_all(tx, alarms, office, now)
    return done


def _keep(tx: Tx, case_id: str, marks: set[Mark], alarms: list[Alarm], office: Office, now: datetime) -> int:
    done = 0
    # Asked for each time: a letter of a case merged with this one may have changed it just before.
    while due := _due(case := tx.get_case(case_id, SYSTEM), marks, office, now):
        # The citizen first: what then is kept needs no reminder.
        first = min(due, key=lambda letter: letter.kind in INTERNAL)
        marks.add((LetterKind.TILL_CHEF if first.alarm else first.kind, first.day))
        if not _act(tx, case, first, office, now):
            break
        if first.alarm:
            alarms.append((case, first.day))
        done += 1
    return done


def _act(tx: Tx, case: Case, planned: PlannedLetter, office: Office, now: datetime) -> bool:
    kind = LetterKind.TILL_CHEF if planned.alarm else planned.kind
    if not tx.mark(case.id, kind, planned.day, now):
        return False
    if planned.alarm:
        # No person has confirmed a unit, so no letter can tell the truth: registrator and chef are told instead.
        text = f"Ingen enhet är bekräftad, och löftet går ut den {swedish_date(planned.day)}."
        note(tx, office, case.id, EventKind.ALARM, now, f"{text} {alarmed(case).capitalize()} är larmade.")
    else:
        _ACTS[kind](tx, case, planned, office, now)
    return True


def _status(tx: Tx, case: Case, _planned: PlannedLetter, office: Office, now: datetime) -> None:
    """O24: where the case stands, in words that its state makes true."""
    unit = office.unit_of(case)
    done, following = _STANDS.get(case.status, _RESTS)
    told = {
        "lage": done.format(enhet=unit.name),
        "nasta_steg": following,
        "svarsdatum": _answer_day(case, now),
        **signer(tx, case, unit, office, now),
    }
    # What the state says is written in Swedish alone.
    whole = whole_values(tx, office, case, LetterKind.STATUS, told, now)
    if queue_letter(tx, office, replace(case, language="sv"), LetterKind.STATUS, now=now, values=whole) is not None:
        tx.save_case(meet(case, PromiseKind.STATUS, now))
        follow(tx, case, LetterKind.STATUS, _to_others(case, told, unit), None, office, now)


def _answer_day(case: Case, now: datetime) -> str:
    answers = [d.due for d in in_force(case.deadlines) if d.kind is PromiseKind.ANSWER]
    return swedish_date(answers[0]) if answers and answers[0] >= local_day(now) else ""


def _longer(tx: Tx, case: Case, _planned: PlannedLetter, office: Office, now: datetime) -> None:
    """R5: it takes longer, who has the case, and a new day; the reason is the profile's, never an invented one."""
    day = office.calendar.add_working_days(local_day(now), office.letters.delay_working_days)
    waits, unit = case.status is CaseStatus.AWAITING_SENDER, office.unit_of(case)
    told = {
        "ny_tid": swedish_date(day),
        "skal": "Vi väntar på de uppgifter som vi har bett dig om." if waits else office.letters.delay_reason,
        **signer(tx, case, unit, office, now),
    }
    whole = whole_values(tx, office, case, LetterKind.LANGRE_TID, told, now)
    if queue_letter(tx, office, replace(case, language="sv"), LetterKind.LANGRE_TID, now=now, values=whole) is not None:
        tx.save_case(postponed(case, day))
        follow(tx, case, LetterKind.LANGRE_TID, _to_others(case, told, unit), None, office, now)


def _to_others(case: Case, told: dict[str, str], unit: Unit) -> dict[str, str]:
    """The same to senders of cases merged into this one: more was asked of this one's own sender, and not of them."""
    if case.status is not CaseStatus.AWAITING_SENDER:
        return told
    asked = {name: words.format(enhet=unit.name) for name, words in _ASKED_ANOTHER.items() if name in told}
    return {**told, **asked}


_ASKED_ANOTHER = {
    "lage": "Ditt ärende finns hos {enhet}. Vi har bett om fler uppgifter och väntar på dem.",
    "nasta_steg": "När vi har fått uppgifterna går vi vidare. Sedan får du ett svar.",
    "skal": "Vi väntar på uppgifter som vi har bett om.",
}

_ACTS = {
    LetterKind.STATUS: _status,
    LetterKind.LANGRE_TID: _longer,
    LetterKind.PAMINNELSE_FORE: remind_before,
    LetterKind.PAMINNELSE_EFTER: remind_after,
}

_RESTS = (
    "Ditt ärende finns hos {enhet}. Ingen har börjat arbeta med det än.",
    "Enheten utser någon som tar hand om ärendet. Sedan får du ett svar.",
)
_STANDS = {
    CaseStatus.ASSIGNED: (
        "Ditt ärende finns hos {enhet}, som har utsett en handläggare.",
        "Handläggaren går igenom det du har skrivit. Sedan får du ett svar.",
    ),
    CaseStatus.IN_PROGRESS: (
        "Ditt ärende finns hos {enhet}. En handläggare har tagit hand om det.",
        "Handläggaren går igenom det du har skrivit. Sedan får du ett svar.",
    ),
    CaseStatus.DELAYED: (
        "Ditt ärende finns hos {enhet}. En handläggare har tagit hand om det, men vi behöver mer tid.",
        "Handläggaren arbetar vidare med ärendet. Sedan får du ett svar.",
    ),
    CaseStatus.AWAITING_SENDER: (
        "Ditt ärende finns hos {enhet}. Vi har bett dig om fler uppgifter och väntar på dem.",
        "När vi har fått dina uppgifter går vi vidare. Sedan får du ett svar.",
    ),
    CaseStatus.ESCALATED: (
        "Ditt ärende finns hos {enhet}. Chefen har tagit över det.",
        "Chefen går igenom ärendet. Sedan får du ett svar.",
    ),
    CaseStatus.DECIDED: ("{enhet} har tagit ställning i ditt ärende.", "Vi skriver ett svar till dig."),
}
# Before somebody has accepted a case, its unit's chef answers for it (R11); a lifted one is the chef's.
_CHEFS = frozenset({CaseStatus.ASSIGNED, CaseStatus.ESCALATED})


def signer(tx: Tx, case: Case, unit: Unit, office: Office, now: datetime) -> dict[str, str]:
    """Who is named to the citizen (R5, R10): who has the case in hand, else the chef; under threat the unit alone.

    Where that person is away, who stands in is named, for it is they who have the case before them; where they have
    left, the chef.
    """
    if alone := unit_alone(case, unit, office):
        return alone
    has = unit.manager
    if case.assignee_id and case.status not in _CHEFS:
        person = tx.user(case.assignee_id)
        if person.works_on(local_day(office.calendar.next_service(now))):
            has = Official(person.name, person.title, person.email)
    named = reached(tx, office, case, has, now)
    ways = ", ".join(way for way in (unit.phone, named.email) if way)
    return {"handlaggare": named.name, "titel": named.title, "kontakt": ways}


def status_told(tx: Tx, case: Case, how: str, by: User, office: Office, now: datetime, day: date | None = None) -> Case:
    """Note that the status was told by phone, in person or by post (O24): who, how, when.

    ``day`` is the new one for the answer, told so to whom no mail reaches (R5). Raises NotAllowed, its ``part`` "how"
    or "day".
    """
    if not how.strip():
        raise NotAllowed("Skriv hur och när beskedet lämnades.", "how")
    if day is None and not any(d.kind is PromiseKind.STATUS for d in in_force(case.deadlines)):
        raise NotAllowed("Välj dagen som du sa att svaret kommer.", "day")
    if day is not None and (why := no_promise(day, local_day(now))):
        raise NotAllowed(why, "day")
    told = postponed(case, day) if day else case
    until = f" Svar senast den {swedish_date(day)}." if day else ""
    case = tx.save_case(meet(told, PromiseKind.STATUS, now))
    note(tx, office, case.id, EventKind.NOTE, now, f"{STATUS_TOLD} {how.strip()}{until}", by.id)
    return case
