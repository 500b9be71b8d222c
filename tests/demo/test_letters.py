"""The sample letters: readable, labelled in words that exist, and free of real people."""

import re
from email import message_from_bytes
from email.policy import default
from importlib.resources import files
from io import BytesIO

import pytest
from pypdf import PdfReader

from cases.inbound.messages import MessageKind
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType
from service.demo.letters import SampleLetter, sample_letters
from service.demo.posting import PLACEHOLDER

LETTERS = sample_letters()
BY_SLUG = {letter.slug: letter for letter in LETTERS}
each_letter = pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.slug)
each_case = pytest.mark.parametrize("letter", [one for one in LETTERS if one.case], ids=lambda letter: letter.slug)


def parse(letter: SampleLetter):
    return message_from_bytes(letter.raw, policy=default)


def plain(letter: SampleLetter) -> str:
    part = parse(letter).get_body(("plain", "html"))
    return part.get_content() if part else ""


def luhn(digits: str) -> bool:
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(digits))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_every_file_has_one_label_and_every_label_its_file():
    folder = files("config").joinpath("demo", "letters")
    on_disk = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".eml"))
    assert [letter.file for letter in LETTERS] == on_disk
    assert len(BY_SLUG) == len(LETTERS) >= 40


@each_letter
def test_parses_without_defects(letter):
    message = parse(letter)
    assert [part.defects for part in message.walk() if part.defects] == []
    assert message["Message-ID"], letter.file
    assert message["Date"].datetime.tzinfo is not None
    assert b"\r" not in letter.raw
    assert len(letter.raw) < 100_000


@each_letter
def test_every_address_is_fictional(letter):
    headers = "\n".join(map(str, parse(letter).values()))
    domains = re.findall(r"[\w.+-]+@([\w.-]+[a-z])", f"{headers}\n{plain(letter)}")
    assert domains
    assert all(domain.endswith(".example") for domain in domains)


@each_case
def test_a_case_has_area_type_and_severity(letter):
    assert letter.kind is MessageKind.CITIZEN
    assert letter.area
    assert letter.area_is_right(letter.area)
    assert letter.type not in {None, *letter.type_alt}
    assert letter.severity
    assert not letter.flags & letter.flags_alt
    assert len(plain(letter).strip()) > 80


@each_letter
def test_a_receipt_leaves_for_every_case_but_those_that_are_held(letter):
    held = {FlagKind.HOT_VALD, FlagKind.SKYDDAD_IDENTITET, FlagKind.VISSELBLASNING} & letter.flags
    assert letter.receipt == (letter.case and not held)
    assert bool(letter.area) == letter.case


@each_letter
def test_placeholders_ask_only_for_receipts_that_come(letter):
    asked = {slug.decode() for _, slug in PLACEHOLDER.findall(letter.raw)}
    assert asked == set(letter.after)
    assert all(BY_SLUG[slug].receipt for slug in asked)
    assert b"{{" not in PLACEHOLDER.sub(b"", letter.raw)
    assert not letter.joins or letter.sender == BY_SLUG[letter.joins].sender


def test_the_letters_meet_every_area_type_and_kind():
    assert {letter.area for letter in LETTERS if letter.area} == set(Area)
    types = {letter.type for letter in LETTERS if letter.type}
    assert types == set(CaseType)
    assert {letter.kind for letter in LETTERS} == set(MessageKind)
    assert {"sv", "en", "ar", "fi"} <= {letter.language for letter in LETTERS}


def test_the_duplicate_is_the_same_to_the_byte():
    (copy,) = (letter for letter in LETTERS if letter.duplicate_of)
    assert copy.raw == BY_SLUG[copy.duplicate_of].raw
    ids = [letter.message_id for letter in LETTERS if letter is not copy]
    assert len(set(ids)) == len(ids)


@each_letter
def test_a_personnummer_is_there_exactly_when_the_label_says_so(letter):
    found = re.findall(r"(?:19|20)?(\d{6})[-+]?(\d{4})\b", plain(letter))
    valid = [birth + last for birth, last in found if luhn(birth + last)]
    assert valid == (["1212121212"] if FlagKind.PERSONNUMMER in letter.flags else [])


def test_the_scanned_letter_can_be_read_out_of_its_pdf():
    (attached,) = parse(BY_SLUG["inskannat-brev"]).iter_attachments()
    (page,) = PdfReader(BytesIO(attached.get_content()), strict=True).pages
    assert "bänk" in page.extract_text()
    picture = page["/Resources"]["/XObject"]["/Im0"]
    assert picture["/Filter"] == "/DCTDecode"


def test_the_photo_is_a_jpeg():
    photo = next(part for part in parse(BY_SLUG["hal-i-gatan"]).walk() if part.get_content_type() == "image/jpeg")
    assert photo.get_content().startswith(b"\xff\xd8\xff")


def test_latin_1_without_a_charset_is_latin_1():
    letter = BY_SLUG["brunt-vatten"]
    assert b"charset" not in letter.raw
    assert "kranen på Ringvägen" in letter.raw.decode("latin-1")


def test_a_bounce_has_no_envelope_sender_and_a_citizen_has():
    assert BY_SLUG["studs"].envelope_from == ""
    assert BY_SLUG["gatlykta"].envelope_from == "annbritt.sandgren@mejl.example"
