"""Reminders of what a whistle-blower is to be told by law: that the report came, and what is done about it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.plan import Mark
from cases.post.staff import queue_internal
from cases.records.whistle import WhistleDays, kept_until
from cases.steps.staff import entitled
from cases.steps.watching.legal_days import days_of, late_words, near, whistle_waiting
from cases.steps.watching.reminders import tell_late

_K = LetterKind.BEVAKNING
# A decision of the same case not to hand out is reminded of in the same kind of letter, maybe on the same day.
_MARK = LetterKind.TILL_REGISTRATOR
# Working days before the last one on which the first reminder leaves: for a call, and to bring an inquiry to its end.
_CONFIRM_AHEAD, _FEEDBACK_AHEAD, _KEPT_AHEAD = 2, 10, 10
# Less than two years less the above, however many holidays: only to ask the database of few.
_LEAST_KEPT = timedelta(days=690)
_KEPT = (
    "Ärendet är avslutat. Enligt lag får personuppgifterna i det användas till och med den {}, två år efter avslutet. "
    "Se till att det gallras, om ni har ett gallringsbeslut som gäller det, eller att det lämnas till arkivet."
)


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases of which their receivers are to be reminded today and have not been."""
    found = ((case, marks, _reason(days, office, local_day(now))) for case, days, marks in whistle_waiting(tx))
    waiting = [case.id for case, marks, why in found if why and (_MARK, why[0]) not in marks]
    closed = tx.promised(tx.whistle_closed(now - _LEAST_KEPT))
    return (*waiting, *(case.id for case, marks in closed if _ends(case, office, now) not in (None, *_days(marks))))


def _days(marks: Collection[Mark]) -> Iterator[date]:
    return (day for kind, day in marks if kind is _MARK)


def _ends(case: Case, office: Office, now: datetime) -> date | None:
    """The day on which its personal data are to be gone or kept as an archive, where somebody is to hear of it now."""
    last = kept_until(case)
    if last is None or local_day(now) < office.calendar.subtract_working_days(last, _KEPT_AHEAD):
        return None
    return last


def remind(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Remind those who receive whistle-blowing, and nobody else; 1 where it did.

    Once the day has been, whoever has the case in hand has a mail, and the others have it in their list of late cases.
    """
    case, today = tx.get_case(case_id, SYSTEM), local_day(now)
    if case.ended:
        return _remind_kept(tx, case, office, now)
    days = days_of(tx, case)
    found = _reason(days, office, today)
    if not case.whistle or found is None or not tx.mark(case_id, _MARK, found[0], now):
        return 0
    values, last = {"anledning": found[1]}, days.next_day
    if last is not None and today > last:
        tell_late(tx, case, _K, values, late_words(last), office, now)
    else:
        queue_internal(tx, office, case, _K, entitled(tx, case, (), today), now=now, values=values)
    return 1


def _remind_kept(tx: Tx, case: Case, office: Office, now: datetime) -> int:
    """Ask its receivers once to see that it is erased, or kept as an archive (lag 2021:890 7 kap. 8 §)."""
    last = _ends(case, office, now)
    if not case.whistle or last is None or not tx.mark(case.id, _MARK, last, now):
        return 0
    values = {"anledning": _KEPT.format(swedish_date(last)), "frist": ""}
    queue_internal(tx, office, case, _K, entitled(tx, case, (), local_day(now)), now=now, values=values)
    return 1


def _reason(days: WhistleDays, office: Office, today: date) -> tuple[date, str] | None:
    """The day by which the reminder is known and what it says: once ahead, and each working day from the last one on.

    No mail says that it is whistle-blowing.
    """
    if days.feedback is not None:
        return None
    if found := near(days.feedback_by, _FEEDBACK_AHEAD, office, today):
        return found, _words("få veta vad ni har gjort eller tänker göra, och varför", days.feedback_by, today)
    if days.confirm_waits and (found := near(days.confirm_by, _CONFIRM_AHEAD, office, today)):
        return found, _words("ha fått veta att ni har tagit emot brevet", days.confirm_by, today)
    return None


def _words(what: str, last: date, today: date) -> str:
    late = " Dagen har varit." if today > last else ""
    return f"Senast den {swedish_date(last)} ska den som skrev {what}.{late}"
