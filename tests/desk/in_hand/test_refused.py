"""A form that is refused: the field is marked and told of where it stands, and nothing that was typed is lost."""

import re
from html import unescape

import pytest

from cases.case import CaseStatus
from cases.routing.flags import FlagKind
from desk import problems
from desk.case.opening import open_file
from tests.desk import house as h
from tests.desk.steps import routed, step

TOLD = "Ringde Berit Alm på torsdagen och berättade när lampan byts."


def marked(page: str) -> tuple[str, str]:
    """The id of the one field that is marked as wrong, and the words beside it."""
    fields = [tag for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page) if 'aria-invalid="true"' in tag]
    assert len(fields) == 1, fields
    assert re.search(r'aria-describedby="fel[ "]', fields[0]), fields[0]
    said = re.findall(r'(?s)id="fel">(.*?)</strong>', page)
    assert len(said) == 1
    words = unescape(re.sub(r"<[^>]+>", "", said[0])).strip()
    on_top = unescape(re.search(r'id="hinder">.*?<span>(.*?)(?:<a|</span>)', page, re.DOTALL)[1]).strip()
    assert words == on_top
    return re.search(r' id="([^"]+)"', fields[0])[1], words


ON_CASE = [
    ("lyft", {"form": "lyft", "skal": " "}, "l-skal", "Skriv varför"),
    ("lamna-tillbaka", {"form": "tillbaka", "skal": ""}, "b-skal", "Skriv varför"),
    ("muntligt-svar", {"form": "muntligt", "utfall": "acted", "hur": ""}, "o-hur", "Skriv hur och när"),
    ("muntligt-svar", {"form": "muntligt", "utfall": "kanske", "hur": TOLD}, "o-utfall", "Välj hur det gick"),
    ("lage", {"form": "lage", "hur": ""}, "lg-hur", "Skriv hur och när"),
    ("tilldela", {"form": "tilldela", "person": ""}, "t-person", "Välj en person"),
    ("koppla", {"form": "koppla", "nummer": "EK-9"}, "k-nummer", "inget ärende med det numret"),
    ("sla-ihop", {"form": "sla-ihop", "nummer": "EK-9"}, "si-nummer", "inget ärende med det numret"),
    ("anteckna", {"form": "anteckna", "text": "  "}, "anteckning", "Anteckningen är tom"),
]


@pytest.mark.parametrize(("path", "fields", "where", "words"), ON_CASE, ids=[f"{p}-{w}" for p, _, w, _ in ON_CASE])
def test_a_refused_act_is_told_of_at_its_field(house, surf, path: str, fields: dict, where: str, words: str) -> None:
    answer = step(surf("chef"), house, routed(house, h.lamp(house)), path, **fields)
    assert answer.status_code == 422
    found, said = marked(answer.text)
    assert found == where
    assert words in said
    # Without a script the words on top lead there.
    to = re.search(r'id="hinder">.*?<a href="#([^"]+)"', answer.text, re.DOTALL)[1]
    assert f'id="{to}"' in answer.text


ROUTING = {"form": "fordela", "enhet": "gata", "typ": "klagomal"}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"beslut": "special_track"}, "ordning"),
        ({"beslut": "not_a_case"}, "orsak"),
        ({"beslut": "unit", "enhet": "", "annan_enhet": ""}, "annan_enhet"),
    ],
)
def test_a_refused_routing_is_told_of_at_its_field(house, surf, fields: dict, where: str) -> None:
    answer = step(surf("registrator"), house, h.lamp(house), "fordela", **{**ROUTING, **fields})
    assert answer.status_code == 422
    assert marked(answer.text)[0] == where


ELSEWHERE = [
    ("registrator", "/nytt", {"kanal": "phone", "text": ""}, "text"),
    ("registrator", "/nytt", {"kanal": "phone", "text": TOLD, "nar": "2030-01-01T10:00"}, "nar"),
    ("registrator", "/nytt", {"kanal": "phone", "text": TOLD, "epost": "berit"}, "epost"),
    ("registrator", "/nytt", {"kanal": "duva", "text": TOLD}, "k-phone"),
    ("handlaggare", "/borta", {"ersattare": "chef", "forsta": "i morgon", "sista": "2026-12-01"}, "b-forsta"),
    ("handlaggare", "/borta", {"ersattare": "chef", "forsta": "2026-12-01", "sista": ""}, "b-sista"),
    ("handlaggare", "/borta", {"ersattare": "", "forsta": "2026-12-01", "sista": "2026-12-02"}, "b-ersattare"),
    (
        "handlaggare",
        "/borta",
        {"ersattare": "skolhandlaggare", "forsta": "2026-12-01", "sista": "2026-12-02"},
        "b-ersattare",
    ),
    ("handlaggare", "/borta", {"ersattare": "chef", "forsta": "2026-12-02", "sista": "2026-12-01"}, "b-sista"),
    ("handlaggare", "/borta", {"ersattare": "chef", "forsta": "2026-11-01", "sista": "2026-11-02"}, "b-sista"),
    ("handlaggare", "/borta", {"ersattare": "chef", "forsta": "2026-12-01", "sista": "2028-12-01"}, "b-sista"),
    (
        "chef",
        "/borta",
        {"vem": "skolhandlaggare", "ersattare": "handlaggare", "forsta": "2026-12-01", "sista": "2026-12-02"},
        "b-vem",
    ),
    ("chef", "/overlamning", {"fran": "", "till": "siv"}, "o-fran"),
    ("chef", "/overlamning", {"fran": "skolhandlaggare", "till": "handlaggare"}, "o-fran"),
    ("admin", "/overlamning", {"fran": "handlaggare", "till": ""}, "o-till"),
    ("admin", "/overlamning", {"fran": "handlaggare", "till": "handlaggare"}, "o-till"),
    ("admin", "/personer/ny", {"namn": "", "epost": "ny@ekdala.example"}, "namn"),
    ("admin", "/personer/ny", {"namn": "Ny", "epost": "ny"}, "epost"),
    ("admin", "/personer/ny", {"namn": "Ny", "epost": "chef@ekdala.example"}, "epost"),
    ("admin", "/konto/losenord", {"nuvarande": "fel"}, "nuvarande"),
    ("admin", "/konto/losenord", {"nuvarande": h.PASSWORD, "losenord": "a", "losenord_igen": "b"}, "losenord_igen"),
    ("admin", "/konto/losenord", {"nuvarande": h.PASSWORD, "losenord": "a", "losenord_igen": "a"}, "losenord"),
]


@pytest.mark.parametrize(("who", "path", "fields", "where"), ELSEWHERE, ids=[f"{p}-{w}" for _, p, _, w in ELSEWHERE])
def test_a_refused_form_is_told_of_at_its_field(house, surf, who: str, path: str, fields: dict, where: str) -> None:
    page = surf(who)
    page.get(path)
    answer = page.post(path, **fields)
    assert answer.status_code == 422
    assert marked(answer.text)[0] == where
    assert '<a href="#fel">' in answer.text, "without a script the words on top lead there"


def test_a_last_day_that_is_no_day_is_told_of_at_its_field(house, surf) -> None:
    page = surf("admin")
    page.get("/personer/handlaggare")
    answer = page.post("/personer/handlaggare/slutar", form="slutar", sista_dag="i maj")
    assert answer.status_code == 422
    assert marked(answer.text)[0] == "sista_dag"
    assert f'value="{h.PEOPLE["handlaggare"].name}"' in answer.text, "the other form of the page is as it was"


PARTS = {"rubrik_2": "Halt", "enhet_2": "gata", "text_2": "Mörkt och halt."}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "rubrik_1"),
        (PARTS | {"rubrik_2": ""}, "rubrik_2"),
        (PARTS | {"text_2": ""}, "text_2"),
        (PARTS | {"enhet_2": ""}, "enhet_2"),
        (PARTS | {"enhet_3": "va"}, "rubrik_3"),
    ],
)
def test_a_refused_part_of_a_letter_is_told_of_at_its_field(house, surf, fields: dict, where: str) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/dela")
    answer = page.post(f"/arenden/{case.id}/dela", version=house.case(case.id).version, **fields)
    assert answer.status_code == 422
    assert marked(answer.text)[0] == where


@pytest.mark.parametrize(("fields", "where"), [({"ratt": ""}, "ratt"), ({"ratt": "Berit", "skal": ""}, "skal")])
def test_a_refused_correction_is_told_of_at_its_field(house, surf, fields: dict, where: str) -> None:
    case = h.lamp(house)
    answer = step(surf("registrator"), house, case, "ratta", **{"vad": "name", "skal": "Felstavat", **fields})
    assert answer.status_code == 422
    assert marked(answer.text)[0] == where


def test_what_a_letter_lacks_is_told_of_at_each_field(house, surf) -> None:
    case = routed(house, h.lamp(house))
    fields = {"brev": "komplettera", "satt": "mejl", "gor": "skicka", "f_fraga": "Vilken lykta?"}
    answer = step(surf("handlaggare"), house, case, "svara", **fields)
    assert answer.status_code == 422
    assert re.search(r'id="f_svarsdatum"[^>]* aria-invalid="true" aria-describedby="f_svarsdatum-fel', answer.text)
    assert 'id="f_svarsdatum-fel"' in answer.text
    assert "f_fraga-fel" not in answer.text
    assert "Vilken lykta?" in answer.text


def test_what_a_colleague_made_impossible_gives_the_text_back_and_says_what_happened(house, surf) -> None:
    case = routed(house, h.lamp(house))
    chef, worker = surf("chef"), surf("handlaggare")
    worker.get(f"/arenden/{case.id}")
    seen = house.case(case.id).version
    assert step(chef, house, case, "muntligt-svar", utfall="acted", hur="Ringde.").status_code == 303
    assert step(chef, house, case, "avsluta").status_code == 303
    answer = worker.post(f"/arenden/{case.id}/muntligt-svar", version=seen, utfall="acted", hur=TOLD, form="muntligt")
    assert answer.status_code == 409
    assert TOLD in answer.text
    assert "Gustav Vik" in answer.text
    assert house.case(case.id).status is CaseStatus.CLOSED


def test_whom_a_flag_shut_out_while_they_wrote_gets_the_text_back(house, surf) -> None:
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")
    assert step(surf("registrator"), house, case, "markera", flagga=FlagKind.HALSA).status_code == 303
    text = "Lampan byts i morgon, säger driftgruppen."
    for path, field in (("anteckna", "text"), ("svara", "f_svar")):
        answer = page.post(f"/arenden/{case.id}/{path}", version=case.version, **{field: text})
        assert answer.status_code == 404
        assert text in answer.text
        assert f'href="/arenden/{case.id}"' not in answer.text


def test_who_was_slower_than_a_flag_and_is_shut_out_by_it_gets_the_text_back(house, surf, monkeypatch) -> None:
    case = routed(house, h.lamp(house))
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")

    def flagged_first(person, case_id):
        step(surf("registrator"), house, case, "markera", flagga=FlagKind.HALSA)
        return open_file(person, case_id)

    monkeypatch.setattr(problems, "open_file", flagged_first)
    fields = {"utfall": "acted", "hur": TOLD, "form": "muntligt"}
    answer = page.post(f"/arenden/{case.id}/muntligt-svar", version=case.version - 1, **fields)
    assert answer.status_code == 404
    assert TOLD in answer.text


def test_who_may_not_gets_the_text_back_and_a_way_to_the_case(house, surf) -> None:
    case = routed(house, h.lamp(house))
    worker = surf("handlaggare")
    flags = {"flagga": FlagKind.HALSA, "form": "lasare", "person": "chef"}
    answer = step(worker, house, case, "lasare", **flags, skal=TOLD)
    assert answer.status_code == 403
    assert TOLD in answer.text
    assert f'href="/arenden/{case.id}">Till ärendet' in answer.text
    stale = worker.client.post(f"/arenden/{case.id}/anteckna", data={"csrf": "gammal", "text": "Ringt."})
    assert (stale.status_code, f'href="/arenden/{case.id}">Till ärendet' in stale.text) == (403, True)


def test_ids_are_not_given_back_as_something_one_typed(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    answer = page.client.post("/att-fordela/bekrafta", data={"csrf": "gammal", "val": f"{case.id}:1"})
    assert answer.status_code == 403
    assert "Det du skrev" not in answer.text
    assert case.id not in answer.text
