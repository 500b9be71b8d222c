"""Svara: what is previewed is what is queued, to the character, and nothing leaves that must not."""

import html
import re

import pytest

from cases.case import CaseStatus
from cases.letters.letter import ANSWERS, LetterKind, OutboxStatus
from desk.case.letterform import WHEN
from desk.security import CSP
from desk.styles import preview_csp
from tests.desk import house as h
from tests.desk.steps import routed

ANSWER = "Lyktan lagas på fredag.\n\nHör gärna av dig om det dröjer."


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


def post(page, house, case, **fields):
    """Send the form; a preview is followed to the page that shows it."""
    answer = page.post(f"/arenden/{case.id}/svara", version=house.case(case.id).version, **fields)
    return page.follow(answer) if fields.get("gor") == "visa" and answer.status_code == 303 else answer


def test_every_letter_a_person_sends_is_explained() -> None:
    assert set(WHEN) == set(ANSWERS)


def test_the_preview_is_what_is_queued(house, surf, case) -> None:
    page = surf("handlaggare")
    assert "Svar på fråga" in page.get(f"/arenden/{case.id}/svara").text
    assert "Själva svaret" in page.get(f"/arenden/{case.id}/svara?brev=svar").text
    shown = post(page, house, case, brev="svar", f_svar=ANSWER, gor="visa")
    assert shown.status_code == 200
    text = html.unescape(re.search(r'<pre class="brevtext" id="rentext">(.*?)</pre>', shown.text, re.DOTALL)[1])
    framed = html.unescape(re.search(r'srcdoc="([^"]*)"', shown.text)[1])
    subject = html.unescape(re.search(r'id="amnesrad">(.*?)</dd>', shown.text)[1])
    assert "Lyktan lagas på fredag." in text
    assert post(page, house, case, brev="svar", f_svar=ANSWER, gor="skicka").status_code == 303
    with house.store.read() as tx:
        entry = tx.letters_of(case.id)[-1]
    assert (entry.letter.subject, entry.letter.text, entry.letter.html) == (subject, text, framed)
    assert (entry.recipient, entry.status, entry.automatic) == ("berit@mejl.example", OutboxStatus.QUEUED, False)
    assert house.case(case.id).status is CaseStatus.ANSWERED
    assert "Svar på fråga" in page.get(f"/arenden/{case.id}").text


def test_a_preview_is_a_page_to_go_back_to(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    sent = page.post(f"/arenden/{case.id}/svara", brev="svar", satt="mejl", f_svar=ANSWER, gor="visa")
    assert sent.headers["location"] == f"/arenden/{case.id}/svara?brev=svar&satt=mejl#granska"
    assert "Skicka brevet" in page.follow(sent).text
    empty = page.post(f"/arenden/{case.id}/svara", brev="svar", satt="mejl", gor="visa")
    assert "Fyll i det som saknas" in empty.text
    post(page, house, case, brev="svar", f_svar=ANSWER, gor="skicka")
    back = page.get(sent.headers["location"].partition("#")[0]).text
    assert "Fyll i det som saknas" not in back, "the browser's Back, once it is sent, blamed nobody's fault"


@pytest.mark.parametrize(
    "only_here", [{"tid": "2026-11-30T10:00"}, {"satt": "post", "adress": "Bo Ek\nGränden 1\n123 45 EKDALA"}]
)
def test_a_preview_loses_nothing_that_no_draft_keeps(house, surf, case, only_here) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    shown = post(page, house, case, brev="svar", f_svar=ANSWER, gor="visa", **only_here)
    for value in only_here.values():
        assert value in shown.text


def test_the_preview_lets_through_our_own_styles_and_no_others(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    shown = post(page, house, case, brev="svar", f_svar='<p style="color:red">Hej</p>', gor="visa")
    framed = html.unescape(re.search(r'srcdoc="([^"]*)"', shown.text)[1])
    assert shown.headers["content-security-policy"] == preview_csp(framed)
    assert "unsafe-inline" not in shown.headers["content-security-policy"]
    assert '<p style="color:red">' not in framed
    assert preview_csp("<p>Hej</p>") == CSP


def test_what_the_sender_sent_along_stands_beside_the_answer(house, surf) -> None:
    made = h.suggestion(h.LAMP, h.Area.GATA_PARK, 0.9)
    case = routed(house, house.letter("Lampan", h.LAMP, made, attachments=(h.picture(),)))
    text = surf("handlaggare").get(f"/arenden/{case.id}/svara").text
    assert "<h3>Berit Alm</h3>" in text
    assert re.search(rf'href="/arenden/{case.id}/bilagor/[\w-]+/visa" target="_blank"', text)
    assert ">kran.png</a>" in surf("registrator").get(f"/arenden/{case.id}/dela").text


def test_what_is_missing_stops_the_letter_and_is_named(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=beslut_atgard")
    answer = post(page, house, case, brev="beslut_atgard", f_atgard="Vi byter lampan.", gor="skicka")
    assert "Fyll i det som saknas: " in answer.text
    assert "<title>Fel: Svara i" in answer.text
    assert "När det blir gjort" in answer.text
    assert "Vi byter lampan." in answer.text
    assert "Skicka brevet" not in answer.text
    assert house.case(case.id).status is CaseStatus.ROUTED


def test_a_personnummer_in_the_text_stops_the_letter(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    answer = post(page, house, case, brev="svar", f_svar="Hej 20121212-1212!", gor="skicka")
    assert "personnummer" in answer.text
    assert house.case(case.id).status is CaseStatus.ROUTED


def test_a_day_is_written_the_swedish_way(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}/svara?brev=langre_tid")
    fields = {"f_ny_tid": "2026-12-04", "f_skal": "Vi väntar på en lampa."}
    answer = post(page, house, case, brev="langre_tid", gor="visa", **fields)
    assert "4 december 2026" in answer.text
    assert 'value="2026-12-04"' in answer.text


def test_a_flag_lets_only_the_neutral_letter_go_and_the_answer_is_still_owed(house, surf) -> None:
    case = routed(house, h.school(house))
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    shown = post(page, house, case, brev="svar", f_svar="Hemligt om Nils son", gor="visa")
    assert "Ditt brev ersätts av ”Neutralt meddelande”" in shown.text
    assert "Hemligt om Nils son" not in shown.text
    assert post(page, house, case, brev="svar", gor="skicka").status_code == 303
    with house.store.read() as tx:
        letter = tx.letters_of(case.id)[-1].letter
    assert letter.kind is LetterKind.SEKRETESS_SAFE
    assert house.case(case.id).status is CaseStatus.IN_PROGRESS


def test_an_anonymous_sender_gets_nothing(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    page.follow(page.post("/nytt", kanal="visit", text="Klotter på torget.", anonym="ja"))
    with house.store.read() as tx:
        case_id = tx.case_by_number("EK-2026-00001")
    fields = {"beslut": "unit", "enhet": "gata", "typ": "klagomal", "version": house.case(case_id).version}
    assert page.post(f"/arenden/{case_id}/fordela", **fields).status_code == 303
    text = page.get(f"/arenden/{case_id}/svara?brev=svar").text
    assert "ingen återkoppling är möjlig" in text
    assert "Skicka brevet" not in text


def test_somebody_else_answered_meanwhile(house, surf, case) -> None:
    page, other = surf("handlaggare"), surf("chef")
    page.get(f"/arenden/{case.id}/svara?brev=svar")
    version = house.case(case.id).version
    other.get(f"/arenden/{case.id}")
    other.post(f"/arenden/{case.id}/ta", version=version)
    answer = page.post(f"/arenden/{case.id}/svara", version=version, brev="svar", f_svar=ANSWER, gor="skicka")
    assert answer.status_code == 409
    assert "Hör gärna av dig om det dröjer." in answer.text


@pytest.mark.parametrize("kind", ["mottagning", "till_chef", "ingenting"])
def test_no_letter_a_person_may_not_send(surf, case, kind: str) -> None:
    page = surf("handlaggare")
    assert page.get(f"/arenden/{case.id}/svara?brev={kind}").status_code == 403


def test_one_variable_has_the_label_that_its_letter_gives_it(surf, case) -> None:
    page = surf("handlaggare")
    thanks, measure = (page.get(f"/arenden/{case.id}/svara?brev={kind}").text for kind in ("berom", "beslut_atgard"))
    assert "Vem som har fått tacket" in thanks
    assert "Vem som gör det" not in thanks
    assert "Vem som gör det" in measure
    assert "tacket" not in measure


def test_every_letter_of_the_list_can_be_filled_in_and_seen(house, surf, case) -> None:
    page = surf("handlaggare")
    for kind in ANSWERS:
        text = page.get(f"/arenden/{case.id}/svara?brev={kind}").text
        names = re.findall(r'name="(f_[a-z_]+)"', text)
        shown = post(page, house, case, brev=kind.value, gor="visa", **dict.fromkeys(names, "2026-12-04"))
        assert "Skicka brevet" in shown.text, kind
