"""Registerutdrag and rättelse: the person's own, others masked, only what one may read, all in the journal."""

import io
import json
import re
import zipfile
from dataclasses import replace

import pytest

from cases.journal import CaseEvent, EventKind
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM
from cases.records.masking import PersonalKind, PersonalSpan
from cases.records.personal_data import OTHERS, Extract, mask_others, told
from cases.records.registered import Person
from cases.routing.flags import FlagKind
from cases.store.reads import ReadPart
from cases.store.views import StoredMessage
from classifier.personal.masking import LetterMasker
from reports.extract import extract_package
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.steps import routed


class Names:
    """Finds two names, whosever they are."""

    def find(self, text: str):
        return [
            PersonalSpan(m.start(), m.end(), PersonalKind.NAME)
            for m in re.finditer(r"Berit Alm|Rektor Sigrid Ö|Sigrid Ö", text)
        ]

    def mask(self, text: str) -> str:
        return text


NILS = {"from_name": "Nils Ros", "from_addr": "nils@post.example"}
TEXT = "Hej, jag heter Berit Alm. Jag pratade med Sigrid Ö om lampan."


@pytest.fixture
def case(house):
    made = h.suggestion(TEXT, h.Area.GATA_PARK, 0.9)
    return routed(house, house.letter("Lampan", TEXT, made, attachments=(h.picture(),)))


@pytest.fixture
def surf(house):
    app = make_app(house, masker=Names(), extract_package=lambda made, now: extract_package(made, "Ekdala kommun", now))
    return lambda who: Surfer(app, who)


def unzip(answer) -> dict[str, bytes]:
    assert answer.headers["content-type"] == "application/zip", answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def events(house, case, kind: EventKind) -> list[str]:
    with house.store.read() as tx:
        return [event.text for event in tx.case_file(case.id, SYSTEM).events if event.kind is kind]


def test_an_extract_has_the_persons_own_words_and_no_other_person(surf, house, case) -> None:
    page = surf("registrator")
    assert case.number in page.get("/utdrag?epost=BERIT@mejl.example").text
    files = unzip(page.post("/utdrag", epost="berit@mejl.example", arende=case.id))
    assert set(files) == {"utdrag.html", "utdrag.json"}
    told = json.loads(files["utdrag.json"])
    (one,) = told["ärenden"]
    assert one["brev in"][0]["text"] == "Hej, jag heter Berit Alm. Jag pratade med [namn] om lampan."
    assert one["brev in"][0]["bilagor"][0]["namn"] == "kran.png"
    assert one["avsändare"]["e-post"] == "berit@mejl.example"
    assert told["om behandlingen"]["Rättslig grund"].startswith("Uppgift av allmänt intresse")
    html = files["utdrag.html"].decode()
    assert "jag heter Berit Alm" in html
    assert "Sigrid" not in html
    assert events(house, case, EventKind.EXTRACTED) == [
        "Lämnat till den som uppgifterna rör (GDPR artikel 15), andra personer är maskerade."
    ]


def test_others_go_along_only_with_a_reason(surf, house, case) -> None:
    page = surf("registrator")
    page.get("/utdrag?epost=berit@mejl.example")
    refused = page.post("/utdrag", epost="berit@mejl.example", arende=case.id, omaskerat="ja")
    assert refused.status_code == 422
    assert "Skriv varför" in refused.text
    assert 'id="omaskerat" value="ja" checked' in refused.text, "else the next press hands out less than was asked for"
    assert events(house, case, EventKind.EXTRACTED) == []
    files = unzip(page.post("/utdrag", epost="berit@mejl.example", arende=case.id, omaskerat="ja", skal="Fullmakt"))
    assert "Sigrid Ö" in files["utdrag.html"].decode()
    assert files[f"bilagor/{case.number}/1 kran.png"] == h.PNG
    assert "andra personer är kvar: Fullmakt" in events(house, case, EventKind.EXTRACTED)[0]


def test_nothing_ticked_and_cases_of_others_make_no_extract(surf, house, case) -> None:
    other = routed(house, h.lamp(house, from_name="Nils Ros", from_addr="nils@post.example"))
    page = surf("registrator")
    page.get("/utdrag?epost=berit@mejl.example")
    for chosen in ({}, {"arende": other.id}, {"arende": "finns inte"}):
        answer = page.post("/utdrag", epost="berit@mejl.example", **chosen)
        assert answer.status_code == 422
        assert "Kryssa i vilka ärenden" in answer.text
    assert events(house, other, EventKind.EXTRACTED) == []


def test_a_search_for_nobody_says_what_is_missing(surf) -> None:
    page = surf("registrator")
    page.get("/utdrag")
    answer = page.post("/utdrag", gor="hitta", epost=" ")
    assert answer.status_code == 422
    assert "Fyll i minst en uppgift om personen." in answer.text


def test_a_unit_registrator_finds_only_what_they_may_read(surf, house, case) -> None:
    school = routed(house, h.school(house))
    assert school.number in surf("registrator").get("/utdrag?namn=nils").text
    assert school.number not in surf("gataregistrator").get("/utdrag?namn=nils").text
    assert case.number in surf("gataregistrator").get("/utdrag?namn=berit+alm").text
    assert surf("handlaggare").get("/utdrag").status_code == 403
    assert surf("admin").get("/utdrag?namn=berit").status_code == 403


def test_a_protected_case_that_goes_out_is_in_the_log_of_readings(surf, house) -> None:
    school = routed(house, h.school(house))
    page = surf("registrator")
    page.get("/utdrag?epost=nils@post.example")
    unzip(page.post("/utdrag", epost="nils@post.example", arende=school.id))
    with house.store.read() as tx:
        assert [(row.user_id, row.case_number, row.part) for row in tx.reads()] == [
            ("registrator", school.number, ReadPart.EXTRACT)
        ]


def test_a_persons_own_words_stay_whatever_the_masker_finds() -> None:
    own = Person("berit@mejl.example", "Berit Alm").words
    assert mask_others("Berit Alm och Sigrid Ö", own, Names()) == "Berit Alm och [namn]"
    assert mask_others("Sigrid Ö", own, None) == "Sigrid Ö"


def test_who_wrote_in_anothers_case_is_told_nothing_of_the_other(house, case) -> None:
    """Art. 15.4: the case is found because Nils wrote in it, but its sender and her letters are not his data."""
    with house.store.read() as tx:
        file = tx.case_file(case.id, SYSTEM)
    note = CaseEvent("e", case.id, h.NOW, "rut", EventKind.NOTE, "Ringde om hennes sjukdom.")
    mine = StoredMessage("n", case.id, h.NOW, h.inbound("Sv", "Jag såg det.", 9, **NILS), "", outsider=True)
    both = replace(file, messages=(*file.messages, mine), events=(*file.events, note))
    one = told(both, Person("nils@post.example"), house.office.organisation, Names())
    assert [letter["text"] for letter in one["brev in"]] == [OTHERS, "Jag såg det."]
    assert not re.search("Berit|berit@|lampan|kran|Lampan|sjukdom", str(one)), one
    assert {letter["till"] for letter in one["brev ut"]} == {"någon annan"}
    hers = told(both, Person("berit@mejl.example"), house.office.organisation, Names())
    assert [letter["text"] for letter in hers["brev in"]][1] == OTHERS
    assert "sjukdom" in str(hers["händelser"])
    assert "berit@mejl.example" in str(told(both, Person("nils@post.example"), house.office.organisation, None))


def test_whom_else_a_letter_went_to_is_not_told(house, case) -> None:
    with house.store.read() as tx:
        file = tx.case_file(case.id, SYSTEM)
    sent = next(one for one in file.letters if one.for_citizen)
    copy = replace(sent, recipient="sigrid@post.example", letter=replace(sent.letter, subject="Till Sigrid Östlund"))
    asked = replace(file, letters=(sent, copy)), Person("berit@mejl.example"), house.office.organisation
    out = told(*asked, LetterMasker())["brev ut"]
    assert [one["till"] for one in out] == ["berit@mejl.example", "[e-post]"]
    assert "Sigrid" not in str(out)
    assert "sigrid@post.example" in str(told(*asked, None)["brev ut"])


def test_a_correction_is_seen_and_erases_nothing(surf, house, case) -> None:
    page = surf("registrator")
    assert f"/arenden/{case.id}/ratta" in page.get(f"/arenden/{case.id}").text
    page.get(f"/arenden/{case.id}/ratta")
    version = house.case(case.id).version
    fields = {"vad": "name", "ratt": "Berit Ahlm", "skal": "Felstavat.", "version": version}
    text = page.follow(page.post(f"/arenden/{case.id}/ratta", **fields)).text
    assert house.case(case.id).sender.name == "Berit Ahlm"
    said = "Avsändarens namn: ”Berit Alm” är rättat till ”Berit Ahlm”. Skäl: Felstavat."
    assert said in text
    assert events(house, case, EventKind.CORRECTED) == [said]
    assert page.post(f"/arenden/{case.id}/ratta", **fields).status_code == 409


def test_letters_go_to_the_address_that_was_put_right(surf, house, case) -> None:
    """What waits leaves for it by itself, and what bounced when it is sent again; the wrong one may be another's."""
    with house.store.begin() as tx:
        first, later = (e for e in tx.letters_of(case.id) if not e.internal)
        tx.update_entry(replace(first, status=OutboxStatus.BOUNCED, error="Adressen finns inte."))
        staff = [e.recipient for e in tx.letters_of(case.id) if e.internal]
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/ratta")
    fields = {
        "vad": "email",
        "ratt": "berit@post.example",
        "skal": "Felstavat.",
        "version": house.case(case.id).version,
    }
    page.post(f"/arenden/{case.id}/ratta", **fields)
    with house.store.read() as tx:
        assert tx.get_entry(later.id).recipient == "berit@post.example"
        assert tx.get_entry(first.id).recipient == "berit@mejl.example", "it did go there"
        assert [e.recipient for e in tx.letters_of(case.id) if e.internal] == staff
    page.post(f"/arenden/{case.id}/brev/{first.id}/igen")
    with house.store.read() as tx:
        assert tx.get_entry(first.id).recipient == "berit@post.example"


def test_where_a_protected_person_lives_is_not_in_the_note(surf, house) -> None:
    flags = ((h.FlagKind.SKYDDAD_IDENTITET, "skyddade personuppgifter"),)
    case = routed(house, house.letter("Adress", h.SECRET, h.suggestion(h.SECRET, h.Area.GATA_PARK, 0.9, flags=flags)))
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/ratta")
    fields = {"vad": "address", "ratt": "Hemliga gatan 1", "skal": "Flyttat.", "version": house.case(case.id).version}
    page.follow(page.post(f"/arenden/{case.id}/ratta", **fields))
    assert house.case(case.id).sender.address == "Hemliga gatan 1"
    assert events(house, case, EventKind.CORRECTED) == ["Avsändarens postadress är rättad. Skäl: Flyttat."]


def test_a_correction_needs_what_is_right_and_why_and_a_registrator(surf, house, case) -> None:
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/ratta")
    version = house.case(case.id).version
    answer = page.post(f"/arenden/{case.id}/ratta", vad="name", ratt="X", skal="", version=version)
    assert "Skriv vad som är rätt" in answer.text
    assert surf("handlaggare").get(f"/arenden/{case.id}/ratta").status_code == 403
    assert house.case(case.id) == replace(house.case(case.id), version=version)


def test_a_whistle_blowers_case_is_not_offered_to_a_chef(surf, house) -> None:
    text = "Min chef tar mutor."
    made = h.suggestion(text, h.Area.GATA_PARK, 0.9, flags=((FlagKind.VISSELBLASNING, text),))
    case, page = house.letter("Internt", text, made), surf("vissel")
    page.get(f"/arenden/{case.id}")
    fields = {"beslut": "unit", "enhet": "gata", "typ": "klagomal", "flagga": FlagKind.VISSELBLASNING}
    version = house.case(case.id).version
    assert page.post(f"/arenden/{case.id}/fordela", version=version, **fields).status_code == 303
    shown = page.get(f"/arenden/{case.id}").text
    assert "Tilldela" in shown
    assert "Lyft till chef" not in shown


def test_who_receives_whistle_blowing_puts_its_details_right(surf, house) -> None:
    text = "Min chef tar mutor."
    made = h.suggestion(text, h.Area.GATA_PARK, 0.9, flags=((FlagKind.VISSELBLASNING, text),))
    case = house.letter("Internt", text, made)
    page = surf("vissel")
    assert f"/arenden/{case.id}/ratta" in page.get(f"/arenden/{case.id}").text
    page.get(f"/arenden/{case.id}/ratta")
    fields = {"vad": "name", "ratt": "B. Alm", "skal": "Fel.", "version": house.case(case.id).version}
    assert page.post(f"/arenden/{case.id}/ratta", **fields).status_code == 303
    assert house.case(case.id).sender.name == "B. Alm"
    assert surf("registrator").get(f"/arenden/{case.id}/ratta").status_code == 404


@pytest.mark.parametrize("wrong", ["berit", "berit@mejl", "berit alm@mejl.example", "synpunkter@ekdala.example"])
def test_an_address_that_is_none_or_ours_is_no_correction(surf, house, case, wrong: str) -> None:
    page = surf("registrator")
    page.get(f"/arenden/{case.id}/ratta")
    before = house.case(case.id)
    answer = page.post(f"/arenden/{case.id}/ratta", vad="email", ratt=wrong, skal="Fel.", version=before.version)
    assert answer.status_code == 422
    assert '<option value="email" selected>' in answer.text
    assert f">{wrong}</textarea>" in answer.text, "nobody types it again"
    assert house.case(case.id) == before


def test_who_is_only_mentioned_is_offered_to_be_looked_at_and_gets_the_sentences(house, surf) -> None:
    """GDPR art. 15 is of all data about the person, also what others wrote."""
    text = "Jag heter Berit Alm. Nils Ros skötte lampan dåligt. Grannen mår illa."
    case = routed(house, house.letter("Lampan", text, h.suggestion(text, h.Area.GATA_PARK, 0.9)))
    page = surf("registrator")
    found = page.get("/utdrag?namn=Nils+Ros").text
    assert "Är personen nämnd i andras ärenden?" in found
    assert not re.search(rf'value="{case.id}" checked', found)
    answer = page.post("/utdrag", namn="Nils Ros", arende=[case.id])
    written = " ".join(one.decode("utf-8", "replace") for name, one in unzip(answer).items() if name.endswith(".json"))
    assert "Nils Ros skötte lampan dåligt." in written
    assert "Grannen" not in written and "Berit" not in written
    assert "nämnd" not in page.get("/utdrag?namn=Nils").text, "a first name alone is nobody"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ({"personnummer": "121212-1212"}, "19121212-1212"),
        ({"personnummer": "19121212-1212"}, "1212121212"),
        ({"adress": "Ekgatan 7, 280 00 Ekdala"}, "okänt nummer"),
    ],
    ids=str,
)
def test_who_is_mentioned_by_number_or_address_is_offered_too(house, surf, asked, written: str) -> None:
    """Dataskyddslagen 3:10: the number is looked for since its owner asks; it stands in no address of a page."""
    text = f"Grannen med {written} på Ekgatan 7 kastar skräp. En annan heter Sigrid Ö."
    case = routed(house, house.letter("Skräp", text, h.suggestion(text, h.Area.GATA_PARK, 0.9)))
    page = surf("registrator")
    page.get("/utdrag")
    found = page.post("/utdrag", gor="hitta", **asked).text
    assert "Är personen nämnd i andras ärenden?" in found
    (told,) = json.loads(unzip(page.post("/utdrag", arende=[case.id], **asked))["utdrag.json"])["ärenden"]
    (letter,) = told["brev in"]
    assert letter["här är du nämnd"] == f"Grannen med {written} på Ekgatan 7 kastar skräp."
    assert "Sigrid" not in str(told)


def test_another_number_or_house_is_nobody(house, surf) -> None:
    text = "Grannen med 121212-1212 på Ekgatan 7 kastar skräp."
    routed(house, house.letter("Skräp", text, h.suggestion(text, h.Area.GATA_PARK, 0.9)))
    page = surf("registrator")
    page.get("/utdrag")
    for asked in ({"personnummer": "121212-1213"}, {"adress": "Ekgatan 77"}, {"adress": "Ekgatan"}):
        assert "nämnd" not in page.post("/utdrag", gor="hitta", **asked).text


def test_the_persons_own_number_and_street_are_not_masked() -> None:
    class Numbers(Names):
        def find(self, text: str):
            kinds = {"19121212-1212": PersonalKind.IDENTITY_NUMBER, "Ekgatan 7": PersonalKind.ADDRESS}
            return [PersonalSpan(at, at + len(w), k) for w, k in kinds.items() if (at := text.find(w)) >= 0]

    text = "Jag, 19121212-1212, bor på Ekgatan 7"
    own = Person(number="121212-1212", address="Ekgatan 7, Ekdala").words
    assert mask_others(text, own, Numbers()) == text
    assert mask_others(text, Person("a@b.example").words, Numbers()) == "Jag, [personnummer], bor på [adress]"


@pytest.mark.parametrize("name", ["1/../../b.txt", r"1\:..:\..\?..\b.txt", "/1/. ./:.:/b.txt"])
def test_no_file_of_an_extract_is_unpacked_outside_it(name: str) -> None:
    made = Extract(Person(), (), {}, {name: b"x"}, masked=False)
    with zipfile.ZipFile(io.BytesIO(extract_package(made, "Ekdala kommun", h.NOW))) as package:
        assert package.namelist()[2:] == ["bilagor/1/b.txt"]
