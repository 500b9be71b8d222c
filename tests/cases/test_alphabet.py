"""Names stand where somebody who reads Swedish looks for them."""

from unicodedata import normalize

from cases.alphabet import alphabetical

WANTED = [
    *("asp", "Ek", "Él", "Emil", "Mülle", "Myra", "Xu", "Zackrisson"),
    *("Åberg", "Äng", "Ærlig", "Ärta", "Øst", "Öster"),
]


def test_the_order_is_the_swedish_one() -> None:
    assert sorted(set(WANTED), key=alphabetical) == WANTED


def test_a_letter_in_two_pieces_stands_where_it_stands_in_one() -> None:
    assert [alphabetical(normalize("NFD", one)) for one in WANTED] == [alphabetical(one) for one in WANTED]
