"""Word pieces: the likeliest cut, and where each piece stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ModelError
from classifier.encoder.pieces import PieceTokenizer

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁snö", "röjning", "snö", "▁skol", "a", "n", "röj", "ning", "▁en"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -2.0, -2.5, -4.0, -3.0, -5.0, -5.0, -4.0, -4.0, -2.0]


@pytest.fixture
def tokenizer():
    return PieceTokenizer(PIECES, SCORES)


def test_takes_the_likeliest_cut(tokenizer):
    assert [PIECES[number] for number, _, _ in tokenizer.encode("snöröjning")] == ["▁snö", "röjning"]


def test_says_where_pieces_stand(tokenizer):
    text = "en  snöröjning"
    assert [text[a:b] for _, a, b in tokenizer.encode(text)] == ["en", "snö", "röjning"]


def test_neighbouring_unknown_signs_become_one(tokenizer):
    (mark, unknown, last) = tokenizer.encode("漢字a")
    assert (PIECES[mark[0]], PIECES[unknown[0]], PIECES[last[0]]) == ("▁", "<unk>", "a")
    assert unknown[1:] == (0, 2)


@given(st.text(alphabet="snöröjninga 漢ﬁ\n½", max_size=200))
def test_pieces_lie_in_order_within_the_text(text):
    spans = [(a, b) for _, a, b in PieceTokenizer(PIECES, SCORES).encode(text)]
    assert all(0 <= a <= b <= len(text) for a, b in spans)
    assert spans == sorted(spans)


def test_saved_and_loaded(tokenizer, tmp_path):
    PieceTokenizer.save(tmp_path, PIECES, SCORES)
    assert PieceTokenizer.load(tmp_path).encode("en snö") == tokenizer.encode("en snö")


def test_files_that_do_not_fit(tmp_path):
    PieceTokenizer.save(tmp_path, PIECES, SCORES[:-1])
    with pytest.raises(ModelError, match="14 ordbitar men 13"):
        PieceTokenizer.load(tmp_path)
