"""What happens in cases is followed by the interface, and tells no secret."""

from cases.api import UNTOLD
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LETTER_NAMES, LetterKind
from tests.desk import house as h
from tests.desk.asking import FOLLOW, PROTECTED, Asker
from tests.desk.steps import routed


def test_events_are_followed_without_a_gap(house, cases) -> None:
    one = Asker(house, FOLLOW)
    seen, at = [], 0
    while True:
        page = one.ask(f"/events?after={at}&limit=2").json()
        if not page["items"] and page["next"] == at:
            break
        seen += page["items"]
        at = page["next"]
    assert [e["position"] for e in seen] == sorted({e["position"] for e in seen})
    assert {e["case_number"] for e in seen} == {cases["lamp"].number}
    assert {"received", "confirmed"} <= {e["kind"] for e in seen}
    routed(house, (new := h.lamp(house, from_addr="ny@mejl.example")))
    page = one.ask(f"/events?after={at}").json()
    assert {e["case_number"] for e in page["items"]} == {new.number}


def test_events_of_a_protected_case_have_no_text_and_flags_are_no_events(house, cases) -> None:
    one = Asker(house, FOLLOW, PROTECTED, units=("skola", "gata"))
    events = one.ask("/events?limit=500").json()["items"]
    shielded = [e for e in events if e["protected"]]
    assert shielded and all(e["text"] == "" for e in shielded)
    plain = Asker(house, FOLLOW, name="vanlig")
    with house.store.begin() as tx:
        for n, kind in enumerate(EventKind):
            tx.add_event(h_event(house, cases["lamp"], kind, f"Anna Ek {n}"))
    assert "linked" not in {e["kind"] for e in one.ask("/events?limit=500").json()["items"]}
    kinds = {e["kind"] for e in plain.ask("/events?limit=500").json()["items"]}
    assert kinds.isdisjoint(UNTOLD)
    assert set(EventKind) - UNTOLD <= kinds
    told = [e for e in plain.ask("/events?limit=500").json()["items"] if "Anna Ek" in e["text"]]
    assert {e["kind"] for e in told} == {"letter_queued", "letter_sent", "registered"}


def test_the_name_of_the_neutral_letter_tells_nobody_of_a_flag_that_was_cleared(house, cases) -> None:
    neutral, plain = LETTER_NAMES[LetterKind.SEKRETESS_SAFE], LETTER_NAMES[LetterKind.SVAR]
    with house.store.begin() as tx:
        for kind in (EventKind.LETTER_QUEUED, EventKind.LETTER_SENT):
            for text in (neutral, plain):
                tx.add_event(h_event(house, cases["lamp"], kind, text))
    texts = [e["text"] for e in Asker(house, FOLLOW).ask("/events?limit=500").json()["items"]]
    assert texts.count(plain) == 2
    assert neutral not in texts


def h_event(house, case, kind: EventKind, text: str):
    return CaseEvent(house.office.new_id(), case.id, house.clock(), "system", kind, text)
