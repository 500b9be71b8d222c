"""A scanned Swedish letter is read with under three letters wrong in a hundred, however it lay in the scanner."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from ingest.paper.limits import Limits
from ingest.paper.reading import read_document
from ingest.paper.straighten import skew_angle
from tests.ingest.paper.scans import LETTER, Dirt, as_bytes, error_rate, scanned, typed

pytestmark = pytest.mark.timeout(600)
MOST_WRONG = 0.03
HALF = LETTER[: LETTER.index("Jag ringde")].strip()
# The words of the page that a reader must find in their place.
SHORT = "Hej!\n\nGatlyktan på Ängsvägen är trasig."


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_typed_letter_turned_two_degrees_and_noised_has_under_three_percent_wrong(
    tmp_path: Path, limits: Limits, record_property
) -> None:
    content = as_bytes(scanned(typed(), Dirt(degrees=2.0, noise=18, specks=1)), "PDF", resolution=300)
    read = read_document(content, "application/pdf", limits, tmp_path)
    wrong = error_rate(read.text, LETTER)
    record_property("character_error_rate", wrong)
    assert wrong < MOST_WRONG
    assert read.machine_read
    assert read.note == ""


@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.parametrize(("dirt", "turn"), [(Dirt(-3.3, 225, 35, 4), 90), (Dirt(-1.0), 180)])
def test_a_dirtier_or_turned_page_too(tmp_path: Path, limits: Limits, dirt: Dirt, turn: int) -> None:
    """Half a page: Tesseract reads it three times, once to find how it lies."""
    page = scanned(typed(HALF, size=(2480, 1500)), dirt).rotate(turn, expand=True)
    read = read_document(as_bytes(page, "TIFF", compression="tiff_deflate"), "image/tiff", limits, tmp_path)
    assert error_rate(read.text, HALF) < MOST_WRONG


@pytest.mark.tesseract
def test_words_know_their_place_and_the_picture_is_at_hand(tmp_path: Path, limits: Limits) -> None:
    read = read_document(as_bytes(typed(SHORT, size=(1700, 1100))), "image/png", limits, tmp_path)
    (page,) = read.pages
    assert [page.text[word.start : word.end] for word in page.words] == page.text.split()
    assert all(0 <= word.left < word.left + word.width <= 1 for word in page.words)
    assert all(0 <= word.top < word.top + word.height <= 1 for word in page.words)
    assert "Ängsvägen" in page.text
    assert page.image.startswith(b"\xff\xd8\xff")


@pytest.mark.tesseract
def test_a_word_half_hidden_is_marked_unsure(tmp_path: Path, limits: Limits) -> None:
    page = typed("Gatlyktan på Ängsvägen är trasig sedan i höstas", size=(2100, 700))
    # Somebody wept on the last words.
    wet = (1250, 280, 1700, 380)
    page.paste(page.crop(wet).filter(ImageFilter.GaussianBlur(4)), wet)
    read = read_document(as_bytes(page), "image/png", limits, tmp_path)
    words = {read.text[word.start : word.end]: word for word in read.pages[0].words}
    assert not words["Gatlyktan"].unsure
    assert any(word.unsure and word.left > 0.5 for word in words.values())


@pytest.mark.parametrize(("count", "read_by_machine"), [(20, False), (5, True)])
def test_guesses_at_handwriting_are_not_given_as_text(tmp_path: Path, count: int, *, read_by_machine: bool) -> None:
    rows = "".join(f"5\t1\t1\t1\t1\t{n}\t{10 * n}\t10\t9\t9\t41.5\tgiss\n" for n in range(count))
    guesser = tmp_path / "guesser"
    guesser.write_text(f"#!/bin/sh\n[ \"$1\" = --list-langs ] && echo swe && exit 0\ncat <<'END'\n{rows}END\n")
    guesser.chmod(0o755)
    read = read_document(as_bytes(typed("Hej", size=(900, 600))), "", Limits(tesseract=str(guesser)), tmp_path)
    assert (read.text, read.pages[0].words, read.machine_read) == ("", (), read_by_machine)
    assert ("handskriven" in read.note) is not read_by_machine


def test_without_tesseract_a_person_reads_and_the_picture_is_there(tmp_path: Path, no_tesseract: Limits) -> None:
    read = read_document(as_bytes(typed(SHORT, size=(1700, 1100))), "image/png", no_tesseract, tmp_path)
    assert (read.machine_read, read.text) == (False, "")
    assert "Inte läst av maskin" in read.note
    assert read.pages[0].image.startswith(b"\xff\xd8\xff")


def test_switched_off_it_says_so(tmp_path: Path, no_tesseract: Limits) -> None:
    off = replace(no_tesseract, tesseract="")
    read = read_document(as_bytes(typed(SHORT, size=(900, 600))), "image/png", off, tmp_path)
    assert "avstängd" in read.note


@pytest.mark.parametrize("degrees", [-4.0, -0.6, 0.0, 5.5])
def test_the_angle_is_found_within_a_tenth_of_a_degree(degrees: float) -> None:
    page = typed(HALF, size=(2480, 1500)).rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    assert skew_angle(page) == pytest.approx(-degrees, abs=0.1)


def test_an_empty_page_has_no_angle() -> None:
    assert skew_angle(Image.new("L", (1000, 1400), 255)) == 0.0
