"""A stack of letters in one scan is parted at separator sheets and blank pages, and no page is lost."""

import io
from collections.abc import Sequence

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.documents.errors import UnreadableDocument
from ingest.paper.limits import Limits
from ingest.paper.splitting import PageLook, group_pages, is_blank, is_separator, separator_sheet, split_letters
from tests.ingest.paper.papers import text_pdf
from tests.ingest.paper.scans import Dirt, as_bytes, scanned, typed

SIZE = (1240, 1754)
LETTER = scanned(typed("Hej!", size=SIZE))
BLANK = scanned(Image.new("L", SIZE, 255))
SHEET = scanned(separator_sheet(*SIZE), Dirt(degrees=1.0))
LIMITS = Limits()
W, B, S = PageLook.WRITTEN, PageLook.BLANK, PageLook.SEPARATOR


def stack(*pages: Image.Image, kind: str = "PDF") -> bytes:
    copies = [page.copy() for page in pages]
    return as_bytes(copies[0], kind, save_all=True, append_images=copies[1:])


def pages_of(content: bytes) -> int:
    if content.startswith(b"%PDF"):
        return len(pypdfium2.PdfDocument(content))
    return int(Image.open(io.BytesIO(content)).n_frames)


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_sheet_is_in_no_letter_and_a_blank_page_stays_with_the_one_before(kind: str) -> None:
    letters = split_letters(stack(LETTER, SHEET, LETTER, BLANK, LETTER, kind=kind), LIMITS)
    assert [pages_of(letter) for letter in letters] == [1, 2, 1]


def test_blank_pages_part_nothing_at_the_end_or_where_that_is_switched_off() -> None:
    content = stack(LETTER, BLANK)
    assert split_letters(content, LIMITS) == [content]
    content = stack(LETTER, BLANK, LETTER)
    assert split_letters(content, LIMITS, on_blank=False) == [content]


def test_a_pdf_with_text_on_every_page_is_one_letter() -> None:
    content = text_pdf("Gatlyktan lyser inte sedan en vecka", "Och ingen kommer och lagar den")
    assert split_letters(content, LIMITS) == [content]


def test_a_letter_cut_out_holds_nothing_of_the_others() -> None:
    content = stack(LETTER, SHEET, scanned(typed("En annan avsändares brev", size=SIZE), seed=7))
    first, second = split_letters(content, LIMITS)
    assert len(first) + len(second) < len(content)
    assert len(first) < 0.6 * len(content)


@pytest.mark.parametrize("content", [b"", b"Hej", b"%PDF-1.4 broken", as_bytes(LETTER, "JPEG")])
def test_what_has_no_pages_is_one_letter(content: bytes) -> None:
    assert split_letters(content, LIMITS) == [content]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("dirt", [Dirt(0), Dirt(2.0), Dirt(-2.0, 210, 30, 4)])
def test_a_sheet_is_known_however_it_lay(turn: int, dirt: Dirt) -> None:
    assert is_separator(scanned(separator_sheet(*SIZE), dirt).rotate(turn, expand=True))


@pytest.mark.parametrize("dirt", [Dirt(0, 255, 0, 0), Dirt(2.0), Dirt(1.0, 200, 30, 4)])
def test_dirt_is_not_writing_and_one_word_is(dirt: Dirt) -> None:
    assert is_blank(scanned(Image.new("L", SIZE, 255), dirt))
    assert not is_blank(scanned(typed("M. Öhrn", size=SIZE), dirt))


def test_punch_holes_and_shadows_at_the_edge_are_not_writing() -> None:
    page = BLANK.copy()
    page.paste(60, (40, 600, 75, 635))
    page.paste(60, (40, 1100, 75, 1135))
    page.paste(90, (0, 0, SIZE[0], 20))
    assert is_blank(page)


def test_a_page_of_writing_is_neither() -> None:
    page = scanned(typed(size=(2480, 3508)))
    assert not is_separator(page)
    assert not is_blank(page)


@pytest.mark.parametrize(
    ("looks", "letters"),
    [
        ([W], [[0]]),
        ([W, S, W], [[0], [2]]),
        ([S, W, S, S, W, S], [[1], [4]]),
        ([W, B, W], [[0, 1], [2]]),
        ([B, W, B, B, W, B], [[0, 1, 2, 3], [4, 5]]),
        ([W, S, B], [[0, 2]]),
        ([B, B], [[0, 1]]),
        ([S, S], [[0, 1]]),
        ([W, B, S, W], [[0, 1], [3]]),
    ],
)
def test_runs_of_pages(looks: Sequence[PageLook], letters: list[list[int]]) -> None:
    assert group_pages(len(looks), looks.__getitem__) == letters


@given(st.lists(st.sampled_from([W, B, S]), min_size=1, max_size=40))
def test_every_page_but_the_sheets_is_in_exactly_one_letter(looks: list[PageLook]) -> None:
    letters = group_pages(len(looks), looks.__getitem__)
    held = [index for letter in letters for index in letter]
    kept = [index for index, look in enumerate(looks) if look is not S]
    assert held == (kept or list(range(len(looks))))
    if W in looks:
        assert all(any(looks[index] is W for index in letter) for letter in letters)


def test_a_page_that_cannot_be_looked_at_stays_with_its_letter() -> None:
    def look(index: int) -> PageLook:
        if index == 1:
            raise UnreadableDocument("skadad")
        return W

    assert group_pages(3, look) == [[0, 1, 2]]
