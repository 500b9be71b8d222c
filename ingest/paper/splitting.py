"""Several letters in one scan: where a separator sheet or a blank page parts them, and each as a file of its own."""

from collections.abc import Callable
from enum import Enum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from ingest.documents.errors import UnreadableDocument
from ingest.documents.kinds import DocumentKind, document_kind
from ingest.documents.pdf import cut_pdf, open_pdf, page_picture, page_text
from ingest.documents.pictures import cut_tiff, frame, frame_count, open_picture
from ingest.paper.limits import Limits

_LOOK_DPI = 200
"""Dots an inch at which a page is drawn before it is made small: a scanner's noise must have something to drown in."""

_LOOK_WIDTH, _MEDIAN_WIDTH = 480, 1240
_BARS = 7
_BAR_SHARE = 1 / (2 * _BARS + 1)
"""A bar's height as a share of the sheet's; bars, gaps and margins are equally high."""

_SOLID = 0.75
_TOLERANCE = 0.45
_SPECKS = 16
"""Dark spots, half a millimetre across, that a blank page may have; a short word has more, dust seldom."""

_DARKER = 40
"""Grades of grey by which a spot is darker than the paper when it is ink."""

_MARGIN_DOWN, _MARGIN_ACROSS = 0.03, 0.08
"""Edges that are not looked at: shadows, and punch holes."""


class PageLook(Enum):
    """What a page is to a stack of letters."""

    WRITTEN = "written"
    BLANK = "blank"
    SEPARATOR = "separator"


Look = Callable[[int], PageLook]

MAX_PAGES = 500
"""Pages looked at in one scan; the rest stay with the last letter."""


def split_letters(content: bytes, limits: Limits, *, on_blank: bool = True) -> list[bytes]:
    """The letters in a scanned PDF or TIFF, each as a file; the content itself where it holds one letter or is neither.

    A separator sheet belongs to no letter. With ``on_blank`` a blank page ends one and stays with it: should it not be
    blank after all, nobody's words are lost.
    """
    kind = document_kind(content)
    try:
        if kind is DocumentKind.PDF:
            return _split_pdf(content, limits, on_blank=on_blank)
        if kind is DocumentKind.PICTURE:
            return _split_tiff(content, limits, on_blank=on_blank)
    except UnreadableDocument:
        return [content]
    return [content]


def _split_pdf(content: bytes, limits: Limits, *, on_blank: bool) -> list[bytes]:
    with open_pdf(content) as document:

        def look(index: int) -> PageLook:
            if page_text(document, index):
                return PageLook.WRITTEN
            return _look(page_picture(document, index, limits.pixels, _LOOK_DPI), on_blank=on_blank)

        letters = group_pages(len(document), look)
        if letters == [list(range(len(document)))]:
            return [content]
        return [cut_pdf(document, pages) for pages in letters]


def _split_tiff(content: bytes, limits: Limits, *, on_blank: bool) -> list[bytes]:
    with open_picture(content) as picture:
        count = frame_count(picture)
        letters = group_pages(count, lambda index: _look(frame(picture, index, limits.pixels), on_blank=on_blank))
        if letters == [list(range(count))]:
            return [content]
        return [cut_tiff(picture, pages, limits.pixels) for pages in letters]


def _look(page: Image.Image, *, on_blank: bool) -> PageLook:
    if is_separator(page):
        return PageLook.SEPARATOR
    return PageLook.BLANK if on_blank and is_blank(page) else PageLook.WRITTEN


def group_pages(count: int, look: Look) -> list[list[int]]:
    """Page indices by letter, in order: each index once, but for those of separator sheets, which are in none.

    Where nothing is written on any page all of them are one letter.
    """
    letters: list[list[int]] = [[]]
    written = ended = False
    for index in range(count):
        seen = _quietly(look, index) if index < MAX_PAGES else PageLook.WRITTEN
        if seen is PageLook.SEPARATOR or (seen is PageLook.WRITTEN and ended):
            if written:
                letters.append([])
            written = ended = False
        if seen is not PageLook.SEPARATOR:
            letters[-1].append(index)
            written = written or seen is PageLook.WRITTEN
            ended = written and seen is PageLook.BLANK
    if len(letters) > 1 and not written:
        # Blank pages at the end of the stack are the last letter's backs.
        letters[-2:] = [letters[-2] + letters[-1]]
    return [pages for pages in letters if pages] or [list(range(count))]


def _quietly(look: Look, index: int) -> PageLook:
    """A page that cannot be looked at parts nothing: it stays with its letter, where a person sees it."""
    try:
        return look(index)
    except UnreadableDocument:
        return PageLook.WRITTEN


def is_blank(page: Image.Image) -> bool:
    """Whether a page has nothing on it but paper, dust, shadow at the edges and punch holes."""
    grey = _small(page)
    down, across = round(grey.shape[0] * _MARGIN_DOWN), round(grey.shape[1] * _MARGIN_ACROSS)
    inner = grey[down : len(grey) - down, across:-across]
    return int((inner < np.median(inner) - _DARKER).sum()) <= _SPECKS


def is_separator(page: Image.Image) -> bool:
    """Whether a page is the separator sheet, whichever way up or across it lay."""
    grey = _small(page)
    return _barred(grey) or _barred(grey.T)


def separator_sheet(width: int = 2480, height: int = 3508) -> Image.Image:
    """The sheet to print and lay between letters: seven bars across the page."""
    sheet = Image.new("L", (width, height), 255)
    draw, bar = ImageDraw.Draw(sheet), height * _BAR_SHARE
    for number in range(_BARS):
        top = round(bar * (2 * number + 1))
        draw.rectangle((0, top, width, round(top + bar)), fill=0)
    return sheet


def _barred(grey: NDArray[np.int16]) -> bool:
    """Whether the middle of the page, from top to bottom, is seven black bars as high as the gaps between them."""
    across = grey.shape[1]
    strips = [grey[:, int(across * at) : int(across * at) + max(4, across // 12)] for at in (0.3, 0.5, 0.65)]
    return all(_bars(strip) for strip in strips)


def _bars(strip: NDArray[np.int16]) -> bool:
    dark = (strip < 110).mean(axis=1) > _SOLID
    changes = np.flatnonzero(np.diff(dark.astype(np.int8)))
    if len(changes) != 2 * _BARS or dark[0]:
        return False
    bar = len(dark) * _BAR_SHARE
    return all(abs(b - a - bar) < bar * _TOLERANCE for a, b in pairwise(changes.tolist()))


def _small(page: Image.Image) -> NDArray[np.int16]:
    """A small grey copy without single specks: each middle one of nine is taken before the noise is averaged away."""
    middle = _resized(page.convert("L"), _MEDIAN_WIDTH).filter(ImageFilter.MedianFilter(3))
    return np.asarray(_resized(middle, _LOOK_WIDTH), dtype=np.int16)


def _resized(page: Image.Image, width: int) -> Image.Image:
    height = max(8, min(round(page.height * width / page.width), 4 * width))
    return page.resize((width, height), Image.Resampling.BOX)
