"""Plain text without what mail programs write for themselves."""

import pytest

from ingest.parse import parse
from ingest.reading.markup.links import readable

SAFE = "https://eur01.safelinks.protection.outlook.com/?url={}&data=05%7C02%7Canna&reserved=0"
TO_US = SAFE.format("https%3A%2F%2Fwww.alvsby.example%2Fvatten%3Fa%3D1%26b%3D2")


def test_a_link_that_safe_links_rewrote_is_shown_as_it_was_written():
    here = "https://www.alvsby.example/vatten?a=1&b=2"
    assert readable(f"Se {TO_US}. Eller ({TO_US}), <{TO_US}>") == f"Se {here}. Eller ({here}), <{here}>"


@pytest.mark.parametrize("inside", ["javascript%3Aalert", "https%3A%2F%2Fx.example%0ABcc", "x%3Cb%3E", ""])
def test_what_is_no_link_inside_stays_as_it_came(inside):
    assert readable(f"Se {SAFE.format(inside)}") == f"Se {SAFE.format(inside)}"


@pytest.mark.parametrize(
    "said", ["anna@x.example<mailto:anna@x.example>", "www.x.example/a<https://www.x.example/a/>", "070<tel:070> x"]
)
def test_a_target_that_the_words_are_is_shown_once(said):
    words, _, rest = said.partition("<")
    assert readable(f"Se {said}") == f"Se {words}{rest.partition('>')[2]}"


@pytest.mark.parametrize(
    "said",
    ["Anna <mailto:anna@x.example>", "x.example<https://ond.example>", "ond-x.example<https://x.example>"],
)
def test_another_target_than_the_words_is_shown(said):
    assert readable(f"Se {said}") == f"Se {said}"


def test_the_place_of_a_picture_is_no_word_of_a_letter():
    text = "Hej!\n\n[cid:image001.png@01DA1234.5678ABCD]\nLampan [cid:b@x] är trasig [sic], se [cid: lampan]."
    assert readable(text) == "Hej!\n\nLampan  är trasig [sic], se [cid: lampan]."


def test_a_letter_in_plain_text_is_read_so():
    mail = f"From: a@x.example\nSubject: Vatten\n\n[cid:logo@x]\nSe {TO_US}"
    assert parse(mail.encode()).message == "Se https://www.alvsby.example/vatten?a=1&b=2"


def test_letters_that_a_form_wrote_as_a_page_s_are_letters():
    assert readable("L&auml;get &auml;r &#229;terst&auml;llt &amp; bra") == "Läget är återställt & bra"
    for own in ("Det står &aring; på sidan &auml; fel", "It says &aring; there"):
        assert readable(own) == own
