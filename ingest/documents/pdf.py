"""PDF pages: their text layer where it can be trusted, their picture where it cannot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image

from ingest.documents.errors import UnreadableDocument

_DPI = 300
_POINTS = 72
_LOCKED = "Inte läst av maskin: filen är skyddad med lösenord."
_BROKEN = "Inte läst av maskin: PDF-filen är skadad."
_LEAST_CHARS = 20
"""Signs below which a text layer is a page number or a stamp over a scan."""

_LEAST_READABLE = 0.8
"""Share of letters, digits and common signs below which a text layer is noise of a lost character map."""


@contextmanager
def open_pdf(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, its forms' answers drawn in. Raises UnreadableDocument."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        raise UnreadableDocument(_LOCKED if locked else _BROKEN) from error
    try:
        if document.get_formtype():
            document.init_forms()
        yield document
    finally:
        document.close()


def page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    """The text layer of a page, answers of a form included; empty where there is none to trust."""
    page = _page(document, index)
    try:
        textpage = page.get_textpage()
        try:
            text = textpage.get_text_bounded(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        finally:
            textpage.close()
    except pypdfium2.PdfiumError:
        return ""
    finally:
        page.close()
    return text if _trusted(text) else ""


def page_picture(document: pypdfium2.PdfDocument, index: int, pixels: int, dpi: float = _DPI) -> Image.Image:
    """The grey picture of a page with at most so many pixels. Raises UnreadableDocument."""
    page = _page(document, index)
    try:
        width, height = (max(1.0, side / _POINTS) for side in page.get_size())
        scale = min(dpi, (pixels / (width * height)) ** 0.5) / _POINTS
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise UnreadableDocument(_BROKEN) from error
    finally:
        page.close()
    return picture


def cut_pdf(document: pypdfium2.PdfDocument, indices: Sequence[int]) -> bytes:
    """A document of these pages alone: nothing of the others goes along."""
    piece = pypdfium2.PdfDocument.new()
    try:
        piece.import_pages(document, list(indices))
        out = BytesIO()
        piece.save(out)
        return out.getvalue()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(_BROKEN) from error
    finally:
        piece.close()


def _page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    try:
        page = document[index]
        if document.formenv is None:
            return page
        # Only what is drawn on the page is text of it: an answer must be drawn first.
        page.flatten()
        page.close()
        return document[index]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(_BROKEN) from error


def _trusted(text: str) -> bool:
    signs = "".join(text.split())
    if len(signs) < _LEAST_CHARS:
        return False
    readable = sum(sign.isalnum() or sign in ".,;:!?()/-+%&@\"'–’”…_*#=§€" for sign in signs)
    return readable / len(signs) >= _LEAST_READABLE
