"""Letters on paper: readable by machines, the address in the window, and text that is never markup."""

import io
from datetime import date

import pypdf
import pypdfium2
import pytest

from cases.letters.letter import Letter, LetterContext, LetterKind
from cases.letters.press import PaperDocument, PaperLetter, PaperTable
from cases.steps.answering.by_post import ON_PAPER, PAPER_ANSWERS
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.paper import PaperPress
from notifier.variables import sample_values

CONSTANTS = sample_constants()
PRESS = PaperPress(CONSTANTS)
MILLIMETRE = 72 / 25.4
ADDRESS = ("Berit Alm", "Lingonstigen 4", "Box 12", "123 45 EKDALA")


@pytest.fixture(scope="module")
def renderer() -> TemplateRenderer:
    return TemplateRenderer(CONSTANTS)


def paper(letter: Letter, address: tuple[str, ...] = ADDRESS) -> PaperLetter:
    return PaperLetter(letter, address, date(2026, 11, 26), "EK-2026-00001", "KS 2026/3")


def written(text: str, subject: str = "Svar [EK-2026-00001]", language: str = "sv") -> Letter:
    return Letter(LetterKind.SVAR, language, subject, text, "")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_pdf_is_tagged_titled_swedish_and_always_the_same() -> None:
    letter = paper(written("Hej!\n\nLyktan lagas."))
    made = PRESS.letter(letter)
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Svar [EK-2026-00001]"
    assert made == PRESS.letter(letter)


def test_the_address_stands_where_both_windows_show_it() -> None:
    """E65 and C5 with the window to the right: 110-195 mm from the left, 44-61 mm from the top."""
    page = pypdfium2.PdfDocument(PRESS.letter(paper(written("Hej!"))))[0]
    words, height = page.get_textpage(), page.get_height()
    for line in ADDRESS:
        at = words.search(line).get_next()
        assert at is not None, line
        for n in range(at[1]):
            left, bottom, right, top = words.get_charbox(at[0] + n)
            assert 110 <= (left + 0.3) / MILLIMETRE <= right / MILLIMETRE <= 195, line
            assert 44 <= (height - top) / MILLIMETRE <= (height - bottom) / MILLIMETRE <= 61.5, line


def test_the_head_says_date_and_number_and_the_body_does_not_say_them_again(renderer) -> None:
    for language, day in (("sv", "26 november 2026"), ("en", "26 November 2026")):
        values = {**sample_values(LetterKind.SVAR), **ON_PAPER}
        text = text_of(PRESS.letter(paper(renderer.render(LetterKind.SVAR, language, LetterContext(values)))))
        assert day in text
        assert text.count("EK-2026-00001") == 2, "in the head and in the foot"
        assert "KS 2026/3" in text
        assert CONSTANTS["kommun_telefon"] in text


def test_a_line_that_is_drawn_in_an_answer_leaves_the_rest_out_of_the_small_print() -> None:
    answer = f"Hej!\n\nEtt:\n--------\nTvå.\n\n{'-' * 40}\nOm personuppgifter."
    lines = text_of(PRESS.letter(paper(written(answer)))).splitlines()
    assert lines.index("--------") < lines.index("Två.") < lines.index("Om personuppgifter.")
    assert "-" * 40 not in lines


@pytest.mark.parametrize("kind", PAPER_ANSWERS)
def test_no_letter_on_paper_speaks_of_mail(renderer, kind: LetterKind) -> None:
    values = {name: value for name, value in sample_values(kind).items() if "@" not in value}
    for language in ("sv", "en"):
        filled = {**values, **dict.fromkeys(renderer.missing(kind, language, LetterContext(values)), "x"), **ON_PAPER}
        text = renderer.render(kind, language, LetterContext(filled)).text.lower()
        for word in ("mejl", "e-mail", "e-post"):
            assert word not in text, (kind, language)


def test_by_mail_they_still_do(renderer) -> None:
    text = renderer.render(LetterKind.SVAR, "sv", LetterContext(sample_values(LetterKind.SVAR))).text
    assert "Svara på det här mejlet" in text
    assert "dygnet runt" in text


def test_what_looks_like_markup_is_printed_as_it_stands() -> None:
    evil = '#read("/etc/passwd") *fet* = Rubrik $x$ \\ <a> `kod` // bort'
    assert evil in " ".join(text_of(PRESS.letter(paper(written(evil), (evil[:30],)))).split())


def test_a_long_letter_goes_on_over_the_page() -> None:
    made = PRESS.letter(paper(written("\n\n".join(f"Stycke {n} om lyktan." for n in range(90)))))
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) > 1
    assert "Stycke 89 om lyktan." in text_of(made)


def test_a_document_has_facts_text_tables_and_what_was_masked() -> None:
    table = PaperTable("Handlingar", ("Nr", "Handling"), (("1", "Brev"), ("2", "Bilaga")))
    document = PaperDocument("Brev", (("Från", "[maskat 21:1]"),), "Rad ett\nrad två", ("21:1: OSL",))
    text = text_of(PRESS.document(document, [table, PaperTable("Tom", ("A",), ())]))
    for words in ("Från: [maskat 21:1]", "rad två", "Bilaga", "Ingenting.", "Maskerade uppgifter"):
        assert words in text
