"""Standard texts: a unit's own people keep them, its cases offer them, and one goes into the field that was chosen."""

import html
import re
from dataclasses import replace

import pytest

from cases.letters.letter import LetterKind
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.steps import routed

LAMP = "Vi byter trasiga gatlampor en gång i veckan."


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


def write(page, name="Gatlampa", text=LAMP, enhet="gata", **more):
    page.get("/standardtexter")
    return page.post("/standardtexter", **{"form": "ny", "namn": name, "text": text, "enhet": enhet, **more})


def kept(house):
    with house.store.read() as tx:
        return tx.standard_texts()


def change(page, one, **fields):
    page.get("/standardtexter")
    old = {"form": one.id, "sedd": one.changed_at.isoformat(), "namn": one.name, "text": one.text, "enhet": one.unit_id}
    return page.post("/standardtexter", **{**old, **fields})


def typed(answer, field):
    found = re.search(rf'<textarea id="f_{field}"([^>]*)>(.*?)</textarea>', answer.text, re.DOTALL)
    return html.unescape(found[2]), "autofocus" in found[1]


def test_a_text_of_the_unit_goes_below_what_was_typed_and_stays_as_a_draft(house, surf, case) -> None:
    page = surf("handlaggare")
    assert "sparad" in page.follow(write(page)).text
    (one,) = kept(house)
    assert LAMP in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    put = page.post(f"/arenden/{case.id}/svara", brev="svar", satt="mejl", f_svar="Hej!", infoga=f"svar:{one.id}")
    assert put.status_code == 200
    assert typed(put, "svar") == (f"Hej!\n\n{LAMP}", True)
    # A form half filled in is no mistake yet.
    assert "Så här ser brevet ut" not in put.text
    with house.store.read() as tx:
        assert tx.draft(case.id, "handlaggare", LetterKind.SVAR).typed == {"svar": f"Hej!\n\n{LAMP}"}
        assert [e for e in tx.letters_of(case.id) if not e.automatic and not e.internal] == []


def test_of_several_fields_the_chosen_one_takes_the_text(house, surf, case) -> None:
    page = surf("handlaggare")
    write(page)
    (one,) = kept(house)
    path = f"/arenden/{case.id}/svara"
    assert f'value="nasta_steg:{one.id}">Lägg in under ”Vad som händer nu”' in page.get(f"{path}?brev=status").text
    put = page.post(path, brev="status", f_lage="Vi har varit där.", infoga=f"nasta_steg:{one.id}")
    assert typed(put, "nasta_steg") == (LAMP, True)
    assert typed(put, "lage") == ("Vi har varit där.", False)


def test_enter_in_a_field_shows_the_letter_and_puts_no_text_in(house, surf, case) -> None:
    page = surf("handlaggare")
    write(page)
    shown = page.get(f"/arenden/{case.id}/svara?brev=status").text
    form = shown[shown.index('id="brevform"') :]
    first = re.search(r"<button[^>]*>", form)[0]
    assert 'value="visa"' in first


def test_a_case_offers_its_units_texts_and_those_for_all(house, surf, case) -> None:
    write(surf("registrator"), "Öppettider", "Vi har öppet 9 till 15.", "")
    write(surf("registrator"), "Skolskjuts", "Ansök på webben.", "skola")
    write(surf("chef"))
    page = surf("handlaggare").get(f"/arenden/{case.id}/svara?brev=svar").text
    assert page.index(LAMP) < page.index("Vi har öppet 9 till 15.")
    assert "Ansök på webben." not in page
    assert "Ansök på webben." not in surf("handlaggare").get("/standardtexter").text
    # Whom another unit's text is not offered to gets none of it by asking for it.
    school = next(one for one in kept(house) if one.unit_id == "skola")
    asked = surf("handlaggare")
    asked.get("/standardtexter")
    put = asked.post(f"/arenden/{case.id}/svara", brev="svar", infoga=f"svar:{school.id}")
    assert typed(put, "svar")[0] == ""


@pytest.mark.parametrize(("who", "enhet"), [("handlaggare", "skola"), ("handlaggare", ""), ("vissel", "gata")])
def test_nobody_writes_another_units_texts(house, surf, who, enhet) -> None:
    answer = write(surf(who), enhet=enhet)
    assert answer.status_code == 422
    assert "dina egna enheter" in answer.text
    assert kept(house) == []


def test_nobody_changes_or_removes_another_units_texts(house, surf, clock) -> None:
    write(surf("registrator"), "Skolskjuts", "Ansök på webben.", "skola")
    (one,) = kept(house)
    page = surf("handlaggare")
    assert change(page, one, enhet="gata").status_code == 422
    assert change(page, one, gor="bort").status_code == 422
    assert kept(house) == [one]


def test_a_text_is_changed_and_taken_away(house, surf, clock) -> None:
    write(surf("handlaggare"))
    (one,) = kept(house)
    clock.pass_minutes(5)
    assert change(surf("chef"), one, text="Vi byter dem på tisdagar.").status_code == 303
    (new,) = kept(house)
    assert new == replace(one, text="Vi byter dem på tisdagar.", changed_by="chef", changed_at=clock())
    page = surf("handlaggare")
    assert "26 november 2026 av Gustav Vik" in page.get("/standardtexter").text
    stale = change(page, one, text="Mitt.")
    assert stale.status_code == 422 and "Någon annan har ändrat" in stale.text
    assert kept(house) == [new]
    assert "borttagen" in page.follow(change(page, new, gor="bort")).text
    assert kept(house) == []
    assert "finns inte längre" in change(page, new, text="Mitt.").text


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({"name": ""}, "Ge texten ett namn", "namn"),
        ({"name": "x" * 101}, "högst 100 tecken", "namn"),
        ({"text": ""}, "Skriv texten.", "text"),
        ({"text": "Hon är 121212-1212."}, "personnummer", "text"),
        ({"name": "Svar till 121212-1212"}, "personnummer", "namn"),
        ({"enhet": "finns-inte"}, "Välj en enhet", "enhet"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(house, surf, fields, said, field) -> None:
    answer = write(surf("handlaggare"), **{"name": "Lampor", "text": LAMP, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
    assert (LAMP if "text" not in fields else "Lampor") in answer.text
    assert kept(house) == []


def test_a_text_follows_its_unit_into_the_one_that_took_over(house, surf, case) -> None:
    write(surf("handlaggare"))
    (one,) = kept(house)
    with house.store.begin() as tx:
        tx.save_standard_text(replace(one, unit_id="gamla"))
    assert LAMP not in surf("handlaggare").get(f"/arenden/{case.id}/svara?brev=svar").text
    house.office = replace(house.office, organisation=replace(house.office.organisation, renamed={"gamla": "gata"}))
    page = Surfer(make_app(house), "handlaggare")
    assert LAMP in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert LAMP in page.get("/standardtexter").text
