"""Lists of one's own: kept as they stand, in the menu, alone or with a unit; none shows more than one may read."""

import html
import re
from dataclasses import replace

import pytest

from storage.store import SqlTx
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.steps import routed

NARROWED = "typ=felanmalan&sortera=-nummer"


def save(page, name="Lampor", sida="/enheten", fraga=NARROWED, enhet="", **more):
    page.get("/enheten")
    return page.post("/listor", form="ny", namn=name, sida=sida, fraga=fraga, enhet=enhet, **more)


def menu(page) -> dict[str, str]:
    """The lists of one's own in the menu, with where they lead."""
    group = page.get("/konto").text.partition("<summary>Mina listor</summary>")[2].partition("</details>")[0]
    return {name: html.unescape(link) for link, name in re.findall(r'href="([^"]+)"[^>]*>.*?</svg>([^<]+)</a>', group)}


def kept(house):
    with house.store.read() as tx:
        return tx.saved_lists("handlaggare", ["gata"])


def test_a_list_is_kept_as_it_stands_and_opened_from_the_menu(house, surf) -> None:
    lamp, newer = routed(house, h.lamp(house)), routed(house, h.lamp(house))
    page = surf("handlaggare")
    assert menu(page) == {}
    shown = page.get(f"/enheten?{NARROWED}&sida=1").text
    assert f'name="fraga" value="{html.escape(NARROWED)}"' in shown
    assert "Listan ”Lampor” är sparad" in page.follow(save(page)).text
    assert menu(page) == {"Lampor": f"/enheten?{NARROWED}", "Ändra listorna": "/listor"}
    text = page.get(menu(page)["Lampor"]).text
    assert text.index(newer.number) < text.index(lamp.number)
    assert f'href="/enheten?{html.escape(NARROWED)}" aria-current="page"' in text
    assert menu(surf("chef")) == {}


def test_only_what_the_page_would_take_is_kept_and_no_kind_of_flag(house, surf) -> None:
    page = surf("handlaggare")
    nonsense = "typ=x&status=routed&enhet=borta&flagga=barn&ordning=Orosanm%C3%A4lan&fran=igår&sortera=flagga&sida=4"
    save(page, fraga=nonsense)
    assert menu(page)["Lampor"] == "/enheten?status=routed"
    every = (
        "enhet=gata&handlaggare=ingen&typ=fraga&amne=kost&status=routed&skyddat=ja&ordning=%C3%96verklagande"
        "&sent=ja&fran=2026-11-01&till=2026-11-30&sortera=-svar"
    )
    save(page, "Allt", fraga=every)
    assert menu(page)["Allt"] == f"/enheten?{every}"
    for path in ("/personer", "https://ond.example", "/att-fordela"):
        assert save(page, "Annat", path).status_code == 422
    assert len(kept(house)) == 2


def test_what_an_address_says_that_means_nothing_is_told_and_narrows_nothing(house, surf) -> None:
    lamp = routed(house, h.lamp(house))
    page = surf("handlaggare")
    address = "typ=felanmalan&enhet=borta&status=x&fran=i+g%C3%A5r&handlaggare=ingen-alls&ordning=enhet&sortera=flagga"
    for path in ("/enheten", "/diarium"):
        text = page.get(f"{path}?{address}").text
        assert lamp.number in text
        parts = "enhet, status, särskild ordning, inkom från, sortering och handläggare"
        assert f"Det som står om {parts} i adressen går inte att förstå." in text
        assert "?typ=felanmalan&amp;sortera=nummer" in text, "nothing of it goes on"
    assert "går inte att förstå" not in page.get("/enheten?typ=felanmalan&handlaggare=handlaggare").text
    assert "går inte att förstå" in surf("registrator").get("/att-fordela?sent=x").text
    assert page.get("/diarium.csv?status=x").status_code == 403
    assert "Det som står om handläggare i adressen" in page.get("/diarium.csv?handlaggare=ingen-alls").text
    assert page.get("/diarium.csv?status=routed&handlaggare=handlaggare").status_code == 200


def test_a_shared_list_shows_each_what_they_may_read(house, surf) -> None:
    lamp = routed(house, h.lamp(house))
    chef, clerk, school = surf("chef"), surf("handlaggare"), surf("skolhandlaggare")
    save(chef, "Vårt", "/diarium", "enhet=gata", enhet="gata")
    assert menu(chef)["Vårt"] == menu(clerk)["Vårt"] == "/diarium?enhet=gata"
    assert menu(school) == {}
    assert lamp.number in clerk.get("/diarium?enhet=gata").text
    assert lamp.number not in school.get("/diarium?enhet=gata").text
    shown = clerk.get("/listor").text
    assert "Delad med Gata och park, sparad av Gustav Vik" in shown
    assert "Byt namn" not in shown
    (one,) = kept(house)
    assert clerk.post("/listor", form=one.id, gor="bort").status_code == 422
    assert save(school, "Deras", enhet="gata").status_code == 422
    assert kept(house) == [one]


def test_a_list_of_a_page_that_is_not_theirs_stands_in_nobodys_menu(house, surf) -> None:
    save(surf("gataregistrator"), "Kön", "/att-fordela", enhet="gata")
    assert "Kön" in menu(surf("gataregistrator"))
    assert "Kön" not in menu(surf("handlaggare"))


def test_lists_are_renamed_and_taken_away_by_their_owner(house, surf) -> None:
    page = surf("handlaggare")
    save(page)
    (one,) = kept(house)
    assert page.post("/listor", form=one.id, gor="namn", namn="  Alla\n lampor ").status_code == 303
    assert "Alla lampor" in menu(page)
    chef = surf("chef")
    assert menu(chef) == {}
    assert chef.post("/listor", form=one.id, gor="bort").status_code == 422, "another's, and not shared"
    assert "Listan ”Alla lampor” är borttagen." in page.follow(page.post("/listor", form=one.id, gor="bort")).text
    assert kept(house) == []


def test_a_list_is_not_renamed_to_what_another_is_called(house, surf) -> None:
    page = surf("chef")
    save(page, enhet="gata")
    save(page, "Vägar", fraga="typ=fraga")
    (one,) = kept(house)
    refused = page.post("/listor", form=one.id, gor="namn", namn=" Vägar ")
    assert refused.status_code == 422
    assert "Det finns redan en lista som heter så." in refused.text and "aria-invalid" in refused.text
    assert kept(house) == [one]
    for answer in (page.post("/listor", form=one.id, gor="namn", namn="Om 121212-1212"), save(page, "121212-1212")):
        assert answer.status_code == 422 and "personnummer" in answer.text, "it would stand in the unit's menu"
    assert kept(house) == [one]
    other = surf("gataregistrator")
    other.get("/listor")
    assert other.post("/listor", form=one.id, gor="namn", namn="Vägar").status_code == 422, "its owner has both"


def test_a_shared_list_follows_its_unit_into_the_one_that_took_over(house, surf) -> None:
    lamp = routed(house, h.lamp(house))
    save(surf("chef"), "Vårt", fraga="enhet=gata", enhet="gata")
    (one,) = kept(house)
    with house.store.begin() as tx:
        tx.save_list(replace(one, unit_id="gamla", query="enhet=gamla"))
    assert menu(surf("handlaggare")) == {}
    house.office = replace(house.office, organisation=replace(house.office.organisation, renamed={"gamla": "gata"}))
    page = Surfer(make_app(house), "handlaggare")
    text = page.get(menu(page)["Vårt"]).text
    assert lamp.number in text and '<option value="gata" selected>' in text
    assert "Delad med Gata och park" in page.get("/listor").text


@pytest.mark.parametrize(
    ("name", "said"),
    [(" ", "Ge listan ett namn."), ("x" * 61, "högst 60 tecken"), ("Lampor", "Du har redan en lista som heter så.")],
)
def test_what_is_no_name_is_said_at_the_field_and_the_list_is_not_lost(house, surf, name: str, said: str) -> None:
    page = surf("handlaggare")
    save(page)
    refused = save(page, name, fraga="typ=fraga")
    assert refused.status_code == 422
    assert said in refused.text
    assert 'name="fraga" value="typ=fraga"' in refused.text
    assert "aria-invalid" in refused.text
    (one,) = kept(house)
    again = page.post("/listor", form=one.id, gor="namn", namn=name)
    assert again.status_code == (303 if name == one.name else 422)
    assert len(kept(house)) == 1


def test_a_form_sent_twice_makes_one_list_and_there_is_an_end(house, surf) -> None:
    page = surf("handlaggare")
    assert [save(page).status_code for _ in range(2)] == [303, 303]
    assert len(kept(house)) == 1
    for n in range(29):
        save(page, f"Lista {n}")
    assert "Ta bort någon först" in save(page, "En till").text
    assert len(kept(house)) == 30


def test_a_page_that_says_what_went_wrong_does_not_ask_for_lists(house, surf, monkeypatch) -> None:
    page = surf("handlaggare")

    def broken(*_: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(SqlTx, "saved_lists", broken)
    answer = page.get("/mina")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text
    assert "Huvudmeny" in answer.text
