"""The picture of a page becomes its text, with every word's place and confidence."""

import io
from statistics import fmean

from PIL import Image, ImageFilter

from cases.inbound.documents import ReadPage, ReadWord
from ingest.paper.limits import PICTURE_WIDTH
from ingest.paper.straighten import straighten
from ingest.paper.tesseract import FoundWord, Tesseract

_GOOD = 75.0
"""Mean confidence of a page that surely stands upright; below it the other three ways are thought of."""

_LEAST_CONFIDENCE = 25
"""Words less sure than this are specks and shadows; left out they mislead nobody, and the picture shows them."""

_SHORT_SIDE = (1900, 3000)
"""Pixels across the short side of a page between which Tesseract reads best: A4 at 230 to 360 dots an inch."""


def recognise(picture: Image.Image, number: int, tesseract: Tesseract | None) -> ReadPage:
    """The page, read where Tesseract is at hand; always with the upright picture for the reader."""
    page = straighten(_sized(picture.convert("L")))
    if tesseract is None:
        return ReadPage(number, "", image=shown(page))
    clean = page.filter(ImageFilter.MedianFilter(3))
    words = tesseract.words(clean)
    if _confidence(words) < _GOOD:
        page, words = _turned(page, clean, words, tesseract)
    text, found = _laid_out(words, page.size)
    return ReadPage(number, text, found, shown(page))


def _turned(
    page: Image.Image, clean: Image.Image, words: list[FoundWord], tesseract: Tesseract
) -> tuple[Image.Image, list[FoundWord]]:
    """The page turned as Tesseract thinks it stands, where its words are surer so."""
    degrees = tesseract.turn(clean)
    if not degrees:
        return page, words
    turned = straighten(page.rotate(-degrees, expand=True))
    again = tesseract.words(turned.filter(ImageFilter.MedianFilter(3)))
    return (turned, again) if _confidence(again) > _confidence(words) else (page, words)


def _confidence(words: list[FoundWord]) -> float:
    return fmean(word.confidence for word in words) if words else 0.0


def _sized(page: Image.Image) -> Image.Image:
    least, most = _SHORT_SIDE
    short = min(page.size)
    factor = least / short if short < least else most / short if short > most else 1.0
    factor = min(factor, 3.0)
    if factor == 1.0:
        return page
    size = (max(1, round(page.width * factor)), max(1, round(page.height * factor)))
    return page.resize(size, Image.Resampling.LANCZOS)


def shown(page: Image.Image) -> bytes:
    """The picture for the reader: grey JPEG, no wider than needed."""
    small = page
    if page.width > PICTURE_WIDTH:
        height = max(1, round(page.height * PICTURE_WIDTH / page.width))
        small = page.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.convert("L").save(out, "JPEG", quality=70, optimize=True)
    return out.getvalue()


def _laid_out(words: list[FoundWord], size: tuple[int, int]) -> tuple[str, tuple[ReadWord, ...]]:
    """Words as text, a line break after each line and an empty line between paragraphs, and where each word stands."""
    text, found = "", []
    before: FoundWord | None = None
    for word in words:
        if word.confidence < _LEAST_CONFIDENCE:
            continue
        if before is not None:
            text += "\n\n" if word.block != before.block else "\n" if word.line != before.line else " "
        found.append(_placed(word, len(text), size))
        text += word.text
        before = word
    return text, tuple(found)


def _placed(word: FoundWord, start: int, size: tuple[int, int]) -> ReadWord:
    (left, top, width, height), (across, down) = word.box, size
    place = (left / across, top / down, width / across, height / down)
    return ReadWord(start, start + len(word.text), round(word.confidence), *(round(part, 4) for part in place))
