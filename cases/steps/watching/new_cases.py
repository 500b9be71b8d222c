"""The one list of new cases where so many letters come that not each is told of in a mail of its own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.case import WAITING, Case
from cases.letters.letter import LetterKind
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.staff import queue_apart
from cases.steps.watching.list_rows import ListReader, listed

_GATHERED = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class NewList:
    """A list that is to go to this address of the staff."""

    address: str


def lists_due(tx: Tx, office: Office, now: datetime) -> Sequence[NewList]:
    """Who is to have a list now of the new cases they were not told of; nobody outside service hours."""
    return list(map(NewList, tx.notices_held_before(now - _GATHERED))) if office.calendar.in_service(now) else ()


def send_new_list(tx: Tx, due: NewList, office: Office, now: datetime) -> int:
    """Tell of all that still waits for a person; 0 where nothing does, or another process was first.

    Who no longer works is told nothing, and of what one may not read any more nobody is (lag 2021:890 5:5).
    """
    address, today = due.address, local_day(now)
    found = [tx.get_case(case_id, SYSTEM) for case_id in tx.take_held_notices(address)]
    reader = ListReader.of(tx, address, [case.id for case in found], office, today)
    waiting = [case for case in found if case.status in WAITING and reader.opens(case) and _named(case, reader)]
    if not waiting:
        return 0
    values = {
        "dag": swedish_date(today),
        **listed(reader, waiting, _facts, office),
        "anledning": _one_sender(waiting, office),
        "lank": f"{office.desk_url}/att-fordela",
    }
    return queue_apart(tx, office, LetterKind.NYA_LISTA, [address], values, now)


def _named(case: Case, reader: ListReader) -> bool:
    """A whistle-blower's case is no shared mailbox's; of persons, ``opens`` says who reads it."""
    return not case.whistle or reader.person is not None


def _facts(case: Case) -> Iterator[str]:
    """Nothing of what it is about, nor of who wrote: no person has confirmed either."""
    yield f"Kom in den {swedish_date(local_day(case.received_at))}."
    if case.protected:
        yield "Skyddat ärende."


def _one_sender(cases: Sequence[Case], office: Office) -> str:
    """That one address sent most of what floods in; not which, for a sender is a claim and no case's fact."""
    senders = Counter("" if case.sender.anonymous else case.sender.email.lower() for case in cases)
    del senders[""]
    count = max(senders.values(), default=0)
    if count == len(cases) > 1:
        return "Alla kommer från samma avsändare."
    if count >= office.letters.notices_per_sender:
        return f"{count_words(count, 'ett av dem', 'av dem').capitalize()} kommer från samma avsändare."
    return ""
