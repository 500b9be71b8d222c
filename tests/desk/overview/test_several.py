"""Several cases of a list at once: each by its own rules, and what is refused is told by its number."""

import re
from datetime import date

import pytest

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.routing.areas import Area
from tests.desk import house as h
from tests.desk.steps import routed

S = CaseStatus


@pytest.fixture
def lamps(house):
    return [routed(house, h.lamp(house)) for _ in range(3)]


def boxes(*found) -> list[str]:
    return [f"{one.id}:{one.version}" for one in found]


def act(page, val, **fields):
    page.get("/enheten")
    return page.post("/flera", val=val, sida="/enheten", fraga="typ=felanmalan", **fields)


def notes(house, case) -> list[str]:
    with house.store.read() as tx:
        return [e.text for e in tx.case_file(case.id, SYSTEM).events if e.kind is EventKind.NOTE]


def test_ticked_cases_are_shown_with_what_can_be_done_and_done_with_them(house, surf, lamps) -> None:
    page = surf("chef")
    listed = page.get("/enheten?valj=alla").text
    ticked = re.findall(r'name="val" value="([^"]+)"[^>]* checked', listed)
    assert sorted(ticked) == sorted(boxes(*lamps))
    assert "checked" not in re.findall(r'<input type="checkbox"[^>]*>', page.get("/enheten").text)[0]
    shown = act(page, ticked)
    assert shown.status_code == 200
    assert all(one.number in shown.text for one in lamps)
    assert "Tilldela alla" in shown.text and "Lämna tillbaka alla" in shown.text
    assert {house.case(one.id).status for one in lamps} == {S.ROUTED}, "nothing is done yet"
    done = act(page, ticked, gor="tilldela", person="handlaggare")
    assert done.headers["location"] == "/enheten?typ=felanmalan#innehall"
    assert "Tre ärenden tilldelades." in page.follow(done).text
    assert {house.case(one.id).assignee_id for one in lamps} == {"handlaggare"}


def test_what_changed_or_is_not_theirs_stops_no_other_and_is_told_by_number(house, surf, lamps) -> None:
    school = routed(house, h.school(house))
    first, second, third = lamps
    page = surf("chef")
    act(page, boxes(first), gor="tilldela", person="handlaggare")
    val = [*boxes(first, second, school), f"{third.id}:x", "borta:1"]
    text = page.follow(act(page, val, gor="tilldela", person="chef")).text
    assert "Ett ärende tilldelades." in text
    assert f"Ärende {first.number} har ändrats" in text
    assert f"Ärende {third.number} har ändrats" in text
    assert text.count("Ett ärende finns inte längre i din lista.") == 2
    assert school.number not in text
    assert [house.case(one.id).assignee_id for one in (first, second, third)] == ["handlaggare", "chef", ""]
    wrong = page.follow(act(page, boxes(house.case(third.id)), gor="tilldela", person="skolhandlaggare")).text
    assert f"{third.number}: " in wrong and "arbetar inte i ärendets enhet" in wrong


def test_a_clerk_gives_back_but_assigns_nobody(house, surf, lamps) -> None:
    page = surf("handlaggare")
    shown = act(page, boxes(*lamps)).text
    assert "Tilldela alla" not in shown
    text = page.follow(act(page, boxes(lamps[0]), gor="tilldela", person="handlaggare")).text
    assert f"{lamps[0].number}: Det kan du inte göra i det här ärendet" in text
    refused = act(page, boxes(*lamps), gor="tillbaka", form="tillbaka", skal=" ")
    assert refused.status_code == 422
    assert "aria-invalid" in refused.text and "Skriv varför" in refused.text
    page.follow(act(page, boxes(*lamps), gor="tillbaka", form="tillbaka", skal="Vägföreningens."))
    assert {house.case(one.id).status for one in lamps} == {S.SUGGESTED}


def test_one_note_and_one_day_in_each_once(house, surf, lamps) -> None:
    page = surf("handlaggare")
    fields = {"gor": "paminn", "form": "paminn", "text": "Lamporna byts.", "gang": "en"}
    passed = act(page, boxes(*lamps), dag="2026-11-20", **fields)
    assert passed.status_code == 422
    assert "Välj en dag efter i dag." in passed.text and "Lamporna byts." in passed.text
    for _ in range(2):
        assert act(page, boxes(*lamps), dag="2026-12-04", **fields).status_code == 303
    for one in lamps:
        assert notes(house, one) == ["Lamporna byts."]
        with house.store.read() as tx:
            assert [(wish.user_id, wish.day) for wish in tx.wishes_of(one.id)] == [("handlaggare", date(2026, 12, 4))]


def test_nothing_ticked_or_asked_does_nothing(house, surf, lamps) -> None:
    page = surf("chef")
    assert "Inget ärende är valt" in page.follow(act(page, [])).text
    assert act(page, boxes(*lamps), gor="stang").status_code == 422
    page.get("/enheten")
    elsewhere = page.post("/flera", sida="//ond.example", fraga="a\r\nb")
    assert elsewhere.headers["location"] == "/enheten#innehall"


def test_letters_of_the_queue_are_sent_elsewhere_or_put_away_and_taken_back(house, surf) -> None:
    one, two, three, school = h.lamp(house), h.lamp(house), h.lamp(house), h.school(house)
    page = surf("registrator")
    assert 'formaction="/flera"' in page.get("/att-fordela").text
    assert "Lägg undan alla" in page.post("/flera", val=boxes(one, school), sida="/att-fordela").text
    queue = {"sida": "/att-fordela", "fraga": "typ=felanmalan"}
    done = page.post("/flera", val=boxes(one, school), gor="flytta", form="flytta", enhet="va", **queue)
    assert done.headers["location"] == f"/att-fordela?typ=felanmalan&angra={one.id}#innehall"
    text = page.follow(done).text
    assert "Ett ärende fördelades." in text and f"{school.number}: ärendet är skyddat" in text
    assert (house.case(one.id).unit_id, house.case(school.id).status) == ("va", S.SUGGESTED)
    for wrong in ({"gor": "flytta", "enhet": "borta"}, {"gor": "inget", "orsak": " "}):
        refused = page.post("/flera", val=boxes(two), form=wrong["gor"], **wrong, **queue)
        assert refused.status_code == 422 and "aria-invalid" in refused.text
    text = page.follow(page.post("/flera", val=boxes(two, three), gor="inget", orsak="Reklam.", **queue)).text
    assert "Två ärenden lades undan." in text
    assert {house.case(x.id).status for x in (two, three)} == {S.NOT_A_CASE}
    page.post("/att-fordela/angra", val=boxes(house.case(two.id)), fraga="")
    assert house.case(two.id).status is S.SUGGESTED


def test_a_doubtful_letter_is_ticked_to_be_put_away_but_not_confirmed_unopened(house, surf) -> None:
    text = "Köp billiga lampor hos oss i dag!"
    advert = house.letter("Rea", text, h.suggestion(text, Area.GATA_PARK, 0.2))
    lamp, school = h.lamp(house), h.school(house)
    threat = h.threat(house)
    unread = house.letter("Fråga", "När öppnar biblioteket?", None)
    page = surf("registrator")
    boxes_of = dict(re.findall(r'id="v-(\w+)"( disabled)?', page.get("/att-fordela").text))
    assert {one for one, off in boxes_of.items() if not off} == {advert.id, lamp.id, school.id, threat.id}
    assert unread.id in boxes_of
    text = page.follow(page.post("/att-fordela/bekrafta", val=boxes(advert, lamp))).text
    assert "Ett ärende fördelades." in text
    assert f"{advert.number}: inget av förslagen ser rätt ut." in text
    assert house.case(advert.id).status is S.SUGGESTED
    queue = {"sida": "/att-fordela", "gor": "inget", "form": "inget", "orsak": "Reklam."}
    assert "Ett ärende lades undan." in page.follow(page.post("/flera", val=boxes(advert), **queue)).text
    assert house.case(advert.id).status is S.NOT_A_CASE
