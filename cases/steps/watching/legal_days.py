"""Which cases wait for what the law gives a day for, and when somebody is to hear of it: whistle-blowing and tracks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from cases.calendar import swedish_date
from cases.case import Case
from cases.office import Office
from cases.people.access import Viewer
from cases.ports import Tx
from cases.post.plan import Mark
from cases.records.law_days import DATED_TRACKS, law_waits
from cases.records.whistle import WhistleDays, whistle_days


def days_of(tx: Tx, case: Case) -> WhistleDays:
    """The days that the law gives of one whistle-blower's case."""
    return whistle_days(case, tx.whistle_said([case.id]).get(case.id, ()))


def law_days(tx: Tx, viewer: Viewer) -> tuple[tuple[str, date], ...]:
    """The id and the next day of each case that waits by law, for who receives whistle-blowing; for others none."""
    return tuple(_next_days(tx).items()) if viewer.whistle else ()


def waiting_days(tx: Tx) -> Mapping[str, date]:
    """By id, the day of each case that waits for what the law gives a day for: on a special track, or whistle-blowing.

    Of both the nearer one.
    """
    found = {case.id: day for case, _marks in tx.promised(tx.on_tracks(DATED_TRACKS)) if (day := law_waits(case))}
    for case_id, day in _next_days(tx).items():
        found[case_id] = min(day, found.get(case_id, day))
    return found


def whistle_waiting(tx: Tx) -> Sequence[tuple[Case, WhistleDays, Collection[Mark]]]:
    """The whistle-blowers' cases whose sender can be told something, with their days and what was done for them."""
    ids = tx.whistle_waiting()
    said = tx.whistle_said(ids)
    return [(case, whistle_days(case, said.get(case.id, ())), marks) for case, marks in tx.promised(ids)]


def _next_days(tx: Tx) -> Mapping[str, date]:
    return {case.id: day for case, days, _marks in whistle_waiting(tx) if (day := days.next_day)}


def near(last: date, ahead: int, office: Office, today: date) -> date | None:
    """The day by which a reminder of today is known: the first one, or today from the last working day on; else None.

    The first is due ``ahead`` working days before the last day.
    """
    # A Sunday's is to be seen to on the Friday.
    if today >= office.calendar.roll_back(last):
        return today
    first = office.calendar.subtract_working_days(last, ahead)
    return first if today >= first else None


def late_words(day: date) -> str:
    """What the journal says of a case whose day has been; nothing of which law."""
    return f"Enligt lag borde det ha varit klart den {swedish_date(day)}."
