"""Reminders of the day by which the law wants a case on a special track done (``cases.records.law_days``)."""

from collections.abc import Sequence
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
from cases.steps.watching.legal_days import late_words, near
from cases.steps.watching.reminders import tell_late

# Apart from the reminders of a refusal and of a whistle-blower's days, which are letters of the same kind.
_MARK = LetterKind.TILL_HANDLAGGARE


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases of which somebody is to be reminded today and has not been."""
    found = (
        (case, marks, _reason(case, office, local_day(now))) for case, marks in tx.promised(tx.on_tracks(DATED_TRACKS))
    )
    return tuple(case.id for case, marks, why in found if why and (_MARK, why[0]) not in marks)


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
