"""Transactions: what a connection is told, who waits for whom, and that reading does not write."""

import errno
import os
import secrets
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import Tx
from storage import SqlStore, migrate
from storage.database import sqlite_file
from storage.faults import disk_failed, kind_of, takes_no_writing
from storage.search.analyse import analyse
from storage.tables.mail import outbox
from tests.databases import Cluster
from tests.servers.postgres import OwnPostgres
from tests.storage.samples import NOW, case, entry


def test_a_disk_that_was_shut_is_an_error_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It came out as the system's own, which nobody who waits for the database knew: not the desk, nor the alarms."""

    def shut(self: Path, **_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "touch", shut)
    sqlite3.connect(tmp_path / "there.sqlite").close()
    there = SqlStore(f"sqlite:///{tmp_path}/there.sqlite", analyser=analyse)
    with there.read():
        pass
    there.close()
    away = SqlStore(f"sqlite:///{tmp_path}/gone/new.sqlite", analyser=analyse)
    with pytest.raises(sa.exc.OperationalError) as raised, away.read():
        pass
    assert disk_failed(raised.value)
    assert kind_of(raised.value) == "OperationalError SQLITE_CANTOPEN"
    assert kind_of(OSError(errno.EROFS, "hemligt")) == "OSError EROFS"
    assert kind_of(ValueError("hemligt")) == "ValueError"


def _waits_for_the_disk(tx: Tx) -> bool:
    on_sqlite = tx.ahead.dialect.name == "sqlite"
    asked = "PRAGMA synchronous" if on_sqlite else "SHOW synchronous_commit"
    return tx.ahead.exec_driver_sql(asked).scalar() == (2 if on_sqlite else "on")


@pytest.mark.usefixtures("durable_sqlite")
def test_a_commit_waits_for_the_disk_unless_it_could_be_made_again(store: SqlStore) -> None:
    for redoable in (False, True, False):
        with store.begin(redoable=redoable) as tx:
            assert _waits_for_the_disk(tx) is not redoable
    with pytest.raises(ZeroDivisionError), store.begin(redoable=True) as tx:
        tx.add_case(case(str(1 // 0)))
    with store.begin() as tx:
        assert _waits_for_the_disk(tx)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_commit_that_waits_for_the_disk_takes_those_before_with_it(postgres: Cluster) -> None:
    """What was redoable is lost in a crash together with what came after, or not at all."""
    del postgres  # installed, then; the one that crashes is the test's own
    with OwnPostgres() as own:
        migrate.upgrade(own.url(own.port))
        for letter in range(4):
            with closing(SqlStore(own.url(own.port), analyser=analyse)) as store:
                with store.begin(redoable=True) as tx:
                    tx.queue(entry(f"redoable{letter}"))
                with store.begin() as tx:
                    tx.queue(entry(f"kept{letter}"))
                with store.begin(redoable=True) as tx:
                    tx.queue(entry(f"last{letter}"))
                own.crash()
        with closing(SqlStore(own.url(own.port), analyser=analyse)) as store, store.read() as tx:
            there = set(tx.connection.execute(sa.select(outbox.c.id)).scalars())
    assert {f"{name}{letter}" for name in ("redoable", "kept") for letter in range(4)} <= there


def test_an_error_of_the_database_quotes_no_letter(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.queue(entry("e1"))
    with pytest.raises(sa.exc.IntegrityError) as refused, store.begin() as tx:
        tx.queue(entry("e1"))
    assert "outbox" in str(refused.value)
    assert "karin" not in str(refused.value)
    assert "Tack" not in str(refused.value)


def test_a_connection_that_died_while_it_rested_is_replaced(
    postgres: Cluster, postgres_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlStore(postgres_url, analyser=str.split)
    request.addfinalizer(store.close)
    with store.begin() as tx:
        tx.save_setting("a", "b")
    name = sa.make_url(postgres_url).database
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    at = monotonic() + 2
    monkeypatch.setattr("storage.database.rested.monotonic", lambda: at)
    with store.read() as tx:
        assert tx.setting("a") == "b"


def test_reading_refuses_to_write_and_writing_works_after(store: SqlStore) -> None:
    for _ in range(3):
        with pytest.raises(sa.exc.DBAPIError), store.read() as tx:
            tx.queue(entry())
        with store.begin() as tx:
            tx.save_setting("a", "b")
    with store.read() as tx:
        assert tx.setting("a") == "b"
        assert tx.entries(list(OutboxStatus), SYSTEM) == []


@pytest.mark.postgres
def test_a_server_that_takes_no_writing_is_away(postgres_url: str) -> None:
    """After a failover: who waits for the database knew no such error, and it was told as one of ours for ever."""
    shut = SqlStore(f"{postgres_url}?options=-cdefault_transaction_read_only%3Don", analyser=analyse)
    with shut.read() as tx:
        assert tx.setting("x") == ""
    with pytest.raises(sa.exc.OperationalError) as raised, shut.begin() as tx:
        tx.save_setting("x", "1")
    assert takes_no_writing(raised.value.orig)
    assert raised.value.connection_invalidated
    with pytest.raises(sa.exc.InternalError), shut.read() as tx:
        tx.save_setting("x", "1")
    shut.close()


def test_a_reader_sees_one_moment(store: SqlStore) -> None:
    with store.read() as reader:
        assert reader.setting("a") == ""
        with store.begin() as tx:
            tx.save_setting("a", "b")
        assert reader.setting("a") == ""
    with store.read() as reader:
        assert reader.setting("a") == "b"


def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), store.begin() as tx:
        tx.queue(entry(not_before=NOW.replace(tzinfo=None)))


@pytest.mark.usefixtures("durable_sqlite")
def test_what_sqlite_is_told(sqlite_store: SqlStore) -> None:
    with sqlite_store.begin() as tx:
        asked = {
            name: tx.connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "query_only": 0,
    }


def test_only_a_commit_that_waits_for_the_disk_moves_the_log_of_sqlite(sqlite_store: SqlStore) -> None:
    def kept(redoable: bool) -> bytes:
        with sqlite_store.begin(redoable=redoable) as tx:
            tx.save_setting("long", secrets.token_hex(3_000_000))
            (file,) = (row.file for row in tx.connection.execute(sa.text("PRAGMA database_list")))
        return Path(file).read_bytes()

    before = kept(redoable=False)
    assert kept(redoable=True) == before
    assert kept(redoable=False) != before


def test_a_writer_on_sqlite_waits_for_the_one_before_as_long_as_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.sqlite"
    store = SqlStore(f"sqlite:///{file}", analyser=str.split)
    with store.begin():
        pass
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        turns = []

        def done() -> None:
            turns.append("the other is done")
            other.execute("ROLLBACK")

        other.execute("BEGIN IMMEDIATE")
        later = threading.Timer(0.3, done)
        later.start()
        with store.begin():
            turns.append("ours has begun")
        later.join()
        assert turns == ["the other is done", "ours has begun"]
        monkeypatch.setattr(sqlite_file, "_BUSY_SECONDS", 0.05)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sa.exc.OperationalError, match="locked"), store.begin():
            pass
    store.close()


def test_what_postgresql_is_told(postgres_url: str) -> None:
    store = SqlStore(postgres_url, analyser=str.split)
    asked = {}
    for _ in range(2):  # also once the connection was in the pool
        with store.read() as tx:
            for name in ("jit", "max_parallel_workers_per_gather"):
                asked[name] = tx.connection.execute(sa.text(f"SHOW {name}")).scalar()
    store.close()
    assert asked == {"jit": "off", "max_parallel_workers_per_gather": "0"}


@pytest.mark.postgres
def test_transactions_are_what_they_are_whatever_the_servers_own_are(postgres_url: str) -> None:
    asked = []
    with closing(
        SqlStore(f"{postgres_url}?options=-cdefault_transaction_isolation%3Dserializable", analyser=analyse)
    ) as store:
        for begin in (store.begin, store.read, store.begin):
            with begin() as tx:
                asked.append(tx.connection.exec_driver_sql("SHOW transaction_isolation").scalar())
    assert asked == ["read committed", "repeatable read", "read committed"]


def test_a_write_transaction_holds_the_database_from_its_first_moment(sqlite_store: SqlStore, sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with sqlite_store.read() as _tx:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    with sqlite_store.begin() as _tx, pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_commit_is_seen_by_a_store_opened_later(database_url: str) -> None:
    for _ in range(2):
        store = SqlStore(database_url, analyser=str.split)
        with store.begin() as tx:
            tx.save_setting("times", tx.setting("times") + "x")
        store.close()
    store = SqlStore(database_url, analyser=str.split)
    with store.read() as tx:
        assert tx.setting("times") == "xx"
    store.close()
