"""The analyser: forms of a word meet, compounds come apart, numbers stay; and how a query is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.analyse import analyse, lemma
from storage.search.query import Word, parse_query
from storage.search.snippets import snippet
from storage.search.sources import fts5_expression, tsquery_expression


@pytest.mark.parametrize(
    "forms",
    [
        "skola skolan skolor skolorna skolans",
        "gatlykta gatlyktan gatlyktor gatlyktorna",
        "väg vägen vägar vägarna vägens",
        "tåg tåget tågen tågens",
        "träd trädet träden",
        "buss bussen bussar bussarna",
        "avfall avfallet",
        "snöröjning snöröjningen snöröjningens",
        "cykelväg cykelvägen cykelvägar cykelvägarna",
        "beslut beslutet besluten",
        "gå går gick gått",
        "trasig trasiga trasigt",
        "äldreboende äldreboendet äldreboenden",
        "lekplats lekplatsen lekplatser lekplatserna",
        "toalett toaletten toaletter",
        "osby osbys",
        "skylt skylten skyltar",
    ],
)
def test_forms_of_one_word_meet(forms: str) -> None:
    assert len({lemma(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("tåg", "tag"), ("ska", "skola"), ("får", "far"), ("hål", "hal")])
def test_different_words_do_not(one: str, other: str) -> None:
    assert set(analyse(one)).isdisjoint(analyse(other))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Gatlyktan", {"gata", "lykta"}),
        ("snöröjning", {"snö", "röjning"}),
        ("hemtjänstpersonalen", {"hem", "tjänst", "personal"}),
        ("lekplatsgungorna", {"plats", "gunga", "lekplatsgunga"}),
        ("stadsbiblioteket", {"stad", "bibliotek"}),
        ("kyrkogården", {"kyrka", "gård"}),
        ("fotbollsplanen", {"fot", "boll", "plan"}),
    ],
)
def test_compounds_come_apart(word: str, parts: set[str]) -> None:
    assert parts <= set(analyse(word))


@pytest.mark.parametrize("word", ["bibliotek", "handläggare", "möjlighet", "städning", "översvämning", "information"])
def test_words_that_only_look_compounded_stay_whole(word: str) -> None:
    assert analyse(word) == [word]


def test_numbers_and_order_are_kept() -> None:
    assert analyse("KS/2026:12 003, tel. 070-1740605 x2") == [
        "ks", "2026", "12", "003", "tel", "070", "1740605", "x2",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_terms_are_letters_and_digits_of_one_word_each(text: str) -> None:
    for term in analyse(text):
        assert term
        assert term == term.lower()
        assert not set(term) & set(" \"'\\&|!()<>:*_-\x00")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("skolan ", [Word("skolan", (("skola",), ("skolan",)))]),
        ("skolan", [Word("skolan", (("skola",), ("skolan",)), (), "skolan")]),
        ("gatlyktor ", [Word("gatlyktor", (("gatlykta",), ("gatlyktor",)), ("gata", "lykta"))]),
        ("KS/2026:12", [Word("KS/2026:12", (("ks", "2026", "12"),))]),
        ('"hål i gatan"', [Word("hål i gatan", (("hål", "i", "gata"),))]),
        ("lampa, lykta; ", [Word("lampa", (("lampa",),)), Word("lykta", (("lykta",),))]),
        ("och lampa ", [Word("lampa", (("lampa",),))]),
        ("och ", [Word("och", (("och",),))]),
        ("å", [Word("å", (("å",),))]),
        ("?! -- ", []),
    ],
)
def test_how_a_query_is_read(query: str, expected: list[Word]) -> None:
    assert parse_query(query, analyse) == expected


def test_a_query_of_a_thousand_words_is_cut() -> None:
    assert len(parse_query("lampa " * 1000, analyse)) == 12


def test_what_the_databases_are_asked() -> None:
    word = Word("gatlyktor", (("gatlykta",), ("ks", "12")), ("gata", "lykta"), "gatl")
    assert fts5_expression(word) == '"gatlykta" OR "ks 12" OR ("gata" AND "lykta") OR "gatl" *'
    assert tsquery_expression(word) == "('gatlykta') | ('ks' <-> '12') | ('gata' & 'lykta') | 'gatl':*"


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_snippet_without_its_marks_is_a_piece_of_the_text(plain: str, query: str) -> None:
    shown = snippet(plain, parse_query(query, str.split), str.split)
    assert shown.count("\ue000") == shown.count("\ue001")
    assert len(shown.replace("\ue000", "").replace("\ue001", "")) <= 202


def test_a_cry_without_end_is_one_term_and_takes_no_time() -> None:
    cry = "nej" + "e" * 1_000_000
    assert list(analyse(f"Skolan, {cry}!")) == ["skola", cry], "its parts would take the square of its length"
