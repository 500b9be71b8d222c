"""A case by telephone or visit, in one form."""

import re
from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.people.access import SYSTEM
from cases.post.plan import owed
from desk.present import sender_within
from tests.desk import house as h
from tests.steps.house import ScriptedModel


def test_a_case_by_phone_in_one_form(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    fields = {"kanal": "phone", "text": "Soporna är inte hämtade.\nTredje veckan.", "namn": "Anna Frid"}
    data = {"csrf": page.token, **fields, "telefon": "070-000 00 00", "nar": "2026-11-26T09:10"}
    refused = page.client.post(
        "/nytt", data=data, files=[("filer", (f"{n}.png", h.PNG, "image/png")) for n in range(11)]
    )
    assert "Högst 10 filer och 15 MB tillsammans. Välj färre" in refused.text
    answer = page.client.post("/nytt", data=data, files=[("filer", ("sopor.png", h.PNG, "image/png"))])
    text = page.follow(answer).text
    assert re.search(r'/bilagor/[^"]+">sopor\.png</a>', text)
    for words in ("Soporna är inte hämtade.", "Anna Frid", "Telefon", "Antecknat av Rut Holm."):
        assert words in text


def test_a_scanned_letter_is_read_before_it_has_a_suggestion(house, app, surf) -> None:
    """*Se bifogat brev* was suggested to the chancery, all but sure, one key from being routed there."""
    app.state.desk = replace(app.state.desk, classifier=ScriptedModel())
    page, found = surf("registrator"), []
    for text in ("Se bifogat brev.", "Gatlyktan på Lingonstigen är släckt. " * 6):
        page.get("/nytt")
        data = {"csrf": page.token, "kanal": "letter", "text": text, "namn": "Gösta Lind", "adress": "Dammgatan 3"}
        answer = page.client.post("/nytt", data=data, files=[("filer", ("brev.pdf", b"%PDF-1.7", "application/pdf"))])
        found.append(house.case(answer.headers["location"].rpartition("/")[2]).status)
    assert found == [CaseStatus.RECEIVED, CaseStatus.SUGGESTED]


def test_an_anonymous_visitor_leaves_no_trace_and_gets_no_answer(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    fields = {"kanal": "visit", "text": "Någon klottrar på torget.", "anonym": "ja", "namn": "Hemlig Person"}
    text = page.follow(page.post("/nytt", **fields)).text
    assert "ingen återkoppling är möjlig" in text
    assert "Hemlig Person" not in text


def test_nobody_is_reminded_to_answer_a_caller_who_said_nothing_of_themselves(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    assert (
        "ingen återkoppling är möjlig" in page.follow(page.post("/nytt", kanal="phone", text="Gungan är trasig.")).text
    )
    with house.store.read() as tx:
        assert owed(tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM)) is None


def test_a_name_alone_will_do_where_the_answer_goes_back_the_way_it_came(surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    text = page.follow(page.post("/nytt", kanal="facebook", text="Gungan är trasig.", namn="Anna Frid")).text
    assert "ingen återkoppling är möjlig" not in text


def test_who_gave_no_name_is_not_called_anonymous_in_a_list(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    page.post("/nytt", kanal="phone", text="Gungan är trasig.", epost="anna@frid.example")
    for path in ("/att-fordela", "/diarium"):
        text = page.get(path).text
        assert "Utan namn" in text
        assert "Anonym" not in text


def test_a_heading_that_begins_with_what_one_does_says_the_sender_where_no_name_is_known(house) -> None:
    case = h.lamp(house)
    assert sender_within(case) == case.sender.name
    for sender in (replace(case.sender, name="", email=""), replace(case.sender, anonymous=True)):
        assert sender_within(replace(case, sender=sender)) == "avsändaren"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "Skriv vad saken gäller."),
        ({"kanal": "duva"}, "Välj hur det kom in."),
        ({"nar": "2026-11-27T09:00"}, "ligger framåt i tiden"),
        ({"epost": "anna@frid, ond@x.example"}, "ser inte rätt ut"),
        ({"telefon": ""}, "Skriv hur Anna Frid kan nås, så att svaret kommer fram, eller kryssa i Anonym."),
    ],
)
def test_a_case_by_hand_that_lacks_something_comes_back_filled_in(surf, changes, words: str) -> None:
    page = surf("handlaggare")
    page.get("/nytt")
    answer = page.post(
        "/nytt", **{"kanal": "phone", "text": "Något", "namn": "Anna Frid", "telefon": "070-000 00 00", **changes}
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "Anna Frid" in answer.text


def test_one_who_may_not_read_the_new_case_is_told_it_is_kept(surf, house) -> None:
    page = surf("skolhandlaggare")
    page.get("/nytt")
    text = page.follow(page.post("/nytt", kanal="visit", text="Gungan är trasig.")).text
    assert "Registratorn fördelar det." in text
    assert house.waiting() == 1
