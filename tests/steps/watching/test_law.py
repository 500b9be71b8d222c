"""The day by which the law wants a case on a special track done: counted, kept in lists, reminded of, and ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.case import CaseStatus, Outcome
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import NEW_DAY_RULE, Deadline, PromiseKind
from cases.records.law_days import law_waits
from cases.routing.tracks import TRACK_RULES, Track
from cases.steps.answering.answer import answer_orally
from cases.steps.answering.closing import close
from cases.steps.routing.confirm import confirm
from cases.steps.working.work import accept, assign
from cases.store.views import ListFilter, ListKind
from service import sweeps
from tests.cases.builders import a_case
from tests.steps.deciding import only, request
from tests.steps.house import START, SmallHouse, mail

CHEF = "gustav@ekdala.example"
DOCUMENT = TRACK_RULES[Track.ALLMAN_HANDLING].label
GDPR, APPEAL = TRACK_RULES[Track.GDPR].label, TRACK_RULES[Track.OVERKLAGANDE].label


def waits(track: str, came: datetime, told: date | None = None, **changes: object) -> date | None:
    promised = (Deadline(PromiseKind.ANSWER, told, NEW_DAY_RULE),) if told else ()
    return law_waits(a_case(track=track, received_at=came, deadlines=promised, **changes))


def test_the_day_ends_with_the_month_and_is_moved_on_by_a_new_one_that_is_told() -> None:
    last_of_january = datetime(2027, 1, 31, 22, 59, tzinfo=UTC)
    assert waits(GDPR, last_of_january) == date(2027, 2, 28), "a month's last day, where the next is shorter"
    assert waits(GDPR, last_of_january + timedelta(minutes=1)) == date(2027, 3, 1), "midnight is Stockholm's"
    assert waits(GDPR, last_of_january, date(2027, 2, 5)) == date(2027, 2, 28), "a nearer promise is the town's own"
    assert waits(GDPR, last_of_january, date(2027, 4, 2)) == date(2027, 4, 2)
    assert waits(GDPR, last_of_january, date(2027, 6, 1)) == date(2027, 4, 30), "two months more and no longer"
    assert waits(APPEAL, START) == date(2026, 12, 3)
    assert waits(DOCUMENT, START) == date(2026, 11, 27)
    assert waits(DOCUMENT, START + timedelta(days=1)) == date(2026, 11, 30), "of a Friday's on the Monday"
    assert waits(DOCUMENT, START, date(2026, 12, 9)) == date(2026, 12, 9), "as the sender was told"
    assert waits("JO", START) is None
    assert waits(GDPR, START, outcome=Outcome.ANSWERED) is None
    assert waits(GDPR, START, status=CaseStatus.CLOSED) is None


def watched(house: SmallHouse, days: int) -> list[tuple[str, str]]:
    """The reminders that this day's sweeps made; several sweeps make no more."""
    before = len(letters(house))
    house.now = START.replace(hour=9) + timedelta(days=days)
    for _ in range(3):
        sweeps.promises(house.store, house.office, house.now)
    return letters(house)[before:]


def letters(house: SmallHouse) -> list[tuple[str, str]]:
    return [(one.recipient, one.letter.text) for one in only(house).letters if one.letter.kind is LetterKind.BEVAKNING]


def lists(house: SmallHouse) -> list[tuple[str, str]]:
    """To whom lists of late cases went, and what they say, the oldest first."""
    with house.store.read() as tx:
        ids = [one.entry.id for one in reversed(tx.entries(list(OutboxStatus), SYSTEM, 1000))]
        entries = [tx.get_entry(one) for one in ids]
    return [(e.recipient, e.letter.text) for e in entries if e.letter.kind is LetterKind.PAMINNELSE_LISTA]


def test_whoever_has_the_case_is_reminded_until_it_is_answered_and_the_others_by_the_list(house: SmallHouse) -> None:
    """The page said *inom en månad*, and nothing knew of the day: in a town that promises no answer none came."""
    house.receive(mail())
    with house.store.begin() as tx:
        case = confirm(tx, only(house).case.id, request(only(house).case), house.registrator, house.office, house.now)
        tx.save_case(replace(case, track=GDPR, deadlines=()))
    assert due(house) == date(2026, 12, 26)
    assert watched(house, 20) == []
    ((owner, text),) = watched(house, 22)
    assert "Enligt lag ska den som skrev ha fått svar senast den 26 december 2026." in text
    assert not any(word in text for word in ("GDPR", "Dataskydd", "begäran"))
    assert watched(house, 25) == []
    assert watched(house, 32) == [], "who has it not in hand has it in a list"
    told = dict(lists(house))
    assert told.keys() == {owner, CHEF}
    assert all(f"{case.number}\n  Försenat" in text for text in told.values())
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        case = assign(tx, case.id, case.version, house.handlaggare, house.registrator, house.office, house.now)
        accept(tx, case.id, case.version, house.handlaggare, house.office, house.now)
    ((to, said),) = watched(house, 33)
    assert to == house.handlaggare.email and "Dagen har varit." in said
    assert "Enligt lag borde det ha varit klart den 26 december 2026. Mejl till" in only(house).events[-1].text
    case = only(house).case
    with pytest.raises(NotAllowed, match="väntar på svar"), house.store.begin() as tx:
        close(tx, case.id, case.version, "", house.registrator, house.office, house.now)
    with house.store.begin() as tx:
        answer_orally(
            tx, case.id, case.version, Outcome.ANSWERED, "Per brev.", house.registrator, house.office, house.now
        )
    before = len(lists(house))
    assert watched(house, 39) == []
    assert len(lists(house)) == before
    assert due(house) is None


def due(house: SmallHouse) -> date | None:
    """As lists have it."""
    with house.store.read() as tx:
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
    return line.due
