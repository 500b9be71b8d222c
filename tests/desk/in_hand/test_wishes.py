"""A reminder beside a note: it comes once, to who asked, on its day, and says nothing of what was written."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.records.wishes import Wish
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from service import sweeps
from tests.desk import house as h
from tests.desk.steps import routed, step

TEXT = "Se efter att lampan är bytt."
ASKED = "Maja Ek ville bli påmind om ärendet den 2 december 2026."


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


def ask(page, house, case, day="2026-12-02", text=TEXT, **more):
    return step(page, house, case, "anteckna", form="anteckna", text=text, dag=day, **more)


def wishes(house, case):
    with house.store.read() as tx:
        return tx.wishes_of(case.id)


def sweep(house, case, clock, day: int, hour: int = 9):
    """What has been sent to whom once two daemons have looked on that day of December."""
    clock.now = datetime(2026, 12, day, hour, 0, tzinfo=UTC)
    for _ in range(2):
        sweeps.promises(house.store, house.office, clock.now)
    return told(house, case)


def test_who_wrote_a_note_is_reminded_once_on_its_day(house, surf, case, clock) -> None:
    page = surf("handlaggare")
    assert "Du får ett mejl den 2 december 2026." in page.follow(ask(page, house, case)).text
    assert [(one.user_id, one.day) for one in wishes(house, case)] == [("handlaggare", date(2026, 12, 2))]
    assert "Maja Ek påminns den 2 december 2026." in page.get(f"/arenden/{case.id}").text
    assert sweep(house, case, clock, 1) == []
    assert sweep(house, case, clock, 2, hour=3) == [], "not before service hours"
    ((to, text),) = sweep(house, case, clock, 2)
    assert to == "handlaggare@ekdala.example"
    assert ASKED in text and TEXT not in text
    assert len(sweep(house, case, clock, 3)) == 1
    shown = surf("handlaggare").get(f"/arenden/{case.id}").text
    assert TEXT in shown and "påminns" not in shown


def test_a_closed_case_is_reminded_of_and_a_saturday_comes_on_monday(house, surf, case, clock) -> None:
    page = surf("handlaggare")
    ask(page, house, case, "2026-12-05")
    step(page, house, case, "muntligt-svar", utfall="acted", hur="Ringde i dag.")
    step(page, house, case, "avsluta")
    assert house.case(case.id).ended
    assert sweep(house, case, clock, 5) == []
    assert len(sweep(house, case, clock, 7)) == 1


def test_a_reminder_is_taken_away_again(house, surf, case, clock) -> None:
    page = surf("handlaggare")
    ask(page, house, case)
    (one,) = wishes(house, case)
    assert step(surf("chef"), house, case, f"paminnelse/{one.note_id}/bort").status_code == 303
    assert wishes(house, case) == []
    assert sweep(house, case, clock, 2) == []


def test_where_who_asked_has_left_whoever_has_the_case_is_reminded(house, surf, case, clock) -> None:
    ask(surf("handlaggare"), house, case)
    with house.store.begin() as tx:
        tx.add_user(replace(tx.user("handlaggare"), last_day=date(2026, 11, 30)))
    assert [to for to, _ in sweep(house, case, clock, 2)] == ["gata@ekdala.example"]


def test_who_may_read_the_case_no_more_is_not_reminded(house, surf, case, clock) -> None:
    """A case that has become a whistle-blower's is named to its receivers alone."""
    ask(surf("handlaggare"), house, case)
    with house.store.begin() as tx:
        kept = tx.get_case(case.id, SYSTEM)
        tx.save_case(replace(kept, flags=(ConfidentialityFlag(FlagKind.VISSELBLASNING, FlagState.CONFIRMED),)))
    # Of what was asked for, and of the law's day.
    assert [to for to, _ in sweep(house, case, clock, 2)] == ["vissel@ekdala.example"] * 2


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({"day": "2026-11-26"}, "Välj en dag efter i dag.", "dag"),
        ({"day": "i morgon"}, "Skriv dagen som datum", "dag"),
        ({"text": " "}, "Anteckningen är tom", "text"),
    ],
)
def test_what_is_not_fit_is_said_at_its_field_and_nothing_is_kept(house, surf, case, fields, said, field) -> None:
    answer = ask(surf("handlaggare"), house, case, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="{field}"' in answer.text.partition('aria-invalid="true"')[0].rpartition("<p class")[2]
    assert wishes(house, case) == []
    with house.store.read() as tx:
        assert TEXT not in [e.text for e in tx.case_file(case.id, SYSTEM).events]


def test_a_form_sent_twice_asks_once(house, surf, case) -> None:
    page = surf("handlaggare")
    for _ in range(2):
        page.get(f"/arenden/{case.id}")
        page.post(f"/arenden/{case.id}/anteckna", form="anteckna", text=TEXT, dag="2026-12-02", gang="en-sida")
    assert len(wishes(house, case)) == 1


def told(house, case):
    with house.store.read() as tx:
        letters = tx.letters_of(case.id)
    return [(e.recipient, e.letter.text) for e in letters if e.letter.kind is LetterKind.BEVAKNING]


def test_who_has_the_case_is_told_of_a_note_where_its_writer_wants_that(house, surf, case) -> None:
    worker, chef = surf("handlaggare"), surf("chef")
    assert "Låt " not in chef.get(f"/arenden/{case.id}").text, "nobody has it"
    step(worker, house, case, "ta")
    assert "Låt " not in worker.get(f"/arenden/{case.id}").text, "one knows what one writes"
    assert "Låt Maja Ek veta" in chef.get(f"/arenden/{case.id}").text
    for _ in range(2):
        chef.post(f"/arenden/{case.id}/anteckna", form="anteckna", text=TEXT, beratta="ja", gang="en-sida")
    ((to, text),) = told(house, case)
    assert to == "handlaggare@ekdala.example"
    assert "Gustav Vik har skrivit en anteckning" in text and TEXT not in text
    step(chef, house, case, "anteckna", text="Bara så att det står här.")
    step(worker, house, case, "anteckna", text="Till mig själv.", beratta="ja")
    assert len(told(house, case)) == 1


def test_no_reminder_is_reached_through_another_case(house, surf, case) -> None:
    other = routed(house, h.lamp(house))
    with house.store.begin() as tx:
        tx.add_wish(Wish("n1", other.id, "handlaggare", date(2026, 12, 2)))
    step(surf("handlaggare"), house, case, "paminnelse/n1/bort")
    assert len(wishes(house, other)) == 1
