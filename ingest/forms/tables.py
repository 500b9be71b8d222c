"""Questions and answers in the tables and lists of an HTML mail."""

from collections.abc import Iterator, Mapping
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ingest.forms.source import Pair, fold

_MAX_HTML = 2_000_000
_MAX_PAIRS = 2_000
_MAX_ROWS, _MAX_CELLS = 2_000, 30
_BREAKS = ("br", "p", "div", "li", "tr")


def read_tables(html: str, known: Mapping[str, str]) -> list[Pair]:
    """Rows of two cells, a row of questions above one of answers, a question above its answer, and ``dl`` lists."""
    tree = _tree(html[:_MAX_HTML].replace("\x00", ""))
    if tree is None:
        return []
    pairs = [pair for rows in _tables(tree) for pair in _of_rows(rows, known)]
    for listing in islice(tree.iter("dl"), _MAX_ROWS):
        pairs += _of_list(listing)
    return pairs[:_MAX_PAIRS]


def _tree(html: str) -> HtmlElement | None:
    if not html.strip():
        return None
    try:
        return document_fromstring(html, parser=HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _tables(tree: HtmlElement) -> list[list[list[str]]]:
    """The rows of each table itself; a cell that holds another table is layout, and that table is read by itself."""
    tables: dict[HtmlElement, list[list[str]]] = {}
    for row in islice(tree.iter("tr"), _MAX_ROWS):
        table = next(row.iterancestors("table"), None)
        cells = [cell for cell in row if cell.tag in ("td", "th")][:_MAX_CELLS]
        if table is not None and not any(cell.find(".//table") is not None for cell in cells):
            tables.setdefault(table, []).append([_words(cell) for cell in cells])
    return list(tables.values())


def _of_rows(rows: list[list[str]], known: Mapping[str, str]) -> Iterator[Pair]:
    heads: list[str] = []
    for row in rows:
        if heads and len(heads) == len(row):
            yield from (Pair((head,), value) for head, value in zip(heads, row, strict=True))
            heads = []
            continue
        folded = [fold(cell) for cell in row]
        asked = sum(label in known for label in folded)
        if asked and asked == len(row):
            heads = folded
        elif len(row) >= 2:
            heads = []
            yield Pair((folded[0],), "\n".join(cell for cell in row[1:] if cell))


def _of_list(listing: HtmlElement) -> Iterator[Pair]:
    label = ""
    for item in islice(listing, 2 * _MAX_ROWS):
        if item.tag == "dt":
            label = fold(_words(item))
        elif item.tag == "dd" and label:
            yield Pair((label,), _words(item))


def _words(cell: HtmlElement) -> str:
    """The text of a cell, its lines kept."""
    pieces: list[str] = []
    for step, element in etree.iterwalk(cell, events=("start", "end")):
        if step == "start":
            pieces.append("\n" if element.tag in _BREAKS else "")
            pieces.append(_flat(element.text))
        elif element is not cell:
            pieces.append(_flat(element.tail))
    lines = "".join(pieces).replace("\xa0", " ").split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _flat(text: str | None) -> str:
    if not text:
        return ""
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() and words else ''}"
