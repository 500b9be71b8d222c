"""Making a letter plain never moves a character."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import LIMIT, readable


@given(st.text())
def test_every_character_stays_in_its_place(text):
    assert len(readable(text)) == len(text)


@given(st.text(alphabet="abcåäöÅÄÖ éüß.,!?\n", max_size=150))
def test_ordinary_text_is_left_alone(text):
    assert readable(text) == text


def test_hidden_and_odd_signs():
    assert readable("a\u202eb\u00a0c\u200bdＡ①") == "a b c dA1"


def test_hyphens_of_every_kind_are_one():
    assert readable("070\u2011174 06\u201028, \u22125, 1–2") == "070-174 06-28, -5, 1–2"


def test_a_long_run_gets_breaks():
    assert max(map(len, readable("x" * 5000).split())) == 200


def test_of_a_long_text_the_ends_stay():
    plain = readable("början " + "z " * LIMIT + "slutet")
    assert plain.startswith("början")
    assert plain.endswith("slutet")
    assert len(plain.split()) <= LIMIT
