"""Reminders of the day by which the law wants a case on a special track done (``cases.records.law_days``)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.staff import queue_internal
from cases.records.law_days import DATED_TRACKS, law_waits, track_day
from cases.steps.staff import entitled, owner_addresses
from cases.steps.watching.reminders import tell_late
from cases.steps.watching.whistle_watch import late_words, near, next_days

# Apart from the reminders of a refusal and of a whistle-blower's days, which are letters of the same kind.
_MARK = LetterKind.TILL_HANDLAGGARE
_OVER = "law_watch_over"


def leave(tx: Tx, office: Office, now: datetime) -> bool:
    """Whether somebody may still lack a reminder of today; never outside service hours."""
    return office.calendar.in_service(now) and tx.setting(_OVER) < local_day(now).isoformat()


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases of which somebody is to be reminded today and has not been."""
    found = (
        (case, marks, _reason(case, office, local_day(now))) for case, marks in tx.promised(tx.on_tracks(DATED_TRACKS))
    )
    return tuple(case.id for case, marks, why in found if why and (_MARK, why[0]) not in marks)


def waiting_days(tx: Tx) -> Mapping[str, date]:
    """By id, the day of each case that waits for what the law gives a day for: on a special track, or whistle-blowing.

    Of both the nearer one.
    """
    found = {case.id: day for case, _marks in tx.promised(tx.on_tracks(DATED_TRACKS)) if (day := law_waits(case))}
    for case_id, day in next_days(tx).items():
        found[case_id] = min(day, found.get(case_id, day))
    return found


def over(tx: Tx, now: datetime) -> None:
    """All have their reminder of today; a case that comes later that day has it tomorrow."""
    tx.claim_day(_OVER, local_day(now))


def remind(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Remind whoever has the case, of one that is late by a list all but its handläggare; 1 where it did."""
    case, today = tx.get_case(case_id, SYSTEM), local_day(now)
    waits, found = law_waits(case), _reason(case, office, today)
    if waits is None or found is None or not tx.mark(case_id, _MARK, found[0], now):
        return 0
    values = {"anledning": found[1], "frist": ""}
    if today > waits:
        tell_late(tx, case, LetterKind.BEVAKNING, values, late_words(waits), office, now)
        return 1
    whom = entitled(tx, case, owner_addresses(tx, office, case, today), today)
    queue_internal(tx, office, case, LetterKind.BEVAKNING, whom, now=now, values=values)
    return 1


def _reason(case: Case, office: Office, today: date) -> tuple[date, str] | None:
    """The day by which the reminder is known and what it says: once ahead, and each working day from the last one on.

    Nothing of what the case is about, nor its track.
    """
    waits, found = law_waits(case), track_day(case)
    if waits is None or found is None or (day := near(waits, found.ahead, office, today)) is None:
        return None
    late = " Dagen har varit." if today > waits else ""
    return day, f"Enligt lag ska {found.said} senast den {swedish_date(waits)}.{late}"
