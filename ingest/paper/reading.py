"""Bytes of a document in, what it says out: pure, and slow enough that it is run in a process of its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from PIL import Image

from cases.inbound.documents import DocumentText, ReadPage
from ingest.documents.errors import UnreadableDocument
from ingest.documents.kinds import DocumentKind, document_kind
from ingest.documents.odt import read_odt
from ingest.documents.pdf import open_pdf, page_picture, page_text
from ingest.documents.pictures import frame, frame_count, open_picture
from ingest.documents.plain import read_plain, read_rtf
from ingest.documents.word import read_word
from ingest.paper.limits import MAX_TEXT_CHARS, Limits
from ingest.paper.recognise import recognise
from ingest.paper.tesseract import Tesseract, find_tesseract

_OLD_WORD = "Inte läst av maskin: filen är ett äldre Word-format (.doc). Be om den som PDF eller .docx."
_UNKNOWN = "Inte läst av maskin: filtypen kan inte läsas här."
_EMPTY = "Ingen text hittades."
_RESERVE = 0.85
"""Share of the time after which no further page is begun, so that the pages read so far are handed over."""

_LEGIBLE = 60
"""Mean confidence of a page's words below which they are guesses; print has above 90, also from a poor scan."""

_WRITING = 15
"""Guesses from which a page holds writing; a photo of a thing gives fewer."""

_TEXTS: dict[DocumentKind, Callable[[bytes], str]] = {
    DocumentKind.WORD: read_word,
    DocumentKind.ODT: read_odt,
    DocumentKind.RTF: read_rtf,
    DocumentKind.TEXT: read_plain,
}


def read_document(content: bytes, content_type: str, limits: Limits, folder: Path) -> DocumentText:
    """What a document says, page by page where it has pages; never raises for what the bytes are.

    ``content_type`` is the declared media type; ``folder`` an empty one for Tesseract's pictures.
    """
    kind = document_kind(content, content_type)
    try:
        if kind is DocumentKind.PDF:
            return _Paged(limits, folder).pdf(content)
        if kind is DocumentKind.PICTURE:
            return _Paged(limits, folder).picture(content)
        if kind in _TEXTS:
            return _plain(_TEXTS[kind](content))
        return unread(_OLD_WORD if kind is DocumentKind.OLD_WORD else _UNKNOWN)
    except UnreadableDocument as error:
        return unread(str(error))


def unread(note: str) -> DocumentText:
    """Nothing read, and why."""
    return DocumentText("", (), machine_read=False, note=note)


def _plain(text: str) -> DocumentText:
    kept = text[:MAX_TEXT_CHARS].strip("\n")
    return DocumentText(kept, (ReadPage(1, kept),), note="" if kept.strip() else _EMPTY)


def legible(page: ReadPage) -> bool:
    """Whether what was recognised is words and not guesses."""
    return fmean(word.confidence for word in page.words) >= _LEGIBLE


class _Paged:
    """The reading of one document that has pages; scans are recognised where Tesseract is at hand."""

    def __init__(self, limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._end = time.monotonic() + limits.seconds * _RESERVE
        self._looked = False
        self._tesseract: Tesseract | None = None
        self._notes: list[str] = []
        self._missed = False

    def pdf(self, content: bytes) -> DocumentText:
        """The pages of a PDF: text where it is text, else recognised."""
        with open_pdf(content) as document:
            count = len(document)

            def read(index: int) -> ReadPage:
                text = page_text(document, index)
                if text:
                    return ReadPage(index + 1, text)
                return self._scan(page_picture(document, index, self._limits.pixels), index)

            return self._result(list(self._pages(count, read)), count)

    def picture(self, content: bytes) -> DocumentText:
        """The pages of a picture, several in a TIFF."""
        with open_picture(content) as picture:
            count = frame_count(picture)
            pages = self._pages(count, lambda index: self._scan(frame(picture, index, self._limits.pixels), index))
            return self._result(list(pages), count)

    def _pages(self, count: int, read: Callable[[int], ReadPage]) -> Iterator[ReadPage]:
        for index in range(min(count, self._limits.pages)):
            if index and time.monotonic() > self._end:
                return
            try:
                yield read(index)
            except UnreadableDocument as error:
                if count == 1:
                    raise
                # One bad page of many is told of; the others are read.
                self._note(f"Sida {index + 1}: {error}")
                self._missed = True
                yield ReadPage(index + 1, "")

    def _scan(self, picture: Image.Image, index: int) -> ReadPage:
        page = recognise(picture, index + 1, self._reader())
        self._missed = self._missed or self._tesseract is None
        if not page.words or legible(page):
            return page
        # Guesses at handwriting, or at a photo of a road, would mislead the reader, the search and the model.
        if len(page.words) >= _WRITING:
            self._missed = True
            self._note(f"Sida {page.number} är inte läst av maskin: den är handskriven eller otydlig.")
        return replace(page, text="", words=())

    def _reader(self) -> Tesseract | None:
        if not self._looked:
            self._looked = True
            try:
                self._tesseract = find_tesseract(self._limits.tesseract, self._limits.languages, self._folder)
            except UnreadableDocument as error:
                self._note(str(error))
        return self._tesseract

    def _note(self, text: str) -> None:
        if text not in self._notes and len(self._notes) < 5:
            self._notes.append(text)

    def _result(self, pages: list[ReadPage], count: int) -> DocumentText:
        if len(pages) < count:
            self._note(f"Bara de första {len(pages)} av {count} sidor är lästa.")
        text = "\n\n".join(page.text.strip() for page in pages if page.text.strip())[:MAX_TEXT_CHARS]
        if not text and not self._missed:
            self._note(_EMPTY)
        return DocumentText(text, tuple(pages), machine_read=bool(text) or not self._missed, note=" ".join(self._notes))
