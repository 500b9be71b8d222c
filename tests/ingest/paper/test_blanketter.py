"""Printed blanketter: the answer beside or below each heading, misread letters forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.inbound.documents import Blankett, FilledBlankett
from ingest.paper.blanketter import read_blankett

FORM = Blankett(
    "synpunkt",
    ("Synpunkt på kommunens verksamhet",),
    (
        ("name", ("Namn", "För- och efternamn")),
        ("email", ("E-post",)),
        ("phone", ("Telefon",)),
        ("address", ("Adress",)),
        ("place", ("Plats", "Var?")),
        ("subject", ("Det gäller",)),
        ("text", ("Min synpunkt",)),
        ("other", ("Datum och underskrift",)),
    ),
)
PRINTED = """Ekdala kommun
Synpunkt på kommunens verksamhet

Namn: Märta Öhrn
E-post: marta@mejl.example
Telefon ______ 070-174 06 05 ____
Adress
Ängsvägen 14
123 45 Åby

Det gäller: Gatlyktan
Min synpunkt:
Lampan lyser inte.

Laga den, tack: den har varit släckt länge.
Datum och underskrift: 3 november"""


def test_answers_beside_and_below_their_headings() -> None:
    assert read_blankett(PRINTED, [FORM]) == FilledBlankett(
        name="Märta Öhrn",
        email="marta@mejl.example",
        phone="070-174 06 05",
        address="Ängsvägen 14, 123 45 Åby",
        subject="Gatlyktan",
        text="Lampan lyser inte.\n\nLaga den, tack: den har varit släckt länge.",
    )


def test_misread_headings_are_known() -> None:
    text = (
        PRINTED.replace("Min synpunkt", "Min synpunkl")
        .replace("Telefon", "Te1efon")
        .replace("på kommunens", "pä kommunens")
    )
    filled = read_blankett(text, [FORM])
    assert filled is not None
    assert (filled.phone, filled.text[:6]) == ("070-174 06 05", "Lampan")


def test_a_letter_is_no_blankett() -> None:
    assert read_blankett("Hej!\nNamn: Märta\nLampan lyser inte.", [FORM]) is None
    assert read_blankett(PRINTED, []) is None


def test_a_heading_within_a_sentence_is_none() -> None:
    filled = read_blankett(PRINTED.replace("Lampan lyser inte.", "Namnet på gatan är Ängsvägen."), [FORM])
    assert filled is not None
    assert filled.name == "Märta Öhrn"
    assert "Namnet på gatan" in filled.text


def test_an_empty_form_has_empty_answers() -> None:
    empty = "Synpunkt på kommunens verksamhet\nNamn: ______\nE-post: ....\nMin synpunkt\n"
    assert read_blankett(empty, [FORM]) == FilledBlankett()


def test_a_line_that_goes_on_on_the_next_page_is_added() -> None:
    filled = read_blankett(PRINTED + "\nMin synpunkt:\nOch sanda.", [FORM])
    assert filled is not None
    assert filled.text.endswith("länge.\n\nOch sanda.")


@pytest.mark.timeout(60)
@given(st.text(alphabet="Namn: \n_.Ådrest-", max_size=3000))
def test_any_text_is_read_or_not(text: str) -> None:
    filled = read_blankett("Synpunkt på kommunens verksamhet\n" + text, [FORM])
    assert filled is not None
    assert len(filled.text) <= 20_000
