"""One holder at a time on both databases: another waits, a dead one's lock is free, a cut connection's is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database.engine import open_engine
from storage.database.locks import FileLock, Lock, SessionLock, open_lock
from tests.databases import two_schemas
from tests.servers.killing import Killer

NAME = "mailbox feedback"
# What the issue allows from the holder's death to another's first poll; the daemon's own wait takes 5 of them.
TAKEOVER_SECONDS = 25.0


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Lock, Lock]]:
    both = open_lock(database_url, NAME), open_lock(database_url, NAME)
    yield both
    for lock in both:
        lock.release()


def test_only_one_holds_it(two: tuple[Lock, Lock]) -> None:
    first, second = two
    assert (first.take(), second.take(), first.take()) == (True, False, True)
    assert (first.held(), second.held()) == (True, False)
    first.release()
    assert (first.held(), second.take()) == (False, True)
    assert not first.take()


def test_another_name_is_another_lock(database_url: str, two: tuple[Lock, Lock]) -> None:
    assert two[0].take()
    other = open_lock(database_url, "mailbox miljö")
    assert other.take()
    other.release()


def test_nobody_is_named_before_the_first_has_written(tmp_path: Path) -> None:
    """Its file is made first, locked and written then: who looked in between was told of a holder without a name."""
    lock = FileLock(tmp_path / "lock", label="lyhord desk")
    (tmp_path / "lock").touch()
    assert lock.holders() == []
    assert lock.take()
    assert lock.holders() == ["lyhord desk"]
    lock.release()


def test_a_killed_holder_has_given_it_up(database_url: str, two: tuple[Lock, Lock]) -> None:
    with Killer("tests.servers.locking", database_url, NAME) as holder:
        holder.start()
        assert not two[0].take()
    died = time.monotonic()
    while not two[0].take():
        assert time.monotonic() - died < TAKEOVER_SECONDS
        time.sleep(0.02)
    assert two[0].held()


@pytest.mark.postgres
def test_another_takes_it_before_the_server_has_ended_the_session(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which it does some moments after it was left: one just stopped kept its successor from starting."""
    first, second = SessionLock(postgres_url, NAME), SessionLock(postgres_url, NAME)
    assert first.take()
    left = first._connection
    assert left is not None
    with monkeypatch.context() as unended:
        unended.setattr(sa.Connection, "close", lambda _self: None)
        first.release()
    assert second.take()
    left.close()
    second.release()


@pytest.mark.postgres
def test_a_cut_connection_loses_it_and_says_so(postgres_url: str) -> None:
    first, second = open_lock(postgres_url, NAME), open_lock(postgres_url, NAME)
    assert first.take()
    assert not second.take()
    _cut_holders(postgres_url)
    assert second.take()
    assert not first.held()
    assert not first.take()
    second.release()
    assert first.take()
    first.release()


@pytest.mark.postgres
def test_the_server_gives_up_a_silent_machine_in_time(postgres_url: str) -> None:
    """A machine without power closes nothing: both ends must probe, within what a takeover may take."""
    lock = SessionLock(postgres_url, NAME)
    assert lock.take()
    connection = lock._connection
    assert connection is not None
    said = {
        name: int(str(connection.exec_driver_sql(f"SELECT setting FROM pg_settings WHERE name = '{name}'").scalar()))
        for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    }
    lock.release()
    silent = said["tcp_keepalives_idle"] + said["tcp_keepalives_interval"] * said["tcp_keepalives_count"]
    assert 0 < silent < TAKEOVER_SECONDS
    assert 0 < said["tcp_user_timeout"] / 1000 < TAKEOVER_SECONDS


@pytest.mark.postgres
def test_municipalities_that_share_a_database_do_not_share_locks(postgres_url: str) -> None:
    locks = [open_lock(url, NAME) for url in two_schemas(postgres_url)]
    assert [lock.take() for lock in locks] == [True, True]
    for lock in locks:
        lock.release()


def _cut_holders(url: str) -> None:
    """End every session that holds an advisory lock in this database, as a broken network would."""
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    engine.dispose()
