"""The alarm where no unit has a case on its last day: a letter for one case, one list a person for several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import Role
from cases.ports import Tx
from cases.post.staff import queue_apart, queue_internal, with_substitutes
from cases.steps.staff import case_chef, central, entitled
from cases.steps.watching.list_rows import ListReader, listed

Alarm = tuple[Case, date]
"""A case that no person has confirmed a unit for, and the day its promise ends."""

_ROUTERS = (Role.REGISTRATOR, Role.VISSELMOTTAGARE)


@dataclass(slots=True)
class _Told:
    """What one address is to be told: the day of each case, and in which letters it would come alone."""

    address: str
    days: dict[str, date] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    kinds: dict[LetterKind, None] = field(default_factory=dict)

    def add(self, case: Case, day: date, kind: LetterKind) -> None:
        # Two promises of a case may have ended while everything was down: the first is what somebody waits for.
        self.days[case.id] = min(day, self.days.get(case.id, day))
        self.cases[case.id] = case
        self.kinds[kind] = None


def alarm_all(tx: Tx, alarms: Sequence[Alarm], office: Office, now: datetime) -> None:
    """Tell registrators and chefs, and who stands in for them; each in one letter, of all that concerns them."""
    told: dict[str, _Told] = {}
    for case, day in alarms:
        for address, kind in _concerned(tx, case, office, now):
            told.setdefault(address.lower(), _Told(address)).add(case, day, kind)
    for one in told.values():
        if len(one.cases) > 1:
            _list(tx, one, office, now)
        else:
            _alone(tx, one, office, now)


def _concerned(tx: Tx, case: Case, office: Office, now: datetime) -> Iterator[tuple[str, LetterKind]]:
    """Registrators and chef; a whistle-blower's case is its own receivers' alone."""
    day = local_day(now)
    routers = entitled(tx, case, central(tx, office, case, day), day)
    for address in with_substitutes(tx, office, case, routers, now):
        yield address, LetterKind.TILL_REGISTRATOR
    chefs = [] if case.whistle else [case_chef(office, case).manager.email]
    for address in with_substitutes(tx, office, case, chefs, now):
        yield address, LetterKind.TILL_CHEF


def _alone(tx: Tx, told: _Told, office: Office, now: datetime) -> None:
    for case in told.cases.values():
        day = swedish_date(told.days[case.id])
        why = f"{_ends(told.days[case.id], now)}, och ingen enhet har ärendet."
        why += " Innan det är fördelat går inget besked till den som skrev."
        for kind in told.kinds:
            values = {"anledning": why, "frist": day}
            queue_internal(tx, office, case, kind, [told.address], now=now, values=values, stand_ins=False)


def _list(tx: Tx, told: _Told, office: Office, now: datetime) -> None:
    reader = ListReader.of(tx, told.address, list(told.cases), office, local_day(now))
    order = sorted(told.cases.values(), key=lambda case: (told.days[case.id], case.received_at, case.number))
    values = {
        "dag": swedish_date(local_day(now)),
        **listed(reader, order, lambda case: _facts(case, told.days[case.id], now), office),
        "lank": f"{office.desk_url}/att-fordela" if _routes(told, reader) else "",
    }
    queue_apart(tx, office, LetterKind.LARM_LISTA, [told.address], values, now)


def _routes(told: _Told, reader: ListReader) -> bool:
    """Whether the queue opens for whoever is told; of a mailbox only its office is known."""
    person = reader.person
    return any(map(person.has, _ROUTERS)) if person else LetterKind.TILL_REGISTRATOR in told.kinds


def _facts(case: Case, day: date, now: datetime) -> Iterator[str]:
    """Nothing of what it is about: no person has confirmed that."""
    yield f"{_ends(day, now)}."
    if case.protected:
        yield "Skyddat ärende."


def _ends(day: date, now: datetime) -> str:
    return f"Svarstiden {'gick' if day < local_day(now) else 'går'} ut den {swedish_date(day)}"
