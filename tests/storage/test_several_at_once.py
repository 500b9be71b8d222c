"""Several do the same at once: one of them does it, and the others are told or wait."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from cases.errors import StaleVersion
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from storage import SqlStore
from storage.search.analyse import analyse
from storage.tables.cases import promise_marks
from tests.storage.samples import NOW, case, entry, raw


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
