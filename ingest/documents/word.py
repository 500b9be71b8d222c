"""The text of a Word file (.docx): paragraphs and tables in the order they stand."""

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from ingest.documents.errors import UnreadableDocument
from ingest.documents.zipped import BROKEN, open_parts

_MAX_DEPTH = 8


def read_word(content: bytes) -> str:
    """The text, a line a paragraph, a table's cells with tabs between. Raises UnreadableDocument."""
    open_parts(content)
    try:
        document = docx.Document(io.BytesIO(content))
        return "\n".join(_lines(document, 0))
    except Exception as error:  # the library meets a damaged file with whatever error comes first
        raise UnreadableDocument(BROKEN) from error


def _lines(holder: Document | _Cell, depth: int) -> Iterator[str]:
    for item in holder.iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        elif depth < _MAX_DEPTH:
            yield from _rows(item, depth + 1)


def _rows(table: Table, depth: int) -> Iterator[str]:
    for row in table.rows:
        seen: list[str] = []
        for cell in row.cells:
            text = "\n".join(_lines(cell, depth)).strip()
            # A merged cell is given once for each column it covers.
            if not seen or seen[-1] != text:
                seen.append(text)
        yield "\t".join(seen)
