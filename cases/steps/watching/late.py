"""What is late, in one letter a person and working day: to chefs, and to registrators where nobody has the case."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.errors import NotFound
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.parts import in_parts
from cases.ports import Tx
from cases.post.plan import has_unit, owed
from cases.post.staff import queue_apart
from cases.steps.routing.suggested import neutral_subject
from cases.steps.watching.legal_days import waiting_days
from cases.steps.watching.list_rows import ListReader, listed
from cases.steps.watching.reminders import days_late, reminded

_TOLD = "late_list:"
# As many cases as are read from the database at a time.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """A list somebody has not had today, with the ids of its cases as they stood when it was looked for.

    ``own`` concern the recipient, ``others`` somebody the recipient stands in for, who may read more.
    """

    recipient: str
    own: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    @property
    def case_ids(self) -> Sequence[str]:
        """All of them."""
        return sorted(self.own | self.others)


def unlisted(tx: Tx, office: Office, now: datetime) -> Sequence[Listing]:
    """Who is to be told today of late cases and has not been; those who have one late case at least."""
    today, law = local_day(now), waiting_days(tx)
    found: dict[str, Listing] = {}
    ids = [*tx.cases_due(today - timedelta(days=1)), *(one for one, day in law.items() if day < today)]
    for late in _late(tx, list(dict.fromkeys(ids)), law, today):
        # One that names nobody we know is noted by its own sweep, and keeps no list back.
        with suppress(NotFound):
            for address, in_person in _concerned(tx, office, late.case, today):
                listing = found.setdefault(address.lower(), Listing(address))
                (listing.own if in_person else listing.others).add(late.case.id)
    return [one for key, one in found.items() if tx.setting(_TOLD + key) < today.isoformat()]


def send_list(tx: Tx, listing: Listing, office: Office, now: datetime) -> bool:
    """Queue somebody's list of today, of what is late still; False where nothing is, or another process was first."""
    today, law = local_day(now), waiting_days(tx)
    if not tx.claim_day(_TOLD + listing.recipient.lower(), today):
        return False
    reader = ListReader.of(tx, listing.recipient, listing.case_ids, office, today)
    told = [one for one in listing.case_ids if one in listing.own or one in reader.may]
    late = {one.case.id: one for one in _late(tx, told, law, today)}
    if not late:
        return False
    shown = [
        one.case for one in sorted(late.values(), key=lambda one: (one.day, one.case.received_at, one.case.number))
    ]
    values = {
        "lank": f"{office.desk_url}/forsenat",
        "dag": swedish_date(today),
        **listed(reader, shown, lambda case: _facts(tx, reader, late[case.id], office, today), office),
        "ofordelat": "" if all(map(has_unit, shown)) else "ja",
    }
    queue_apart(tx, office, LetterKind.PAMINNELSE_LISTA, [listing.recipient], values, now)
    return True


@dataclass(frozen=True, slots=True)
class _Late:
    """A case that waits past the nearest ``day`` that was promised or that the law gives; ``by_law``: past that one."""

    case: Case
    day: date
    by_law: bool


def _late(tx: Tx, case_ids: Sequence[str], law: Mapping[str, date], today: date) -> Iterator[_Late]:
    """Those of these cases that are late."""
    for part in in_parts(case_ids, _AT_ONCE):
        for case, _marks in tx.promised(part):
            promise, legal = owed(case), law.get(case.id, date.max)
            day = min(promise.due if promise else legal, legal)
            if day < today:
                yield _Late(case, day, legal < today)


def _concerned(tx: Tx, office: Office, case: Case, today: date) -> Iterator[tuple[str, bool]]:
    """Whose list a case belongs in, and whether in person or as somebody's substitute; none who got its own letter."""
    own, listed = reminded(tx, office, case, today)
    told = {person.email.lower() for hand in own for person in tx.substitutes(hand, today)}
    for address in listed:
        if address.lower() not in told:
            yield address, True
        for person in tx.substitutes(address, today):
            if person.email.lower() not in told:
                yield person.email, False


def _facts(tx: Tx, reader: ListReader, late: _Late, office: Office, today: date) -> Iterator[str]:
    """What every mail to staff tells; besides, to who may read it, the matter in the register's neutral words."""
    case = late.case
    yield f"Försenat {days_late(office.calendar.working_days_between(late.day, today))}."
    if late.by_law and case.id in reader.may:
        yield "Enligt lag borde det vara klart."
    if case.protected:
        yield "Skyddat ärende."
    if not has_unit(case):
        yield "Inte fördelat än."
        return
    # Before a person has confirmed what it is about, only the model says so.
    if case.id in reader.may and not case.protected:
        yield f"{neutral_subject(case.type, case.area)}."
    if case.unit_id in office.organisation.units:
        yield f"{office.organisation.unit(case.unit_id).name}."
    if case.assignee_id and reader.opens(case):
        yield f"Handläggare: {tx.user(case.assignee_id).name}."
