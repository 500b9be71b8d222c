"""Accounts, sessions, tries and the log, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cases.people.accounts import AccessLine, Account, AccountEvent, StoredSession, Tries, Way
from storage import SqlStore
from tests.storage.test_people import ANNA, BO

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ONE = StoredSession("k1", "u1", NOW, NOW, Way.LOCAL, "stamp", verified=True, agent="Firefox på Linux")


def _people(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_user(ANNA)
        tx.add_user(BO)


def test_a_leavers_last_day_is_kept(store: SqlStore) -> None:
    left = replace(ANNA, last_day=date(2026, 12, 31))
    with store.begin() as tx:
        tx.add_user(left)
        assert tx.user("u1") == left
    assert left.works_on(date(2026, 12, 31))
    assert not left.works_on(date(2027, 1, 1))


def test_an_account_is_empty_until_kept_and_no_subject_has_two(store: SqlStore) -> None:
    _people(store)
    bound = Account("u1", True, NOW, "sealed", 7, "https://idp.example\nabc")
    with store.begin() as tx:
        assert tx.account("u1") == Account("u1")
        tx.save_account(bound)
        tx.save_account(Account("u2"))
        assert tx.account("u1") == bound
        assert tx.account("u2") == Account("u2")
        assert tx.user_id_of_subject(bound.subject) == "u1"
        assert tx.user_id_of_subject("") == tx.user_id_of_subject("annan") == ""


def test_a_step_and_a_spare_code_are_spent_once(store: SqlStore) -> None:
    _people(store)
    with store.begin() as tx:
        tx.save_account(Account("u1", code_secret="s", code_step=10))
        assert not tx.spend_step("u1", 10)
        assert tx.spend_step("u1", 11)
        assert not tx.spend_step("u1", 11)
        assert not tx.spend_step("u2", 11)
        tx.save_spare_codes("u1", ["gammal"])
        tx.save_spare_codes("u1", ["a", "b"])
        assert [tx.spend_spare_code("u1", key) for key in ("a", "a", "gammal")] == [True, False, False]
        assert not tx.spend_spare_code("u2", "b")
        assert tx.spare_codes_left("u1") == 1


def test_sessions_begin_last_and_end(store: SqlStore) -> None:
    _people(store)
    later = replace(ONE, key="k2", seen_at=NOW + timedelta(minutes=5), verified=False, way=Way.OIDC)
    with store.begin() as tx:
        for one in (ONE, later, replace(ONE, key="k3", user_id="u2")):
            tx.add_session(one)
        assert tx.session("k1") == ONE
        assert tx.sessions("u1") == [later, ONE]
        tx.touch_session("k1", NOW + timedelta(minutes=9))
        assert [s.key for s in tx.sessions("u1")] == ["k1", "k2"]
        assert tx.end_sessions("u1", but="k1") == 1
        assert tx.session("k2") is None
        tx.end_session("k1")
        assert tx.session("k1") is None
        assert tx.session("k3")


def test_sessions_that_timed_out_are_forgotten(store: SqlStore) -> None:
    _people(store)
    with store.begin() as tx:
        tx.add_session(ONE)
        tx.add_session(replace(ONE, key="idle", seen_at=NOW - timedelta(hours=2)))
        tx.add_session(replace(ONE, key="old", began_at=NOW - timedelta(hours=13)))
        tx.drop_sessions(NOW - timedelta(hours=1), NOW - timedelta(hours=12))
        assert [s.key for s in tx.sessions("u1")] == ["k1"]


def test_tries_counted_at_once_are_all_counted(store: SqlStore) -> None:
    def count() -> None:
        for _ in range(5):
            with store.begin() as tx:
                tx.save_tries("x", Tries(tx.tries("x").failed + 1, NOW))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with store.begin() as tx:
        assert tx.tries("x") == Tries(20, NOW)
        tx.forget_tries(NOW)
        assert tx.tries("x").failed == 20
        tx.forget_tries(NOW + timedelta(seconds=1))
        assert tx.tries("x") == Tries()
        tx.save_tries("x", Tries())


def test_the_log_is_told_newest_first_and_of_one_person(store: SqlStore) -> None:
    lines = [
        AccessLine(NOW, AccountEvent.CAME_IN, "u1", "u1", "192.0.2.1", "med lösenord"),
        AccessLine(NOW, AccountEvent.FAILED, "", "", "192.0.2.2"),
    ]
    with store.begin() as tx:
        for line in lines:
            tx.add_access(line)
        assert tx.access_log() == lines[::-1]
        assert tx.access_log(limit=1) == lines[1:]
        assert tx.access_log(user_id="u1") == lines[:1]
        tx.add_access(replace(lines[0], at=NOW - timedelta(days=1)))
        tx.forget_access(NOW)
        assert tx.access_log() == lines[::-1]
