"""Letters out: claimed when due, by one, and kept with what became of them."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.errors import NotFound
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM, Viewer
from storage import SqlStore
from tests.storage.samples import NOW, case, claim_all, entry, later

S = OutboxStatus


def test_a_letter_comes_back_whole(store: SqlStore) -> None:
    full = entry(
        "e1",
        "c1",
        references=("<a@x.example>", "<b@x.example>"),
        in_reply_to="<b@x.example>",
        reply_to="svar+t@osby.example",
        automatic=False,
        created_by="u1",
        retry_at=later(5),
        sent_at=later(6),
        claimed_at=later(4),
        error="451 senare",
        attempts=2,
    )
    with store.begin() as tx:
        tx.add_case(case())
        tx.queue(full)
        assert tx.get_entry("e1") == full
        changed = replace(full, status=S.SENT, error="", attempts=3, sent_at=later(7), claimed_at=None, retry_at=None)
        tx.update_entry(replace(changed, letter=replace(full.letter, text="Nytt"), recipient="bo@mejl.example"))
        assert tx.get_entry("e1") == changed, "what it says and to whom was settled when it was queued"


def test_only_what_is_due_is_claimed_oldest_first(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.queue(entry("later", not_before=later(1)))
        tx.queue(entry("second"))
        tx.queue(entry("first", not_before=later(-1)))
        tx.queue(entry("retry", status=S.AWAITING_RETRY, retry_at=later(-2), not_before=later(-2)))
        tx.queue(entry("retry later", status=S.AWAITING_RETRY, retry_at=later(1), not_before=later(-9)))
        for status in set(S) - {S.QUEUED, S.AWAITING_RETRY}:
            tx.queue(entry(f"other {status}", status=status))
    with store.begin() as tx:
        claimed = claim_all(tx, 2, NOW)
        assert [one.id for one in claimed] == ["retry", "first"]
        assert {(one.status, one.claimed_at) for one in claimed} == {(S.INFLIGHT, NOW)}
        assert tx.get_entry("first") == claimed[1]
    with store.begin() as tx:
        assert [one.id for one in claim_all(tx, 10, NOW)] == ["second"]
        assert claim_all(tx, 10, NOW) == []
        assert sorted(one.id for one in claim_all(tx, 10, later(1))) == ["later", "retry later"]


def test_a_claim_that_failed_is_due_again(store: SqlStore) -> None:
    def fail() -> None:
        with store.begin() as tx:
            assert claim_all(tx, 1, NOW)
            raise RuntimeError

    with store.begin() as tx:
        tx.queue(entry())
    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as tx:
        assert len(claim_all(tx, 1, NOW)) == 1


def test_a_claim_holds_only_for_what_was_seen(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        for name in ("case changed", "put off", "tried", "taken", "as seen"):
            tx.queue(entry(name, case_id="c1" if name == "case changed" else ""))
    with store.begin() as tx:
        seen = {one.id: one for one in tx.due(10, NOW)}
        version = tx.get_case("c1", SYSTEM).version
    with store.begin() as tx:
        tx.save_case(replace(tx.get_case("c1", SYSTEM), unit_id="va"))
        tx.update_entry(replace(seen["put off"], not_before=later(5)))
        tx.update_entry(replace(seen["tried"], attempts=1))
        assert tx.claim(seen["taken"], None, NOW)
    with store.begin() as tx:
        versions = {name: version if one.case_id else None for name, one in seen.items()}
        mine = [name for name, one in seen.items() if tx.claim(one, versions[name], NOW)]
        assert mine == ["as seen"]
        assert tx.get_entry("as seen") == replace(seen["as seen"], status=S.INFLIGHT, claimed_at=NOW)
        assert tx.claim(seen["case changed"], version + 1, NOW)


def test_letters_whose_sender_died(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.queue(entry("new", status=S.INFLIGHT, claimed_at=NOW))
        tx.queue(entry("old", status=S.INFLIGHT, claimed_at=later(-20)))
        tx.queue(entry("sent", status=S.SENT, claimed_at=later(-20)))
        assert [one.id for one in tx.stuck_inflight(later(-10))] == ["old"]


def test_lists_by_state_and_by_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        for i, status in enumerate((S.QUEUED, S.FAILED, S.FAILED, S.SENT)):
            tx.queue(entry(f"e{i}", "c1" if i else "", status=status, created_at=later(i)))
        listed = tx.entries([S.FAILED, S.QUEUED], SYSTEM)
        of_case = ("EK-2026-c1", CaseStatus.ASSIGNED)
        expected = [("e2", *of_case), ("e1", *of_case), ("e0", "", None)]
        assert [(one.entry.id, one.number, one.case_status) for one in listed] == expected
        assert {one.entry.letter.text + one.entry.letter.html for one in listed} == {""}, (
            "a list shows no letter's words"
        )
        assert [one.entry.id for one in tx.entries([S.FAILED], SYSTEM, limit=1)] == ["e2"]
        assert tx.entries([], SYSTEM) == []
        # What one may not read takes no place among the letters one may, nor tells of its case.
        assert [one.entry.id for one in tx.entries([S.FAILED, S.QUEUED], Viewer("u9"), limit=1)] == ["e0"]
        bare = tx.entries([S.FAILED], Viewer("u9"), unreadable=True)
        assert [(one.entry.id, one.number, one.case_status) for one in bare] == [("e2", "", None), ("e1", "", None)]
        assert [one.id for one in tx.letters_of("c1")] == ["e1", "e2", "e3"]
        assert tx.state_counts()["outbox.failed"] == 2


def test_a_missing_letter(store: SqlStore) -> None:
    with store.begin() as tx:
        for ask in (lambda: tx.get_entry("e9"), lambda: tx.update_entry(entry("e9"))):
            with pytest.raises(NotFound, match="e9"):
                ask()
