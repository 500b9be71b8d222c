"""What a register extract tells of a case."""

from datetime import UTC, datetime

import pytest

from cases.inbound.messages import not_by_mail
from cases.records.masking import PersonalKind, PersonalSpan
from cases.records.personal_data import mask_others, told
from cases.records.registered import Person
from cases.steps.records.personal_data import sparing
from cases.store.views import CaseFile, StoredMessage
from tests.cases.builders import NOW, a_case, an_organisation

EMAIL = "berit@mejl.example"


def test_a_letter_of_the_night_came_on_the_day_it_was_in_sweden() -> None:
    late = a_case(received_at=datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    file = CaseFile(late, (), (), (), (), None, ())
    assert told(file, Person("berit@mejl.example"), an_organisation(), None)["inkom"] == "27 november 2026"


@pytest.mark.parametrize("asked", ["121212-1212", "19121212-1212", "191212121212", "121212+1212"])
@pytest.mark.parametrize("written", ["121212-1212", "19121212-1212", "1212121212", "191212121212", "121212+1212"])
def test_a_personnummer_is_known_however_it_is_written(asked: str, written: str) -> None:
    person = Person(number=asked)
    assert person.named_in(f"Hej. Det är {written}. Adjö.") == [f"Det är {written}."]
    written_so = written.replace("+", "-")
    assert f'"{written_so}"' in list(person.queries())
    assert person.named_in(f"9{written}") == []


class Finds:
    """A masker that takes the whole text for one detail of this kind."""

    def __init__(self, kind: PersonalKind) -> None:
        self.kind = kind

    def find(self, text: str) -> list[PersonalSpan]:
        return [PersonalSpan(0, len(text), self.kind)]

    def mask(self, text: str) -> str:
        return text


OWN = Person("berit@mejl.example", "Berit Alm", number="121212-1212", address="Ekgatan 77, 283 31 Ekdala").words


@pytest.mark.parametrize(
    ("kind", "text", "theirs"),
    [
        (PersonalKind.NAME, "Berit Alm", True),
        (PersonalKind.NAME, "Alm", True),
        (PersonalKind.NAME, "ALM Berit", True),
        (PersonalKind.NAME, "Berit Ek", False),
        (PersonalKind.NAME, "Rit", False),
        (PersonalKind.EMAIL, "Berit@mejl.example", True),
        (PersonalKind.EMAIL, "rit@mejl.example", False),
        (PersonalKind.ADDRESS, "Ekgatan 77", True),
        (PersonalKind.ADDRESS, "Ekgatan 7", False),
        (PersonalKind.IDENTITY_NUMBER, "19121212-1212", True),
        (PersonalKind.IDENTITY_NUMBER, "19121212-1220", False),
        (PersonalKind.PHONE, "070-123 45 67", False),
    ],
)
def test_an_extract_shows_the_persons_own_details_and_nobody_elses(kind: PersonalKind, text: str, theirs: bool) -> None:
    """GDPR art. 15.4. Number 7 stood in number 77, so that the neighbour's address went along."""
    assert (mask_others(text, OWN, Finds(kind)) == text) is theirs


class FindsBerit(Finds):
    def find(self, text: str) -> list[PersonalSpan]:
        at = text.find("Berit Alm")
        return [PersonalSpan(at, at + 9, self.kind)] if at >= 0 else []


def test_who_is_named_in_anothers_letter_reads_the_sentence_without_its_sender() -> None:
    case = a_case()
    letter = not_by_mail("Bråk", "Nils Ros och Berit Alm grälade.", NOW, sender_name="Berit Alm", sender_addr=EMAIL)
    file = CaseFile(case, (StoredMessage("m", case.id, NOW, letter, ""),), (), (), (), None, ())
    (told_of,) = told(file, Person(name="Nils Ros"), an_organisation(), FindsBerit(PersonalKind.NAME))["brev in"]
    assert told_of["här är du nämnd"] == "Nils Ros och [namn] grälade."
    (hers,) = told(file, Person(EMAIL, "Berit Alm"), an_organisation(), FindsBerit(PersonalKind.NAME))["brev in"]
    assert hers["text"] == letter.text


@pytest.mark.parametrize(
    ("name", "email", "same"),
    [
        ("Eva Ek", "", True),
        ("EK, Eva Maria", "", True),
        ("Eva-Lena Ek", "", True),
        ("Eva Ekström", "", False),
        ("Eva", "", False),
        ("", "Eva@mejl.example", True),
        ("", "eva@mejl.example.se", False),
        ("", "", False),
    ],
)
def test_another_whose_name_begins_alike_is_not_the_person(name: str, email: str, same: bool) -> None:
    """A letter of Eva Ekström's, in the case that Eva Ek asked for, was told whole as Eva Ek's own."""
    assert Person("eva@mejl.example", "Eva Ek").is_called(name, email) is same
    assert not Person().is_called(name, email)


def test_a_street_without_a_number_and_a_number_too_short_are_nobody() -> None:
    assert list(Person(name="Berit", number="1212", address="Ekgatan").queries()) == []
    assert not Person(number="1212", address="Ekgatan").known


@pytest.mark.parametrize(
    ("kind", "ours", "another"),
    [
        (PersonalKind.PHONE, "0400-12 30 00", "070-174 06 50"),
        (PersonalKind.EMAIL, "Dataskydd@ekdala.example", "anna@ekdala.example"),
        (PersonalKind.ADDRESS, "Storgatan 12", "Storgatan 1"),
    ],
)
def test_the_municipalitys_own_telephone_and_addresses_are_no_persons(
    kind: PersonalKind, ours: str, another: str
) -> None:
    """An extract told to write to [e-post] or call [telefon]."""
    said = {
        "vaxel": "0400-12 30 00",
        "dso": "dataskydd@ekdala.example",
        "adress": "Storgatan 12, 400 01 Ekdala",
        "x": "",
    }
    masker = sparing(Finds(kind), said)
    assert masker.mask(ours) == ours
    assert another not in masker.mask(another)
