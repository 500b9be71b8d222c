"""Answers in the making and those that can be taken back, on both databases."""

from dataclasses import replace
from datetime import date

from cases.case import CaseStatus, Outcome
from cases.letters.drafts import AnswerDraft, Answered, SentAnswer, Stand
from cases.letters.letter import LetterKind, OutboxStatus
from cases.letters.standard_texts import StandardText
from cases.promises import Deadline, PromiseKind
from storage import SqlStore
from tests.storage.samples import NOW, case, entry, later

DRAFT = AnswerDraft("c1", "u1", LetterKind.SVAR, {"svar": "Å\x00\n”ja”"}, NOW)
BEFORE = Stand(CaseStatus.ROUTED, None, "", (Deadline(PromiseKind.ANSWER, date(2026, 12, 1), "R4"),))
AFTER = Stand(CaseStatus.ANSWERED, Outcome.ANSWERED, "u1", (replace(BEFORE.deadlines[0], met_at=later(3)),))
SENT = SentAnswer("e1", DRAFT, later(1), (Answered("c1", ("e1", "e2"), BEFORE, AFTER),))


def test_a_draft_is_its_writers_own_and_the_latest_stands(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.save_draft(DRAFT)
        tx.save_draft(replace(DRAFT, kind=LetterKind.STATUS, saved_at=later(1)))
        tx.save_draft(replace(DRAFT, user_id="u2", typed={"svar": "En annans"}))
        tx.save_draft(replace(DRAFT, typed={"svar": "Nytt"}, saved_at=later(2)))
    with store.read() as tx:
        assert [(d.kind, dict(d.typed)) for d in tx.drafts_of("c1", "u1")] == [
            (LetterKind.SVAR, {"svar": "Nytt"}),
            (LetterKind.STATUS, dict(DRAFT.typed)),
        ]
        assert tx.draft("c1", "u1", LetterKind.BEROM) is None
        assert tx.writers_of("c1") == {"u1": later(2), "u2": NOW}
        assert tx.writers_of("c2") == {}
    with store.begin() as tx:
        tx.erase_draft("c1", "u1", LetterKind.SVAR)
        assert [d.kind for d in tx.drafts_of("c1", "u1")] == [LetterKind.STATUS]
        tx.erase_drafts("c1")
        assert tx.drafts_of("c1", "u2") == []


def test_how_to_take_a_letter_back_comes_back_whole_and_goes_with_the_letter(store: SqlStore) -> None:
    letter = entry("e1", "c1", automatic=False)
    with store.begin() as tx:
        tx.add_case(case())
        tx.queue(letter)
        tx.save_sent(SENT)
        assert tx.sent_answer("e1") == SENT
        assert tx.sent_answers("c1") == [SENT]
        for status in (OutboxStatus.INFLIGHT, OutboxStatus.AWAITING_RETRY):
            tx.update_entry(replace(letter, status=status))
            assert tx.sent_answer("e1") == SENT
        tx.update_entry(replace(letter, status=OutboxStatus.SENT))
        assert tx.sent_answer("e1") is None
        tx.save_sent(SENT)
        tx.erase_sent("e1")
        assert tx.sent_answers("c1") == []


def test_standard_texts_stand_by_name_and_one_is_replaced_by_its_id(store: SqlStore) -> None:
    text = StandardText("t1", "gata", "Ärla", "En text\n\nmed å", NOW, "u1")
    with store.begin() as tx:
        for one in (text, replace(text, id="t2", name="Zebra", unit_id=""), replace(text, id="t3", name="asp")):
            tx.save_standard_text(one)
        tx.save_standard_text(replace(text, text="Ny", changed_at=later(2), changed_by="u2"))
        tx.erase_standard_text("t3")
    with store.read() as tx:
        assert [one.name for one in tx.standard_texts()] == ["Zebra", "Ärla"]
        assert tx.standard_texts()[1] == replace(text, text="Ny", changed_at=later(2), changed_by="u2")
