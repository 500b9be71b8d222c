"""Reminders of a decision that can be appealed: it is not handed over, its three weeks are over, its appeal waits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.post.staff import queue_internal
from cases.records.appeals import Refused, Stage
from cases.steps.staff import case_chef, entitled, owner_addresses

_K = LetterKind.BEVAKNING
# A decision is handed over at once; what is put in the letter box on the last day is known some days later.
_HAND_OVER_DAYS, _POST_DAYS = 2, 2


def to_remind(tx: Tx, office: Office, now: datetime) -> Sequence[str]:
    """Ids of the cases with a decision somebody is to be reminded of now; in service hours alone."""
    if not office.calendar.in_service(now):
        return ()
    return tuple(dict.fromkeys(one.case_id for one in tx.refused_watched() if _waits(tx, one, office, now)))


def _waits(tx: Tx, refused: Refused, office: Office, now: datetime) -> bool:
    found = _reason(refused, office, local_day(now))
    return found is not None and (_is_over(refused) or (_K, found[0]) not in tx.marks(refused.case_id))


def _is_over(refused: Refused) -> bool:
    """Whether a reason to remind can only be that the three weeks are over."""
    return refused.appealed is None and refused.handed_over is not None


def remind(tx: Tx, case_id: str, office: Office, now: datetime) -> int:
    """Remind whoever has the case, once for each reason or day, of all its decisions in one letter; 1 where it did."""
    due = [(one, *found) for one in tx.refused_of(case_id) if (found := _reason(one, office, local_day(now)))]
    for refused, _day, why in due:
        if _is_over(refused):
            _settle(tx, refused, why, office, now)
    days = {day for day in dict.fromkeys(day for _, day, _ in due) if tx.mark(case_id, _K, day, now)}
    told = [(refused, why) for refused, day, why in due if day in days]
    if not told:
        return 0
    case = tx.get_case(case_id, SYSTEM)
    owners = [address for refused, _ in told for address in _whom(tx, case, refused, office, now)]
    whom, values = entitled(tx, case, owners, local_day(now)), {"anledning": " ".join(why for _, why in told)}
    queue_internal(tx, office, case, _K, whom, now=now, values=values)
    return 1


def _settle(tx: Tx, refused: Refused, why: str, office: Office, now: datetime) -> None:
    """The three weeks are over, and nothing is left to watch; another daemon that sees it too gets StaleVersion."""
    tx.save_case(tx.get_case(refused.case_id, SYSTEM))
    tx.save_refused(replace(refused, settled=True))
    note(tx, office, refused.case_id, EventKind.APPEAL_TIME, now, why)


def _whom(tx: Tx, case: Case, refused: Refused, office: Office, now: datetime) -> Iterator[str]:
    yield from owner_addresses(tx, office, case, local_day(now))
    until = refused.hand_on_by(office.calendar)
    if until is not None and until < local_day(now):
        yield case_chef(office, case).manager.email


def _reason(refused: Refused, office: Office, today: date) -> tuple[date, str] | None:
    """The day by which the reminder is known, so that it is sent once, and what it says; nothing of what was asked."""
    if refused.settled:
        return None
    calendar, stage = office.calendar, refused.stage(today, office.calendar)
    last, until = refused.last_day(calendar), refused.hand_on_by(calendar)
    what = f"Beslutet den {swedish_date(refused.decided)} att {refused.matter}"
    if stage is Stage.HAND_OVER and today > calendar.add_working_days(refused.decided, _HAND_OVER_DAYS):
        return refused.decided, (
            f"{what} är inte antecknat som lämnat. Lämna det genast, om det inte är gjort, och anteckna dagen: "
            "då börjar de tre veckorna då det kan överklagas."
        )
    if stage is Stage.OVER and last is not None and today > calendar.add_working_days(last, _POST_DAYS):
        over = f"Tiden för att överklaga gick ut den {swedish_date(last)}, och inget överklagande är antecknat."
        return last, f"{what} kan inte längre överklagas. {over}"
    if until is not None and today >= calendar.subtract_working_days(until, 1):
        late = f"Det skulle ha varit gjort den {swedish_date(until)}." if today > until else ""
        return today, f"{what} är överklagat. {_WAITS[stage]} senast den {swedish_date(until)}. {late}".strip()
    return None


_WAITS = {
    Stage.TRY: "Pröva om det kom i rätt tid, och lämna det till kammarrätten",
    Stage.REVIEW: "Se om beslutet ska stå fast, och lämna överklagandet till kammarrätten",
    Stage.HAND_ON: "Överklagandet ska lämnas till kammarrätten",
}
