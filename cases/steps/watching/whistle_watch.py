"""Reminders of what a whistle-blower is to be told by law: that the report came, and what is done about it."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.letters.letter import LetterKind, OutboxStatus
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.staff import queue_internal
from cases.promises import NEW_DAY_RULE
from cases.steps.staff import entitled

_K = LetterKind.BEVAKNING
# A decision of the same case not to hand out is reminded of in the same kind of letter, maybe on the same day.
_MARK = LetterKind.TILL_REGISTRATOR
_OVER = "whistle_watch_over"
# Lag 2021:890 5 kap. 8 §; what is done is told three months after the word that the report came, or after its last day.
_CONFIRM_DAYS, _FEEDBACK_MONTHS = 7, 3
# Working days before the last one on which the first reminder leaves: for a call, and to bring an inquiry to its end.
_CONFIRM_AHEAD, _FEEDBACK_AHEAD = 2, 10
_LEFT = (OutboxStatus.SENT, OutboxStatus.POSTED)


def leave(tx: Tx, office: Office, now: datetime) -> bool:
    """Whether somebody may still lack a reminder of today; never outside service hours."""
    return office.calendar.in_service(now) and tx.setting(_OVER) < local_day(now).isoformat()


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases of which their receivers are to be reminded today and have not been."""
    return tuple(one for one in tx.whistle_waiting() if _waits(tx, one, office, now))


def over(tx: Tx, now: datetime) -> None:
    """All have their reminder of today; a case that comes later that day has it tomorrow."""
    tx.claim_day(_OVER, local_day(now))


def _waits(tx: Tx, case_id: str, office: Office, now: datetime) -> bool:
    found = _reason(tx, tx.get_case(case_id, SYSTEM), office, local_day(now))
    return found is not None and (_MARK, found[0]) not in tx.marks(case_id)


def remind(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Remind those who receive whistle-blowing, and nobody else; how many reminders that made."""
    case = tx.get_case(case_id, SYSTEM)
    found = _reason(tx, case, office, local_day(now))
    if not case.whistle or found is None or not tx.mark(case_id, _MARK, found[0], now):
        return 0
    queue_internal(
        tx, office, case, _K, entitled(tx, case, (), local_day(now)), now=now, values={"anledning": found[1]}
    )
    return 1


def _reason(tx: Tx, case: Case, office: Office, today: date) -> tuple[date, str] | None:
    """The day by which the reminder is known and what it says: once ahead, and each working day from the last one on.

    No mail says that it is whistle-blowing.
    """
    confirm, told = local_day(case.received_at) + timedelta(days=_CONFIRM_DAYS), _told(tx, case)
    feedback = _months_after(min([confirm, *told]), _FEEDBACK_MONTHS)
    if found := _near(feedback, _FEEDBACK_AHEAD, office, today):
        return found, _words("få veta vad ni har gjort eller tänker göra, och varför", feedback, today)
    if not told and (found := _near(confirm, _CONFIRM_AHEAD, office, today)):
        return found, _words("ha fått veta att ni har tagit emot brevet", confirm, today)
    return None


def _near(last: date, ahead: int, office: Office, today: date) -> date | None:
    if today >= last:
        return today
    first = office.calendar.subtract_working_days(last, ahead)
    return first if today >= first else None


def _words(what: str, last: date, today: date) -> str:
    late = " Dagen har varit." if today > last else ""
    return f"Senast den {swedish_date(last)} ska den som skrev {what}.{late}"


def _told(tx: Tx, case: Case) -> Sequence[date]:
    """The days on which the sender had word of us: by a letter, or in speech as a promise was kept or moved."""
    kept = [deadline.met_at for deadline in case.deadlines if deadline.met_at]
    left = [one.sent_at for one in tx.letters_of(case.id) if one.for_citizen and one.status in _LEFT and one.sent_at]
    moved = [deadline.due for deadline in case.deadlines if deadline.rule == NEW_DAY_RULE]
    return [*map(local_day, [*kept, *left]), *moved]


def _months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
