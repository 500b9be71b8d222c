"""Raw messages: once each, oldest first, in quarantine after three tries."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cases.errors import DamagedContent, NotFound
from storage import SqlStore
from tests.storage.samples import NOW, later, raw


def test_the_bytes_come_back_as_fetched(store: SqlStore) -> None:
    content = bytes(range(256)) * 500
    with store.begin() as tx:
        assert tx.keep_raw(raw(content=content), "r1", NOW)
    with store.read() as tx:
        assert tx.raw_content("r1") == content
        (kept,) = tx.raw_to_read(10, NOW)
    assert (kept.id, kept.size, kept.mailbox, kept.received_at) == ("r1", len(content), raw().mailbox, NOW)


def test_a_uid_is_kept_once_and_the_transaction_lives_on(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.keep_raw(raw(), "r1", NOW)
        assert not tx.keep_raw(raw(content=b"other"), "r2", NOW)
        assert tx.keep_raw(raw(uid=2), "r3", NOW)
    with store.begin() as tx:
        assert not tx.keep_raw(raw(), "r4", NOW)
        assert tx.keep_raw(raw(uidvalidity=78), "r5", NOW)
        assert tx.keep_raw(raw(folder="Skräp"), "r6", NOW)
    with store.read() as tx:
        assert [kept.id for kept in tx.raw_to_read(10, NOW)] == ["r1", "r3", "r5", "r6"]


def test_large_uids_fit(store: SqlStore) -> None:
    largest = 2**32 - 1
    with store.begin() as tx:
        tx.keep_raw(raw(uid=largest, uidvalidity=largest), "r1", NOW)
        assert set(tx.kept_uids(raw().mailbox, "INBOX", largest, [largest, 1])) == {largest}


def test_kept_uids_are_asked_for_in_any_number(store: SqlStore) -> None:
    with store.begin() as tx:
        for uid in (1, 5, 90_000):
            tx.keep_raw(raw(uid=uid), f"r{uid}", NOW)
        assert set(tx.kept_uids(raw().mailbox, "INBOX", 77, range(2, 100_000))) == {5, 90_000}
        assert not tx.kept_uids(raw().mailbox, "INBOX", 77, [])
        assert not tx.kept_uids(raw().mailbox, "Skräp", 77, [1])


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, False),
        ({"uid": 2}, False),
        ({"uidvalidity": 78}, True),
        ({"folder": "Arkiv"}, True),
        ({"folder": "Arkiv", "received_at": later(0).replace(microsecond=900_000)}, True),
        ({"folder": "Arkiv", "received_at": later(1)}, False),
        ({"folder": "Arkiv", "content": b"other"}, False),
        ({"folder": "Arkiv", "mailbox": "kommun@osby.example"}, False),
    ],
)
def test_a_letter_shown_again_by_a_rebuilt_mailbox_is_known(store: SqlStore, change: dict, known: bool) -> None:
    with store.begin() as tx:
        tx.keep_raw(raw(), "r1", NOW)
        assert tx.raw_known(raw(**change)) is known


def test_reading_is_tried_when_due_and_oldest_first(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_raw(raw(uid=1, received_at=later(2)), "newer", NOW)
        tx.keep_raw(raw(uid=2, received_at=later(1)), "older", NOW)
        assert [kept.id for kept in tx.raw_to_read(10, NOW)] == ["older", "newer"]
        assert [kept.id for kept in tx.raw_to_read(1, NOW)] == ["older"]
        tx.mark_unreadable("older", "trasig", 1, later(30))
        assert [kept.id for kept in tx.raw_to_read(10, NOW)] == ["newer"]
        assert [(kept.id, kept.attempts) for kept in tx.raw_to_read(10, later(30))] == [("older", 1), ("newer", 0)]
        assert tx.mark_read(["newer", "r9"], NOW) == {"newer"}
        assert [kept.id for kept in tx.raw_to_read(10, later(30))] == ["older"]


@pytest.mark.parametrize(("attempts", "retry_at"), [(3, None), (3, later(60)), (1, None)])
def test_quarantine_and_three_new_tries(store: SqlStore, attempts: int, retry_at: object) -> None:
    with store.begin() as tx:
        tx.keep_raw(raw(), "r1", NOW)
        tx.mark_unreadable("r1", "okänd teckenkod", attempts, retry_at)
        assert tx.raw_to_read(10, later(99)) == []
        (held,) = tx.quarantined()
        assert (held.raw_id, held.error, held.attempts, held.size) == (
            "r1",
            "okänd teckenkod",
            attempts,
            len(raw().content),
        )
        assert tx.state_counts()["raw_quarantined"] == 1
        tx.retry_quarantined("r1", NOW)
        assert tx.quarantined() == []
        assert [kept.attempts for kept in tx.raw_to_read(10, NOW)] == [0]


def test_neither_a_retry_nor_a_failure_brings_back_what_was_read(store: SqlStore) -> None:
    """Two daemons try one letter; the slower one fails when the other has made a case of it."""
    with store.begin() as tx:
        tx.keep_raw(raw(), "r1", NOW)
        tx.mark_read(["r1"], NOW)
        tx.retry_quarantined("r1", NOW)
        tx.mark_unreadable("r1", "trasig", 1, NOW)
        tx.mark_unreadable("r1", "trasig", 3, None)
        assert (tx.raw_to_read(10, NOW), tx.quarantined()) == ([], [])


def test_a_retry_is_of_one_letter_alone(store: SqlStore) -> None:
    with store.begin() as tx:
        for uid in (1, 2):
            tx.keep_raw(raw(uid=uid), f"r{uid}", NOW)
            tx.mark_unreadable(f"r{uid}", "trasig", 3, None)
        tx.retry_quarantined("r1", NOW)
        assert [held.raw_id for held in tx.quarantined()] == ["r2"]


def test_damage_is_noticed_when_read(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_raw(replace(raw(), sha256="0" * 64), "r1", NOW)
        tx.keep_raw(raw(uid=2), "r2", NOW)
        tx.connection.execute(sa.text("UPDATE raw_contents SET content = :c WHERE raw_id = 'r2'"), {"c": b"no frame"})
    with store.read() as tx:
        for raw_id in ("r1", "r2"):
            with pytest.raises(DamagedContent, match=f"raw message {raw_id}"):
                tx.raw_content(raw_id)


def test_what_is_not_there(store: SqlStore) -> None:
    with store.begin() as tx, pytest.raises(NotFound, match="r9"):
        tx.raw_content("r9")
