"""A letter that waits for the morning says who has the case: not where the answer came first, or another has it."""

import pytest

from cases.letters.letter import LetterKind, OutboxStatus
from cases.steps.answering.answer import answer
from cases.steps.working.work import accept, assign, send_back
from tests.steps.deciding import ANSWER, only, route
from tests.steps.house import SmallHouse, mail

UNTIL_MORNING = {"hours": 13}


@pytest.fixture
def evening(house: SmallHouse) -> SmallHouse:
    """A letter is handed on after office hours."""
    house.receive(mail())
    house.now = house.now.replace(hour=17, minute=30)
    route(house)
    house.later(minutes=5)
    return house


def notices(house: SmallHouse) -> list[tuple[OutboxStatus, str]]:
    return [(e.status, e.error) for e in only(house).letters if e.letter.kind is LetterKind.VIDAREBEFORDRAD]


def in_the_morning(house: SmallHouse) -> list[tuple[OutboxStatus, str]]:
    house.later(**UNTIL_MORNING)
    house.send()
    return notices(house)


def replied(house: SmallHouse) -> None:
    by = house.handlaggare
    with house.store.begin() as tx:
        case = only(house).case
        case = assign(tx, case.id, case.version, by, house.registrator, house.office, house.now)
        case = accept(tx, case.id, case.version, by, house.office, house.now)
        answer(tx, case.id, case.version, LetterKind.SVAR, ANSWER, by, house.office, house.now)


def test_it_leaves_where_nothing_has_happened(evening: SmallHouse) -> None:
    assert in_the_morning(evening) == [(OutboxStatus.SENT, "")]


def test_who_has_the_answer_is_not_told_who_will_give_it(evening: SmallHouse) -> None:
    replied(evening)
    evening.send()
    assert in_the_morning(evening) == [(OutboxStatus.WITHHELD, "Avsändaren har redan fått svar i ärendet.")]


def test_who_hears_of_another_unit_does_not_hear_of_the_first(evening: SmallHouse) -> None:
    with evening.store.begin() as tx:
        case = only(evening).case
        send_back(tx, case.id, case.version, "Rör hemtjänsten.", evening.registrator, evening.office, evening.now)
    route(evening, unit_id="hemtjanst")
    (first, why), second = in_the_morning(evening)
    assert (first, second) == (OutboxStatus.WITHHELD, (OutboxStatus.SENT, ""))
    assert "ett nyare brev" in why
