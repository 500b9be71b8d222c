"""Kopia till on Svara: who is offered, what is shown before and after, and where the page says no."""

import re
from dataclasses import replace

import pytest

from cases.inbound.messages import Mailaddress, not_by_mail
from cases.letters.letter import LetterKind, OutboxStatus
from cases.store.views import StoredMessage
from tests.desk import house as h
from tests.desk.in_hand.test_answering import post
from tests.desk.steps import routed

TEXT = "Lampan byts på fredag."
ANNA, GODA = "anna@post.example", "god.man@post.example"


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house, cc=(Mailaddress("Anna", ANNA), Mailaddress("", "noreply@post.example"))))


def letters(house, case):
    with house.store.read() as tx:
        return [one for one in tx.letters_of(case.id) if one.letter.kind is LetterKind.SVAR]


def test_who_is_ticked_and_who_is_written_get_a_copy_that_the_case_shows(house, surf, case) -> None:
    page = surf("handlaggare")
    asked = page.get(f"/arenden/{case.id}/svara?brev=svar").text
    assert re.search(rf'name="f_kopia" value="{ANNA}" id="kopia-1">', asked)
    assert "noreply@post.example" not in asked
    shown = post(page, house, case, brev="svar", f_svar=TEXT, f_kopia=[ANNA, GODA], gor="visa").text
    assert f"<dt>Kopia till</dt><dd>{ANNA}, {GODA}</dd>" in shown
    assert re.search(rf'value="{ANNA}" id="kopia-1" checked', shown)
    assert f'value="{GODA}"' in shown
    sent = page.follow(post(page, house, case, brev="svar", f_svar=TEXT, f_kopia=[ANNA, GODA], gor="skicka")).text
    assert f"Kopia går till {ANNA}, {GODA}." in sent
    answer, first, second = letters(house, case)
    assert [first.recipient, second.recipient] == [ANNA, GODA]
    assert first.letter == answer.letter
    with house.store.begin() as tx:
        tx.update_entry(replace(first, status=OutboxStatus.FAILED, error="550 finns inte"))
    text = page.get(f"/arenden/{case.id}").text
    assert text.count(TEXT) == 1
    assert re.search(rf'Kopia till {ANNA} <span class="leverans l-failed">', text) and "550 finns inte" in text
    assert f'Skicka igen<span class="dold"> till {ANNA}</span>' in text
    assert "Stäng brevet" in text, "one that has been tried is no longer to be stopped"
    assert "Kopia: Svar på fråga" in surf("registrator").get("/utkorg").text
    right = f"/arenden/{case.id}/brev/{first.id}/adress"
    form = {"form": f"adress-{first.id}", "adress": "anna@post"}
    wrong = page.post(right, **form)
    assert wrong.status_code == 422 and "går inte att skicka till" in wrong.text
    assert re.search(r'name="adress"[^>]* value="anna@post"[^>]*aria-invalid="true"', wrong.text)
    done = page.follow(page.post(right, **{**form, "adress": "anna.ny@post.example"})).text
    assert "Kopian går nu till anna.ny@post.example." in done and "Rätta adressen" not in done
    assert page.post(right.replace(first.id, second.id), **form).status_code == 422, "it waits for its first try"


def test_what_a_copied_in_person_answers_is_marked_as_theirs(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    post(page, house, case, brev="svar", f_svar=TEXT, f_kopia=ANNA, gor="skicka")
    for sender in (ANNA, GODA):
        told = not_by_mail("SV: Svar", "Tack.", house.clock(), sender_addr=sender)
        with house.store.begin() as tx:
            tx.add_message(StoredMessage(f"m-{sender}", case.id, house.clock(), told, "", outsider=True))
    text = page.get(f"/arenden/{case.id}").text
    assert text.count("Från någon som har fått en kopia") == text.count("Från en annan adress än avsändarens") == 1


def test_what_is_taken_back_is_back_with_its_copies(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    form = {"version": house.case(case.id).version, "brev": "svar", "f_svar": TEXT, "f_kopia": [ANNA, GODA]}
    for _ in range(2):
        assert page.post(f"/arenden/{case.id}/svara", **form, gor="skicka").status_code == 303
    assert len(letters(house, case)) == 3
    back = page.follow(page.post(f"/arenden/{case.id}/brev/{letters(house, case)[0].id}/angra")).text
    assert re.search(rf'value="{ANNA}" id="kopia-1" checked', back)
    assert re.search(rf'id="f_kopia"[^>]* value="{GODA}"', back)


@pytest.mark.parametrize("gor", ["visa", "skicka"])
def test_an_address_that_will_not_do_is_said_at_its_field(house, surf, case, gor) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    back = post(page, house, case, brev="svar", f_svar=TEXT, f_kopia=["anna@post"], gor=gor)
    assert back.status_code == 422
    assert "Adressen anna@post går inte att skicka till." in back.text
    assert re.search(r'id="f_kopia"[^>]* value="anna@post" aria-invalid="true"', back.text)
    assert TEXT in back.text and letters(house, case) == []


def test_a_letter_without_fields_is_shown_with_whom_it_is_copied_to(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=hanvisning")
    shown = page.post(f"/arenden/{case.id}/svara", brev="hanvisning", satt="mejl", f_kopia=GODA, gor="visa").text
    assert f"<dt>Kopia till</dt><dd>{GODA}</dd>" in shown


def test_a_protected_case_offers_no_copy_nor_does_a_letter_on_paper_or_the_neutral_one(house, surf, case) -> None:
    page = surf("handlaggare")
    for other in ("?brev=sekretess_safe", "?brev=svar&satt=post"):
        assert "Kopia till" not in page.get(f"/arenden/{case.id}/svara{other}").text
    shut = routed(house, h.school(house))
    page = surf("registrator")
    assert 'name="f_kopia"' not in page.get(f"/arenden/{shut.id}/svara?brev=svar").text
    assert "Ärendet är skyddat" in post(page, house, shut, brev="svar", f_svar=TEXT, f_kopia=GODA, gor="skicka").text
    assert letters(house, shut) == []
