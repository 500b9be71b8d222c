"""A form that is sent twice does once what it says."""

import re

import pytest

from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from tests.desk import house as h
from tests.desk.steps import routed, step


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


def sent_again(page) -> dict[str, str]:
    """The fields of *Nytt ärende* as its page gives them, filled in."""
    shown = page.get("/nytt").text
    return {
        "kanal": "phone",
        "text": "Gungan är trasig.",
        "nar": "2026-11-26T09:10",
        "gang": re.search(r'name="gang" value="([^"]+)"', shown)[1],
    }


def numbers(house) -> set[str]:
    with house.store.read() as tx:
        return {n for n in (f"EK-2026-{i:05d}" for i in range(1, 5)) if tx.case_by_number(n)}


def test_a_note_of_a_call_sent_twice_is_one_case(house, surf) -> None:
    page = surf("registrator")
    fields = sent_again(page)
    first, second = page.post("/nytt", **fields), page.post("/nytt", **fields)
    assert first.headers["location"] == second.headers["location"]
    assert numbers(house) == {"EK-2026-00001"}
    assert "Ärende EK-2026-00001 är registrerat." in page.follow(second).text


def test_the_same_words_on_a_page_of_their_own_are_a_case_of_their_own(house, surf) -> None:
    page = surf("registrator")
    for changes in ({}, {"text": "Gungan är trasig igen."}):
        page.post("/nytt", **sent_again(page) | changes)
    page.post("/nytt", **sent_again(page))
    assert len(numbers(house)) == 3


def test_who_goes_back_and_writes_of_another_call_makes_another_case(house, surf) -> None:
    page = surf("registrator")
    fields = sent_again(page)
    page.post("/nytt", **fields)
    page.post("/nytt", **fields | {"text": "Rutschkanan är trasig."})
    assert len(numbers(house)) == 2


def told_of(house, case, kind: EventKind) -> int:
    with house.store.read() as tx:
        return [event.kind for event in tx.case_file(case.id, SYSTEM).events].count(kind)


def test_a_note_sent_twice_is_one_and_the_same_words_later_are_another(house, surf, case) -> None:
    page = surf("handlaggare")
    for expected in (1, 2):
        shown = page.get(f"/arenden/{case.id}").text
        once = re.search(r'name="gang" value="([^"]+)"', shown)[1]
        for _ in range(2):
            answer = page.post(f"/arenden/{case.id}/anteckna", text="Ringde, inget svar.", gang=once, form="anteckna")
            assert answer.status_code == 303
        assert told_of(house, case, EventKind.NOTE) == expected


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (LetterKind.SEKRETESS_SAFE, {}),
        (LetterKind.KOMPLETTERA, {"f_fraga": "Vilken lampa?", "f_svarsdatum": "2026-12-04"}),
    ],
)
def test_a_letter_that_moves_nothing_sent_twice_is_one_letter(house, surf, case, kind, fields) -> None:
    page = surf("handlaggare")
    first = {"brev": "komplettera", "f_fraga": "Vilken?", "f_svarsdatum": "2026-12-04", "gor": "skicka", "satt": "mejl"}
    assert step(page, house, case, "svara", **first).status_code == 303
    again = {"brev": kind, **fields, "gor": "skicka", "satt": "mejl", "version": house.case(case.id).version}
    page.get(f"/arenden/{case.id}")
    for _ in range(2):
        assert page.post(f"/arenden/{case.id}/svara", **again).status_code == 303
    with house.store.read() as tx:
        kinds = [entry.letter.kind for entry in tx.letters_of(case.id)]
    assert kinds.count(kind) == 1 + (kind is LetterKind.KOMPLETTERA)


def test_a_link_and_a_reader_added_twice_stand_once_in_the_journal(house, surf) -> None:
    case, other = h.school(house), h.lamp(house)
    page = surf("registrator")
    for _ in range(2):
        step(page, house, case, "koppla", nummer=other.number)
        step(page, house, case, "lasare", person="chef", skal="Hjälper till.")
    assert told_of(house, case, EventKind.LINKED) == 1
    assert told_of(house, case, EventKind.READER_ADDED) == 1
