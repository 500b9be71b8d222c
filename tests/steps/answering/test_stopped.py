"""A letter that is stopped or taken back has not left: no other process claims it between the look and the word."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from cases.errors import NotFound
from cases.letters.letter import OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM, Grant, Role
from cases.ports import Tx
from cases.steps.answering.letters_out import cancel_letter
from cases.steps.answering.unsend import take_back
from storage import SqlStore
from storage.search.analyse import analyse
from tests.steps.deciding import only, waiting_answer
from tests.steps.house import SmallHouse


@pytest.fixture
def house(postgres_url: str) -> Iterator[SmallHouse]:
    """On PostgreSQL, where several processes send; on SQLite a transaction that writes is alone."""
    store = SqlStore(postgres_url, analyser=analyse)
    yield SmallHouse(store)
    store.close()


class Watched:
    """A transaction during which another process tries to claim each letter before it is changed."""

    def __init__(self, tx: Tx, house: SmallHouse) -> None:
        self._tx, self._house, self.tried = tx, house, 0

    def update_entry(self, entry: OutboxEntry) -> None:
        with pytest.raises(OperationalError, match="lock timeout"):
            self._claim(entry.id)
        self.tried += 1
        self._tx.update_entry(entry)

    def _claim(self, entry_id: str) -> None:
        with self._house.store.begin() as other:
            other.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            other.claim(other.get_entry(entry_id), None, self._house.now)

    def __getattr__(self, name: str) -> object:
        return getattr(self._tx, name)


@pytest.fixture
def sent(house: SmallHouse) -> OutboxEntry:
    return waiting_answer(house)


@pytest.mark.postgres
@pytest.mark.parametrize("step", [cancel_letter, take_back])
def test_it_is_held_from_the_look_until_it_is_stopped(
    house: SmallHouse, sent: OutboxEntry, step: Callable[..., object]
) -> None:
    with house.store.begin() as tx:
        watched = Watched(tx, house)
        step(watched, sent.id, house.handlaggare, house.office, house.now)
    assert watched.tried
    letter = next(entry for entry in only(house).letters if entry.id == sent.id)
    assert letter.status is OutboxStatus.CANCELLED
    with house.store.begin() as tx:
        assert tx.claim(sent, None, house.now + timedelta(hours=1)) is None


@pytest.mark.postgres
def test_who_may_not_read_the_case_takes_nothing_back(house: SmallHouse, sent: OutboxEntry) -> None:
    stranger = house.person("sven@ekdala.example", "Sven Ö", Grant(Role.HANDLAGGARE, "hemtjanst"))
    with pytest.raises(NotFound), house.store.begin() as tx:
        take_back(tx, sent.id, stranger, house.office, house.now)
    with house.store.read() as tx:
        assert tx.get_entry(sent.id).status is OutboxStatus.QUEUED
        assert tx.get_case(sent.case_id, SYSTEM).outcome is not None
