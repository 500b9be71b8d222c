"""Until when an answer can be taken back: while no sender can claim it, or late while none has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.errors import NotAllowed
from cases.letters.drafts import UNDO
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.ports import Store
from cases.steps.send import take_back
from tests.steps.deciding import only, waiting_answer
from tests.steps.house import SmallHouse

_MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture
def sent(house: SmallHouse) -> OutboxEntry:
    return waiting_answer(house)


def back(house: SmallHouse, entry: OutboxEntry, *, late: bool = False) -> OutboxStatus:
    with house.store.begin() as tx:
        take_back(tx, entry.id, house.handlaggare, house.office, house.now, late=late)
    return next(one.status for one in only(house).letters if one.id == entry.id)


def changed(house: SmallHouse, entry: OutboxEntry, **change: object) -> OutboxEntry:
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, **change))  # type: ignore[arg-type]
        return tx.get_entry(entry.id)


def test_a_moment_before_its_time_it_is_the_writers_still(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += UNDO - timedelta(seconds=1)
    assert back(house, sent) is OutboxStatus.CANCELLED


def test_when_its_time_has_come_it_is_taken_back_by_who_stops_it_alone(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += UNDO
    with pytest.raises(NotAllowed, match="har redan lämnat"):
        back(house, sent)
    assert back(house, sent, late=True) is OutboxStatus.CANCELLED


def test_one_that_waits_to_be_tried_again_waits_until_then(house: SmallHouse, sent: OutboxEntry) -> None:
    house.now += _MINUTE
    again = {"status": OutboxStatus.AWAITING_RETRY, "attempts": 1, "retry_at": house.now + _MINUTE}
    assert back(house, changed(house, sent, **again)) is OutboxStatus.CANCELLED


@pytest.mark.parametrize("status", [OutboxStatus.INFLIGHT, OutboxStatus.UNCERTAIN, OutboxStatus.SENT])
def test_one_that_somebody_has_claimed_is_never_taken_back(
    house: SmallHouse, sent: OutboxEntry, status: OutboxStatus
) -> None:
    claimed = changed(house, sent, status=status)
    for late in (False, True):
        with pytest.raises(NotAllowed, match="har redan lämnat"):
            back(house, claimed, late=late)
