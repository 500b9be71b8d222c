"""Beslut att inte lämna ut: the decision tells the law, the reasons, who decided, and how to appeal; it is kept."""

import io
from datetime import date

import pypdf
import pytest

from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.store.reads import ReadPart
from tests.desk import house as h
from tests.desk.steps import routed

LAW = "Lämna ut, eller ge besked"
WRITTEN = {
    "vad": "Brevet i ärendet",
    "omfattning": "delvis",
    "lagrum": ["23:1"],
    "skal": "Uppgifterna rör en elevs förhållanden, och det är inte klart att de kan lämnas ut utan men.",
    "beslutsfattare": "Rut Holm, registrator",
    "delegation": "enligt delegationsordningen punkt 1.4",
    "kammarratt": "goteborg",
    "till": "",
}


@pytest.fixture
def case(house):
    text = "Min son blir slagen i skolan."
    made = h.suggestion(text, h.Area.GRUNDSKOLA, 0.8, flags=((h.FlagKind.SKOLA, "Min son"),))
    return routed(house, house.letter("Slagen", text, made))


def decide(page, house, case, **changes):
    page.get(f"/arenden/{case.id}/avslag")
    sent = {**WRITTEN, "version": house.case(case.id).version, **changes}
    return page.post(f"/arenden/{case.id}/avslag", **sent)


def fetched(page, house, case):
    """The latest decision of a case as PDF, from the link on the case's page."""
    kept = papers(house, case)[-1]
    path = f"/arenden/{case.id}/beslut/{kept.id}"
    assert path in page.get(f"/arenden/{case.id}").text
    return page.get(path)


def events(house, case):
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM).events


def papers(house, case):
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM).papers


def due(house, case) -> date | None:
    """As lists have it."""
    with house.store.read() as tx:
        return tx.lines_by_id([case.id], SYSTEM)[0].due


def words(answer) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_decision_tells_the_law_the_reasons_and_how_it_is_appealed(house, surf, case) -> None:
    page = surf("registrator")
    assert f"/arenden/{case.id}/avslag" in page.get(f"/arenden/{case.id}/lamna-ut").text
    first = page.get(f"/arenden/{case.id}/avslag").text
    assert 'value="23:1" checked' in first
    assert 'value="Rut Holm, registrator"' in first
    with house.store.begin() as tx:
        tx.save_case(h.replace(house.case(case.id), track="Begäran om allmän handling", deadlines=()))
    assert (due(house, case), LAW in page.get(f"/arenden/{case.id}").text) == (date(2026, 11, 27), True)
    assert decide(page, house, case).headers["location"] == f"/arenden/{case.id}#beslut"
    # What waits from now on is the decision, with days of its own.
    assert (due(house, case), LAW in page.get(f"/arenden/{case.id}").text) == (None, False)
    answer = fetched(page, house, case)
    assert answer.headers["content-type"] == "application/pdf"
    told = words(answer)
    for said in (
        "Kommunstyrelsen lämnar inte ut en del av det som du har begärt",
        "OSL 23 kap. 1–3 §§",
        "det är inte klart att de kan lämnas ut",
        "Rut Holm, registrator, enligt delegationsordningen punkt 1.4",
        "Kammarrätten i Göteborg",
        "lämna eller skicka överklagandet till Kommunstyrelsen",
        "inom tre veckor från den dag då du fick del av beslutet",
        "26 november 2026",
        house.case(case.id).registry_number,
    ):
        assert said in told, said


def test_the_whole_decision_is_kept_in_the_journal(house, surf, case) -> None:
    decide(surf("registrator"), house, case)
    event = events(house, case)[-1]
    assert (event.kind, event.actor) == (EventKind.REFUSED, "registrator")
    for said in (WRITTEN["vad"], WRITTEN["skal"], "Rut Holm", "Kammarrätten i Göteborg", "OSL 23 kap. 1–3 §§"):
        assert said in event.text


def test_an_open_case_in_which_something_is_secret_is_entered_in_the_diary(house, surf) -> None:
    """OSL 5:1: what holds a secret is registered, and a decision is a document of the authority's own."""
    lamp = routed(house, h.lamp(house))
    assert not house.case(lamp.id).registry_number
    page = surf("registrator")
    decide(page, house, lamp, omfattning="helt", lagrum=["21:1", "39:3"])
    told, number = words(fetched(page, house, lamp)), house.case(lamp.id).registry_number
    assert number and number in told
    assert "lämnar inte ut det som du har begärt" in told
    # One that has no unit yet is entered once it has.
    new = h.lamp(house)
    assert "förs in i diariet när det har fördelats" in page.get(f"/arenden/{new.id}/avslag").text
    decide(page, house, new, lagrum=["21:1"])
    assert not house.case(new.id).registry_number
    assert routed(house, new).registry_number


def test_the_decision_is_a_handling_of_the_case_and_is_fetched_again_as_it_was(house, surf, case) -> None:
    """A copy of what was handed out is kept; a letter more in the case changes neither its number nor its words."""
    page = surf("registrator")
    decide(page, house, case)
    (kept,) = papers(house, case)
    first = fetched(page, house, case).content
    assert f"Handling {kept.number}" in page.get(f"/arenden/{case.id}").text
    assert f"Handling {kept.number}." in events(house, case)[-1].text
    decide(page, house, case)
    assert fetched(page, house, case).content != first
    again = page.get(f"/arenden/{case.id}/beslut/{kept.id}")
    assert again.content == first
    assert again.headers["content-disposition"].startswith("inline; ")
    assert [one.number for one in papers(house, case)] == [kept.number, kept.number + 1]
    documents = page.get(f"/arenden/{case.id}/lamna-ut").text
    assert documents.count("Beslut om att inte lämna ut allmän handling") >= 2


def test_a_form_sent_twice_is_one_decision(house, surf, case) -> None:
    page = surf("registrator")
    version = house.case(case.id).version
    decide(page, house, case, version=version)
    assert decide(page, house, case, version=version).status_code == 409
    assert len(papers(house, case)) == 1


def test_the_decision_is_read_by_those_who_may_read_the_case(house, surf, case) -> None:
    lamp = routed(house, h.lamp(house))
    for one in (case, lamp):
        decide(surf("registrator"), house, one)
    of_school, of_lamp = (f"/arenden/{one.id}/beslut/{papers(house, one)[0].id}" for one in (case, lamp))
    worker = surf("handlaggare")
    assert worker.get(of_lamp).status_code == 200
    assert worker.get(of_school).status_code == 404
    # A case one may read opens no other's decisions.
    assert worker.get(f"/arenden/{lamp.id}/beslut/{papers(house, case)[0].id}").status_code == 404
    with house.store.read() as tx:
        assert ReadPart.SENT not in [line.part for line in tx.reads()]
    surf("registrator").get(of_school)
    with house.store.read() as tx:
        assert tx.reads()[0].part is ReadPart.SENT


def test_an_erased_case_keeps_no_decision(house, surf, case) -> None:
    decide(surf("registrator"), house, case)
    path = f"/arenden/{case.id}/beslut/{papers(house, case)[0].id}"
    with house.store.begin() as tx:
        letters = tx.case_file(case.id, SYSTEM).letters
        assert tx.erase_case(case.id, "ab" * 16, h.NOW).letters_out == len(letters) + 1
    assert papers(house, case) == ()
    assert surf("registrator").get(path).status_code == 404


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"vad": ""}, "Skriv vad den som frågar har begärt."),
        ({"lagrum": []}, "Välj det lagrum"),
        ({"lagrum": ["99:9"]}, "Välj det lagrum"),
        ({"skal": ""}, "Skriv skälen."),
        ({"beslutsfattare": ""}, "Skriv vem som har fattat beslutet."),
        ({"kammarratt": "x"}, "Välj den kammarrätt"),
    ],
)
def test_a_decision_that_lacks_something_is_none(house, surf, case, missing, said) -> None:
    answer = decide(surf("registrator"), house, case, **missing)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="fel"' in answer.text
    assert missing.get("skal", WRITTEN["skal"]) in answer.text
    assert EventKind.REFUSED not in [event.kind for event in events(house, case)]
    assert papers(house, case) == ()


def test_who_may_not_hand_out_may_not_refuse(house, surf, case) -> None:
    lamp = routed(house, h.lamp(house))
    worker = surf("handlaggare")
    assert worker.get(f"/arenden/{lamp.id}").status_code == 200
    for one in (case, lamp):
        assert worker.get(f"/arenden/{one.id}/avslag").status_code in (403, 404)
        assert decide(worker, house, one).status_code in (403, 404)
