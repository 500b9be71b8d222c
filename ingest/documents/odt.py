"""The text of an OpenDocument text (.odt, ISO/IEC 26300): paragraphs, headings, tabs and spaces as written."""

from collections.abc import Iterator

from lxml import etree

from ingest.documents.errors import UnreadableDocument
from ingest.documents.zipped import BROKEN, open_parts, read_part

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LINES = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_SPACES = f"{_TEXT}s"
# Words that were struck out, and remarks about the words, are not the letter.
_LEFT_OUT = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation"})


def read_odt(content: bytes) -> str:
    """The text, a line a paragraph. Raises UnreadableDocument."""
    raw = read_part(open_parts(content), "content.xml")
    # Entities are left alone and nothing is fetched; depth and text length are bounded by the parser itself.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(BROKEN) from error
    body = root.find(f".//{_OFFICE}text")
    return "" if body is None else "".join(_pieces(body)).strip("\n")


def _pieces(element: etree._Element) -> Iterator[str]:
    if element.tag in _LEFT_OUT or not isinstance(element.tag, str):
        return
    if element.tag == _SPACES:
        yield " " * min(_count(element.get(f"{_TEXT}c", "1")), 100)
    yield _SIGNS.get(element.tag, "")
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if element.tag in _LINES:
        yield "\n"


def _count(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 5 else 1
