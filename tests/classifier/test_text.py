"""Making a letter plain never moves a character."""

import re

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import LIMIT, readable, whole_words, with_fewer_signs


@given(st.text())
def test_every_character_stays_in_its_place(text):
    assert len(readable(text)) == len(text)


@given(st.text(alphabet="abcåäöÅÄÖ éüß.,!?\n", max_size=150))
def test_ordinary_text_is_left_alone(text):
    assert readable(text) == text


def test_hidden_and_odd_signs():
    assert readable("a\u202eb\u00a0c\u200bdＡ①") == "ab  cdA1 "


def test_words_broken_by_hidden_signs_are_whole():
    assert readable("Snö\u00adröj\u200bning är \u2067bra\u2069") == "Snöröjning   är  bra "
    assert readable("o\u0308verklaga, NFD") == "överklaga,  NFD"


def test_letters_that_look_latin_among_latin_ones_are():
    assert readable("Jаg kоmmеr") == "Jag kommer"
    assert readable("Відділ IT-отдел і школа Οδός") == "Відділ IT-отдел і школа Οδός"


def test_persian_words_keep_their_joints():
    assert readable("می\u200cشود") == "می شود"


@given(st.text(alphabet="ab c\u200b\u0308\u00ad.", max_size=40))
def test_a_stretch_of_whole_words_holds_what_was_found(text):
    plain = readable(text)
    for word in re.finditer(r"\S+", plain):
        start, end = whole_words(text, *word.span())
        assert readable(text[start:end]).strip() == word.group()


def test_hyphens_of_every_kind_are_one():
    assert readable("070\u2011174 06\u201028, \u22125, 1–2") == "070-174 06-28, -5, 1–2"


def test_a_long_run_gets_breaks():
    assert max(map(len, readable("x" * 5000).split())) == 200


def test_of_a_long_text_the_ends_stay():
    plain = readable("början " + "z " * LIMIT + "slutet")
    assert plain.startswith("början")
    assert plain.endswith("slutet")
    assert len(plain.split()) <= LIMIT


def test_a_wall_of_signs_keeps_its_ends_and_every_word():
    wall = "Hej! " + "gata, " * 5_000 + "Väg 12?"
    fewer = with_fewer_signs(wall)
    assert (len(fewer), fewer[:11], fewer[-13:]) == (len(wall), wall[:11], wall[-13:])
    assert fewer.count(",") < 2_001 < wall.count(",")
    assert fewer.replace(",", " ") == wall.replace(",", " ")
    assert with_fewer_signs(wall[:9_000]) == wall[:9_000]
