"""Transactions: what a connection is told, who waits for whom, and that reading does not write."""

import errno
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from cases.errors import StaleVersion
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from storage import SqlStore, migrate
from storage.database import sqlite_file
from storage.faults import disk_failed, kind_of, takes_no_writing
from storage.search.analyse import analyse
from storage.tables.cases import promise_marks
from storage.tables.mail import outbox
from tests.databases import Cluster
from tests.servers.postgres import OwnPostgres
from tests.storage.samples import NOW, case, entry, raw


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


def together(threads: int, work: Callable[[int], object]) -> list[object]:
    """Run the same work in several threads that start at one moment."""
    gate = threading.Barrier(threads)

    def run(number: int) -> object:
        gate.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_eight_threads_draw_every_number_once(store: SqlStore) -> None:
    def draw(thread: int) -> list[int]:
        drawn = []
        for i in range(25):
            with store.begin() as tx:
                number = tx.next_serial("EK", 2026)
                tx.add_case(case(f"c{number}"))
                if (i + thread) % 5 == 0:
                    tx.connection.get_transaction().rollback()
                else:
                    drawn.append(number)
        return drawn

    drawn = sorted(number for numbers in together(8, draw) for number in numbers)
    assert drawn == list(range(1, 161))


def test_four_threads_make_the_new_value_of_a_setting_of_the_old(store: SqlStore) -> None:
    def count(_thread: int) -> None:
        for _ in range(10):
            with store.begin() as tx:
                tx.save_setting("n", str(int(tx.held_setting("n") or 0) + 1))

    together(4, count)
    with store.read() as tx:
        assert tx.setting("n") == "40"


def test_four_threads_change_one_user_one_after_the_other(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_user(User("u", "u@ekdala.example", "0", "", frozenset()))

    def count(_thread: int) -> None:
        for _ in range(10):
            with store.begin() as tx:
                user = tx.hold_user("u")
                tx.add_user(replace(user, name=str(int(user.name) + 1)))

    together(4, count)
    with store.read() as tx:
        assert tx.user("u").name == "40"


@pytest.mark.postgres
def test_of_two_who_wait_for_each_other_one_is_told_that_somebody_was_faster(postgres_url: str) -> None:
    url = f"{postgres_url}?options=-cdeadlock_timeout%3D20ms"
    with closing(SqlStore(url, analyser=analyse)) as store:
        with store.begin() as tx:
            tx.add_case(case("c0"))
            tx.add_case(case("c1"))
        both = threading.Barrier(2)

        def crosswise(number: int) -> str:
            try:
                with store.begin() as tx:
                    tx.hold_case(f"c{number}", SYSTEM)
                    both.wait(timeout=30)
                    tx.save_case(tx.hold_case(f"c{1 - number}", SYSTEM))
            except StaleVersion as error:
                return str(error)
            return "saved"

        saved, told = sorted(together(2, crosswise), key=lambda one: one != "saved")
    assert saved == "saved"
    assert "i samma stund" in str(told)


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


def test_four_threads_claim_every_letter_once(store: SqlStore) -> None:
    with store.begin() as tx:
        for i in range(60):
            tx.queue(entry(f"e{i:02}"))

    def claim(_thread: int) -> list[str]:
        mine: list[str] = []
        while True:
            with store.begin() as tx:
                due = tx.due(4, NOW)
                got = [one.id for one in due if tx.claim(one, None, NOW)]
            if not due:
                return mine
            mine += got

    claimed = [one for ids in together(4, claim) for one in ids]
    assert sorted(claimed) == [f"e{i:02}" for i in range(60)]
    with store.read() as tx:
        assert tx.state_counts()["outbox.inflight"] == 60


def test_of_eight_who_save_one_version_one_wins(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())

    def save(thread: int) -> bool:
        try:
            with store.begin() as tx:
                tx.save_case(case(unit_id=f"unit{thread}"))
        except StaleVersion:
            return False
        return True

    won = together(8, save)
    assert won.count(True) == 1
    with store.read() as tx:
        kept = tx.get_case("c1", SYSTEM)
    assert (kept.version, kept.unit_id) == (1, f"unit{won.index(True)}")


def test_of_four_who_keep_one_letter_one_does(store: SqlStore) -> None:
    def keep(thread: int) -> int:
        kept = 0
        for uid in range(20):
            with store.begin() as tx:
                kept += tx.keep_raw(raw(uid=uid), f"r{thread}-{uid}", NOW)
        return kept

    assert sum(int(str(kept)) for kept in together(4, keep)) == 20
    with store.read() as tx:
        waiting = tx.raw_to_read(100, NOW)
        assert {tx.raw_content(one.id) for one in waiting} == {raw().content}
    assert len(waiting) == 20


def test_of_two_who_claim_one_letter_at_once_the_second_is_told_no(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.queue(entry())
    with store.read() as tx:
        (seen,) = tx.due(5, NOW)

    def claim(_thread: int) -> bool:
        with store.begin() as tx:
            return tx.claim(seen, None, NOW) is not None

    assert sorted(map(bool, together(4, claim))) == [False, False, False, True]


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


DAY = date(2026, 11, 30)


def keep(tx: Tx) -> bool:
    """What a sweep does for one case: hold it, read what was done, mark that it is done."""
    tx.foresee_promises(["c1"])
    ((_, marks),) = tx.promised(["c1"])
    return (LetterKind.STATUS, DAY) not in marks and tx.mark("c1", LetterKind.STATUS, DAY, NOW)


def test_of_four_who_keep_one_promise_one_does(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())

    def one(_thread: int) -> bool:
        with store.begin() as tx:
            return keep(tx)

    assert sorted(map(bool, together(4, one))) == [False, False, False, True]
    with store.begin() as tx:
        assert not tx.mark("c1", LetterKind.STATUS, DAY, NOW)


def test_a_promise_is_marked_once_in_a_transaction_too(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
    with store.begin() as tx:
        assert keep(tx)
        assert not tx.mark("c1", LetterKind.STATUS, DAY, NOW)
        assert tx.mark("c1", LetterKind.LANGRE_TID, DAY, NOW)
    with store.read() as tx:
        assert tx.marks("c1") == {(LetterKind.STATUS, DAY), (LetterKind.LANGRE_TID, DAY)}


def test_a_mark_that_was_set_after_all_undoes_what_was_done_for_it(
    postgres_url: str, request: pytest.FixtureRequest
) -> None:
    """As by an older version that holds no case while it marks."""
    store = SqlStore(postgres_url, analyser=str.split)
    request.addfinalizer(store.close)
    with store.begin() as tx:
        tx.add_case(case())

    def late() -> None:
        with store.begin() as mine:
            assert keep(mine)
            with store.begin() as other:
                other.connection.execute(promise_marks.insert().values(**row))

    row = {"case_id": "c1", "kind": LetterKind.STATUS, "day": DAY, "at": NOW}
    with pytest.raises(StaleVersion):
        late()
