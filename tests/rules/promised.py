"""One case in the small house, and the letters that its promises send as days go by."""

from datetime import UTC, date, datetime

from cases.calendar import STOCKHOLM
from cases.case import Case
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM, User
from cases.post.plan import PlannedLetter, plan
from cases.routing.flags import FlagKind
from cases.steps.answering import answer as answering
from cases.steps.working import work
from cases.store.views import ListFilter, ListKind
from tests.steps.house import SmallHouse, into_hands, route

# Received Thursday 26 November 2026: an answer is due on Tuesday 1 December, a status on Friday 4 December.
ANSWER_DUE, STATUS_DUE = date(2026, 12, 1), date(2026, 12, 4)
K = LetterKind


def at(day: date, hour: int = 16, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def the_case(house: SmallHouse) -> Case:
    with house.store.read() as tx:
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        return tx.get_case(line.id, SYSTEM)


def letters(house: SmallHouse, *kinds: LetterKind) -> list[OutboxEntry]:
    with house.store.read() as tx:
        return [entry for entry in tx.letters_of(the_case(house).id) if entry.letter.kind in kinds]


def lists(house: SmallHouse) -> list[OutboxEntry]:
    with house.store.read() as tx:
        waiting = [tx.get_entry(one.entry.id) for one in tx.entries([OutboxStatus.QUEUED], SYSTEM)]
        return [entry for entry in reversed(waiting) if entry.letter.kind is K.PAMINNELSE_LISTA]


def planned(house: SmallHouse, kind: LetterKind) -> PlannedLetter:
    case = the_case(house)
    with house.store.read() as tx:
        return next(p for p in plan(case, tx.marks(case.id), house.office, house.now) if p.kind is kind)


def to_unit(house: SmallHouse, *flags: FlagKind) -> Case:
    return route(house, the_case(house), *flags)


def to_hands(house: SmallHouse, person: User | None = None) -> Case:
    return into_hands(house, the_case(house), person or house.handlaggare)


def offer(house: SmallHouse, case: Case) -> Case:
    """Give it to the handläggare, who has not accepted it."""
    with house.store.begin() as tx:
        return work.assign(tx, case.id, case.version, house.handlaggare, house.registrator, house.office, house.now)


def sweep(house: SmallHouse, *moments: datetime) -> None:
    for moment in moments:
        house.now = moment
        house.stages.promises(moment)


def answer(house: SmallHouse, kind: LetterKind, **values: str) -> None:
    case = the_case(house)
    with house.store.begin() as tx:
        answering.answer(tx, case.id, case.version, kind, values, house.handlaggare, house.office, house.now)
