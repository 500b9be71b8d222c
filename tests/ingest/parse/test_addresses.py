"""Address headers as people's programs write them."""

import time

import pytest

from ingest.reading.addresses import read_addresses
from ingest.reading.notes import Notes

HEADERS = {
    '"Anna Lind" <a@b.example> (kommentar)': [("Anna Lind", "a@b.example")],
    "a@b.example (Anna Lind)": [("Anna Lind", "a@b.example")],
    '"Lind, Anna" <a@b.example>, c@d.example': [("Lind, Anna", "a@b.example"), ("", "c@d.example")],
    "Lind, Anna <a@b.example>": [("Lind, Anna", "a@b.example")],
    "a@b.example (Anna (mamma) Lind)": [("Anna (mamma) Lind", "a@b.example")],
    "Anna <a@(hemma)b.example>": [("Anna", "a@b.example")],
    "Anna \u202eelpmaxe.aladke@snah\u2066 <a@b.example>": [("Anna elpmaxe.aladke@snah", "a@b.example")],
    "Anna [a@b.example]": [("Anna", "a@b.example")],
    "Anna <a@b.example.>": [("Anna", "a@b.example")],
    "Anna a@b.example": [("Anna", "a@b.example")],
    "'Anna' <a@b.example>": [("Anna", "a@b.example")],
    "Anna <'a@b.example'>": [("Anna", "a@b.example")],
    "<a@b.example> Anna": [("Anna", "a@b.example")],
    "Anna <<a@b.example>>": [("Anna", "a@b.example")],
    '"Anna <a@b.example>': [("Anna", "a@b.example")],
    "a@b.example;c@d.example": [("", "a@b.example"), ("", "c@d.example")],
    "Grannar: a@b.example, Bo <c@d.example>;, e@f.example": [
        ("", "a@b.example"),
        ("Bo", "c@d.example"),
        ("", "e@f.example"),
    ],
    "undisclosed-recipients:;": [],
    "<>": [],
    "Bara ett namn": [("Bara ett namn", "")],
    "=?utf-8?q?=C3=85sa?= =?utf-8?q?_Lind?= <a@b.example>": [("Åsa Lind", "a@b.example")],
    '"=?utf-8?q?=C3=85sa_Lind?=" <a@b.example>': [("Åsa Lind", "a@b.example")],
    "Åsa <åsa@b.example>": [("Åsa", "åsa@b.example")],
    '"Anna \\"Lampan\\" Lind" <a@b.example>': [('Anna "Lampan" Lind', "a@b.example")],
    "Anna <mailto:a@b.example>": [("Anna", "a@b.example")],
    "<@x.example,@y.example:a@b.example>": [("", "a@b.example")],
    '"anna lind"@b.example': [("", '"anna lind"@b.example')],
    "a@[192.0.2.1]": [("", "a@[192.0.2.1]")],
    "Anna Lind [mailto:a@b.example]": [("Anna Lind", "a@b.example")],
    "a@b.example c@d.example": [("", "a@b.example"), ("", "c@d.example")],
    "=?utf-8?Q?=C3=85sa_=3Ca=40b=2Eexample=3E?=": [("Åsa", "a@b.example")],
    "=?utf-8?Q?=C3=85sa_<a@b.example>?=": [("Åsa", "a@b.example")],
    "kommunen@alvsby.example <anna@medborgare.example>": [("kommunen@alvsby.example", "anna@medborgare.example")],
}


@pytest.mark.parametrize("header", HEADERS)
def test_an_address_header(header):
    assert [(a.name, a.addr) for a in read_addresses(header.encode(), Notes())] == HEADERS[header]


def test_a_header_written_as_usual_says_what_it_says_when_read_thoroughly():
    names = (
        "",
        "Anna Lind",
        '"Lind, Anna"',
        '" Anna"',
        "=?utf-8?Q?=C3=85sa_L?=",
        "=?utf-8?Q?=22=C3=85sa=22?=",
        "A.&_+-",
    )
    addresses = ("<a.b+c@d-e.example>", "a@b.example", "<a@b.example.>", "<.a@b.example>", "<a@b>", "<a@b.example")
    for header in (f"{name} {address}".strip().encode() for name in names for address in addresses):
        # A space at its end is nothing that a header has when it is read, and makes this one unusual.
        usual, thorough = Notes(), Notes()
        assert read_addresses(header, usual) == read_addresses(header + b" ", thorough), header
        assert usual.defects == thorough.defects, header


def test_an_address_that_was_encoded_with_its_name_is_a_defect():
    notes = Notes()
    read_addresses(b"=?utf-8?Q?=C3=85sa_=3Ca=40b=2Eexample=3E?=", notes)
    assert notes.defects == ["address inside an encoded name"]


@pytest.mark.parametrize("piece", [b"(\\", b'"\\', b"(a(", b"((a)"])
def test_comments_and_quotes_without_end_are_read_in_time(piece):
    started = time.process_time()
    read_addresses(piece * 60_000, Notes())
    assert time.process_time() - started < 3
