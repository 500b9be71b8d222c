"""A letter that kills the process which reads it stops the letters behind it three times at most."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from cases.inbound.messages import InboundMessage
from cases.steps.receiving.receive import Outcome
from cases.store.views import Quarantined
from ingest.parse import parse
from service.stages import TRIES
from storage import SqlStore
from storage.faults import disk_failed
from tests.steps.house import SmallHouse, mail


class Killed(BaseException):
    """Stands for the end of the process: nothing that reads letters can catch it."""


def _reads(content: bytes) -> InboundMessage:
    if b"gift" in content:
        raise Killed
    return parse(content)


def _restarted(house: SmallHouse) -> Counter[Outcome]:
    """What a process that has just started reads."""
    return replace(house.stages, parse=_reads, begun=set()).read(house.now)


@pytest.fixture
def house(store: SqlStore) -> SmallHouse:
    made = SmallHouse(store)
    for n, words in enumerate(("Lampan är trasig.", "gift", "Gropen är djup.")):
        made.post(mail(words, subject=words, message_id=f"<k{n}@mejl.example>"))
        made.later(seconds=1)
    return made


def test_the_third_time_it_is_put_before_a_person_and_the_others_are_read(house: SmallHouse) -> None:
    for _ in range(TRIES):
        with pytest.raises(Killed):
            _restarted(house)
    assert _restarted(house) == Counter({Outcome.NEW_CASE: 1})
    with house.store.read() as tx:
        assert tx.raw_to_read(9, house.now) == []
        (bad,) = tx.quarantined()
    assert (bad.attempts, bad.error[:34]) == (TRIES, "Läsningen av brevet har avbrutits ")


def test_the_letter_before_it_was_kept_when_it_was_read_alone(house: SmallHouse) -> None:
    for _ in range(2):
        with pytest.raises(Killed):
            _restarted(house)
    with house.store.read() as tx:
        assert [raw.attempts for raw in tx.raw_to_read(9, house.now)] == [2, 1]


def test_an_outage_of_the_database_is_counted_once(house: SmallHouse) -> None:
    def down(content: bytes) -> InboundMessage:
        raise OperationalError("SELECT", {}, OSError("the server closed the connection"), connection_invalidated=True)

    stages = replace(house.stages, parse=down, begun=set())
    for _ in range(TRIES + 1):
        with pytest.raises(OperationalError):
            stages.read(house.now)
    with house.store.read() as tx:
        assert {raw.attempts for raw in tx.raw_to_read(9, house.now)} == {1}


def test_an_outage_in_the_midst_of_the_last_try_puts_nothing_before_a_person(house: SmallHouse) -> None:
    for _ in range(TRIES - 1):
        with pytest.raises(Killed):
            _restarted(house)

    def down(content: bytes) -> InboundMessage:
        if b"gift" in content:
            raise OperationalError("SELECT", {}, OSError("the server closed it"), connection_invalidated=True)
        return parse(content)

    stages = replace(house.stages, parse=down, begun=set())
    with pytest.raises(OperationalError):
        stages.read(house.now)
    assert replace(stages, parse=parse).read(house.now)[Outcome.NEW_CASE] == 2, "those before it had been read"
    assert quarantined(house) == []


def test_one_the_database_cannot_take_holds_no_other_back_and_is_a_persons_in_the_end(house: SmallHouse) -> None:
    def parse_or_not(content: bytes) -> InboundMessage:
        if b"gift" in content:
            raise OperationalError("INSERT", {}, ValueError("program limit exceeded"))
        return parse(content)

    stages = replace(house.stages, parse=parse_or_not, begun=set(), hindered={})
    assert stages.read(house.now) == Counter({Outcome.NEW_CASE: 2})
    for minutes in (1, 2, 4, 8, 16):
        assert quarantined(house) == []
        assert stages.read(house.now) == Counter(), "it waits apart"
        house.later(minutes=minutes)
        stages.read(house.now)
    (bad,) = quarantined(house)
    assert bad.error.startswith("Databasen tar inte emot brevet")
    with house.store.begin() as tx:
        tx.retry_quarantined(bad.raw_id, house.now)
    assert replace(stages, parse=parse).read(house.now) == Counter({Outcome.NEW_CASE: 1}), "nothing of it is lost"
    assert stages.hindered == {}


def test_letters_too_long_for_what_is_left_of_the_disk_wait_until_there_is_room(house: SmallHouse) -> None:
    """There was room for the notes about them: after half an hour all were a person's, as too big or unusual."""

    def too_long(_content: bytes) -> InboundMessage:
        raise OperationalError("INSERT", {}, full_disk())

    stages = replace(house.stages, parse=too_long, begun=set(), hindered={})
    for _ in range(15):
        assert stages.read(house.now) == Counter()
        house.later(minutes=4)
    assert quarantined(house) == []
    assert replace(stages, parse=parse).read(house.now) == Counter({Outcome.NEW_CASE: 3})


def test_a_damaged_database_puts_no_letter_before_a_person(house: SmallHouse, tmp_path: Path) -> None:
    (tmp_path / "damaged.sqlite").write_bytes(b"Not a database. " * 99)
    known = pytest.raises(sqlite3.DatabaseError, match="not a database")
    with closing(sqlite3.connect(tmp_path / "damaged.sqlite")) as connection, known as raised:
        connection.execute("SELECT 1 FROM letters")

    def damaged(_content: bytes) -> InboundMessage:
        raise DatabaseError("INSERT", {}, raised.value)

    stages = replace(house.stages, parse=damaged, begun=set(), hindered={})
    for _ in range(5):
        with pytest.raises(DatabaseError):
            stages.read(house.now)
        house.later(minutes=11)
    assert quarantined(house) == []
    assert replace(stages, parse=parse).read(house.now) == Counter({Outcome.NEW_CASE: 3})


def full_disk() -> sqlite3.Error:
    """What SQLite says then."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError, match="full") as raised:
            connection.execute("CREATE TABLE letters (words TEXT)")
    return raised.value


@pytest.mark.parametrize(
    ("error", "disk"),
    [
        (psycopg.errors.DiskFull(), True),
        (psycopg.errors.IoError(), True),
        (psycopg.errors.DataCorrupted(), True),
        (psycopg.errors.ProgramLimitExceeded(), False),
        (OSError(), False),
    ],
)
def test_what_postgresql_says_of_a_full_disk(error: Exception, disk: bool) -> None:
    assert disk_failed(OperationalError("INSERT", {}, error)) is disk


def test_where_the_database_takes_no_note_either_it_is_away(house: SmallHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(content: bytes) -> InboundMessage:
        raise OperationalError("SELECT", {}, OSError("disk I/O error"))

    def gone(*_: object) -> None:
        raise OperationalError("UPDATE", {}, OSError("disk I/O error"))

    stages = replace(house.stages, parse=down, begun=set(), hindered={})
    with monkeypatch.context() as patched:
        patched.setattr("storage.store.SqlTx.mark_unreadable", gone)
        for _ in range(9):
            with pytest.raises(OperationalError, match="SELECT"):
                stages.read(house.now)
    assert (quarantined(house), stages.hindered) == ([], {})


def quarantined(house: SmallHouse) -> list[Quarantined]:
    with house.store.read() as tx:
        return list(tx.quarantined())
