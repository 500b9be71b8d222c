"""Decisions on paper and how far those not to hand out have come, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cases.letters.papers import KeptPaper, PaperKind
from cases.letters.press import PaperDocument
from cases.people.access import SYSTEM
from cases.records.appeals import Refused, Review, Timely
from cases.records.courts import Court
from cases.records.wishes import Wish
from storage import SqlStore
from tests.storage.samples import case

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PAPER = PaperDocument("Beslut", [("Till", "Berit \x00 Alm"), ("Handling", "2")], "Nej.\n\nSkäl.")
FRESH = Refused("p1", "c1", 2, date(2026, 11, 26), Court.SUNDSVALL)
DONE = replace(
    FRESH,
    handed_over=date(2026, 11, 27),
    how="över disk",
    appealed=date(2026, 12, 1),
    appeal_case="c2",
    timely=Timely.EXCUSED,
    review=Review.CHANGED,
    ended=date(2026, 12, 2),
    settled=True,
    turns_down="p0",
)


def test_papers_and_decisions_come_back_as_they_were_and_go_with_their_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_case(case("c2", number="EK-2"))
        tx.add_paper(KeptPaper("p1", "c1", 2, PaperKind.REFUSAL, NOW, "rut", PAPER))
        tx.save_refused(FRESH)
    with store.read() as tx:
        (kept,) = tx.case_file("c1", SYSTEM).papers
        assert (kept.id, kept.number, kept.kind, kept.at, kept.by) == ("p1", 2, PaperKind.REFUSAL, NOW, "rut")
        assert (kept.paper.title, kept.paper.text) == (PAPER.title, PAPER.text)
        assert kept.paper.facts[1] == ("Handling", "2")
        assert tx.case_file("c2", SYSTEM).papers == ()
        assert tx.refused_of("c1") == tx.refused_watched() == [FRESH]
    with store.begin() as tx:
        tx.save_refused(DONE)
        assert tx.refused_of("c1") == [DONE]
        assert tx.refused_watched() == []
        tx.erase_case("c1", "ab" * 16, NOW)
        assert tx.refused_of("c1") == tx.papers_of("c1") == []


def test_reminders_asked_for_come_back_by_day_once_and_go_with_their_case(store: SqlStore) -> None:
    later, sooner, other = (
        Wish("n1", "c1", "maja", date(2026, 12, 4)),
        Wish("n2", "c1", "rut", date(2026, 12, 2)),
        Wish("n3", "c2", "maja", date(2026, 12, 3)),
    )
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_case(case("c2", number="EK-2"))
        for one in (later, sooner, other):
            tx.add_wish(one)
    with store.read() as tx:
        assert tx.wishes_of("c1") == [sooner, later]
        assert tx.wishes_due(date(2026, 12, 1)) == []
        assert tx.wishes_due(date(2026, 12, 3)) == [sooner, other]
    with store.begin() as tx:
        assert not tx.end_wish("c1", "n3"), "another case's"
        assert tx.end_wish("c1", "n2")
        assert not tx.end_wish("c1", "n2")
        tx.erase_case("c1", "ab" * 16, NOW)
        assert tx.wishes_due(date(2027, 1, 1)) == [other]
