"""Some letters of a simulated year wait for a later hour, and the year's own dice are not asked for it."""

from datetime import datetime

from cases.case import CaseStatus
from cases.letters.letter import LetterKind, OutboxStatus
from cases.ports import Store
from service.simulate.planned import Planner
from tests.steps.deciding import ANSWER, assigned, only
from tests.steps.house import SmallHouse


def test_now_and_then_a_letter_waits_and_one_that_may_not_wait_leaves_at_once(sqlite_store: Store) -> None:
    house, woken = SmallHouse(sqlite_store), list[datetime]()
    case = assigned(house)

    def times(kind: LetterKind, seed: int) -> int:
        planner = Planner(seed, house.office, woken.append)
        with house.store.begin() as tx:
            for number in range(25):
                if planner.plan(
                    tx,
                    tx.get_case(case.id, house.office.viewer(house.handlaggare)),
                    kind,
                    ANSWER,
                    house.handlaggare,
                    house.now,
                ):
                    return number
        return -1

    house.later(days=14)
    assert times(LetterKind.SVAR, 1) == -1, "the day of the promise has passed"
    assert not woken
    house.later(days=-14)
    assert 0 < times(LetterKind.SVAR, 1) < 25
    (letter,) = (one for one in only(house).letters if one.letter.kind is LetterKind.SVAR)
    assert (letter.status, only(house).case.status) == (OutboxStatus.QUEUED, CaseStatus.ANSWERED)
    assert house.now < letter.not_before < woken[0]
