"""Fråga någon utanför: what is shown before it is sent, what the case shows of it, and where the page says no."""

import re
from dataclasses import replace

import pytest

from cases.inbound.messages import not_by_mail
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.store.views import StoredMessage
from desk.case.paper import paper_letter
from desk.views.in_hand import letters_out
from tests.desk import house as h
from tests.desk.steps import routed

TYPED = {"adress": "jour@lampor.example", "fraga": "När byts lampan i stolpe 4417?", "senast": "2026-12-01"}


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


def asked(house, case):
    with house.store.read() as tx:
        return [one for one in tx.letters_of(case.id) if one.letter.kind is LetterKind.FRAGA_UTANFOR]


def post(page, case, gor="skicka", **fields):
    page.get(f"/arenden/{case.id}/fraga")
    return page.post(f"/arenden/{case.id}/fraga", gor=gor, gang="x", **{**TYPED, **fields})


def test_what_is_shown_is_sent_once_and_waits_in_the_case_for_its_answer(house, surf, case) -> None:
    page = surf("handlaggare")
    assert f"/arenden/{case.id}/fraga" in page.get(f"/arenden/{case.id}").text
    shown = post(page, case, gor="visa").text
    assert asked(house, case) == []
    assert "Vår fråga till dig:" in shown and TYPED["fraga"] in shown and "1 december 2026" in shown
    for _ in range(2):
        assert "Frågan går om en halv minut" in page.follow(post(page, case)).text
    (entry,) = asked(house, case)
    assert entry.letter.text.splitlines()[0] in shown
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, status=OutboxStatus.SENT, sent_at=house.clock()))
    waits = page.get(f"/arenden/{case.id}").text
    assert "Till jour@lampor.example" in waits and "Inget svar än" in waits and "påminns den 2 december 2026" in waits
    assert '<option value="jour@lampor.example">' in page.get(f"/arenden/{case.id}/fraga").text
    told = not_by_mail("SV: Fråga", "På tisdag.", house.clock(), sender_addr="lasse@lampor.example")
    answer = StoredMessage("9" * 32, case.id, house.clock(), told, "", "outside", outsider=True, question=entry.id)
    with house.store.begin() as tx:
        tx.add_message(answer)
    answered = page.get(f"/arenden/{case.id}").text
    assert "Inget svar än" not in answered and "Svar utifrån: lasse@lampor.example" in answered
    assert f'<a href="#u-{entry.id}">frågan till jour@lampor.example</a>' in answered
    assert "Från en annan adress än den som frågades" in answered
    assert "Från en annan adress än avsändarens" not in answered


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("adress", "jour@lampor", "Skriv hela adressen"),
        ("fraga", "", "Skriv vad du vill fråga"),
        ("senast", "2020-01-01", "Välj i dag eller en dag som kommer"),
        ("senast", "tisdag", "Skriv dagen som datum"),
    ],
)
def test_what_is_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(house, surf, case, field, value, said) -> None:
    page = surf("handlaggare")
    back = post(page, case, **{field: value})
    assert back.status_code == 422
    assert said in back.text and 'aria-invalid="true"' in back.text
    assert all(one in back.text for name, one in TYPED.items() if name != field)
    assert asked(house, case) == []


def test_whoever_names_the_sender_is_asked_whether_that_is_needed(surf, house, case) -> None:
    with house.store.read() as tx:
        name = tx.get_case(case.id, SYSTEM).sender.name
    shown = post(surf("handlaggare"), case, gor="visa", fraga=f"{name} undrar när lampan byts.").text
    assert "Frågan nämner avsändarens namn." in shown


def test_of_a_protected_case_nothing_is_asked_by_mail(house, surf) -> None:
    case = routed(house, h.school(house))
    page = surf("registrator")
    shown = page.get(f"/arenden/{case.id}/fraga").text
    assert "Ärendet är skyddat, så ingenting ur det lämnas" in shown
    assert 'name="adress"' not in shown
    assert post(page, case).status_code == 422
    assert asked(house, case) == []


def test_a_printed_question_shows_no_address_of_the_senders(house, surf, case, monkeypatch) -> None:
    windows = []
    monkeypatch.setattr(letters_out, "paper_letter", lambda *told: windows.append(told[2]) or paper_letter(*told))
    with house.store.begin() as tx:
        now = tx.get_case(case.id, SYSTEM)
        tx.save_case(replace(now, sender=replace(now.sender, address="Storgatan 1, 400 01 Ekdala")))
    page = surf("handlaggare")
    post(page, case)
    with house.store.read() as tx:
        receipt = next(one for one in tx.letters_of(case.id) if one.for_citizen)
    for one in (*asked(house, case), receipt):
        assert page.get(f"/arenden/{case.id}/brev/{one.id}/pdf").status_code == 200
    assert windows[0] == ()
    assert "Storgatan 1" in windows[1]


def test_files_of_the_case_and_new_ones_go_along(house, surf) -> None:
    case, page = routed(house, h.lamp(house, attachments=(h.picture(),))), surf("handlaggare")
    kept = re.search(r'name="ur" value="([^"]+)"', page.get(f"/arenden/{case.id}/fraga").text)
    data = {"csrf": page.token, "gang": "x", "gor": "skicka", "ur": kept[1], **TYPED}
    bad = [("filer", ("spel.exe", b"MZ" + bytes(60), "application/octet-stream"))]
    back = page.client.post(f"/arenden/{case.id}/fraga", data=data, files=bad)
    assert back.status_code == 422
    assert "är ett program" in back.text and "Så här ser brevet ut" in back.text and 'id="fel"' in back.text
    assert re.search(rf'value="{kept[1]}"[^>]* checked', back.text)
    good = [("filer", ("karta.pdf", b"%PDF-1.4 karta", "application/pdf"))]
    page.client.post(f"/arenden/{case.id}/fraga", data=data, files=good)
    (entry,) = asked(house, case)
    assert len(entry.enclosures) == 2 and kept[1] in entry.enclosures
    assert "Bifogat: 2 filer" in page.get(f"/arenden/{case.id}").text
