"""HTML as a tree, however its sender wrote it, and which of its elements nobody sees."""

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "meta", "link")
_HIDDEN = re.compile(
    r"display\s{0,5}:\s{0,5}none|mso-hide\s{0,5}:\s{0,5}all|(?<![\w-])opacity\s{0,5}:\s{0,5}0(?!\.?\d)", re.IGNORECASE
)
_NO_HEIGHT = re.compile(r"max-height\s{0,5}:\s{0,5}0(?!\.?\d)", re.IGNORECASE)
_CUT_OFF = re.compile(r"overflow\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
_FONT_SIZE = re.compile(r"(?<![\w-])font(?:-size)?\s{0,5}:\s{0,5}(0(?!\.?\d))?", re.IGNORECASE)
_VISIBILITY = re.compile(r"visibility\s{0,5}:\s{0,5}(hidden|collapse)?", re.IGNORECASE)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The parser wants no declaration of an encoding in a str.
_DECLARATION = re.compile(r"^\s{0,100}<\?xml[^>]{0,200}\?>")
# Content goes on behind these in every browser; for the parser they end it. Gateways write their notices there.
_ENDS = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
# An address or a link that somebody wrote between angle brackets and no program escaped.
_NO_TAG = re.compile(
    r"<((?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}|https?://[^\s<>\"']{1,500})>", re.IGNORECASE
)
_ANY_TAG = re.compile(rf"</?(?!(?:{'|'.join(DROPPED)})\b)[a-z!][^<>]{{0,5000}}>", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<[a-z!/?]", re.IGNORECASE)
_PAGE_BEGINS = re.compile(
    r"\s{0,200}<(?:!doctype html|(?:html|head|body|meta|style|div|p|table|span|font)(?:\s[^<>]{0,800})?>|html\b)",
    re.IGNORECASE,
)
_DATA_URI = re.compile(rb"data:[a-z0-9.+/;=\"-]{1,120},[A-Za-z0-9+/=%_\r\n-]{200,}", re.IGNORECASE)
# A box of so many elements is no hidden preview line, whatever size its letters are said to have.
_LARGE = 200


def without_data(html: bytes) -> bytes:
    """Return HTML without the pictures written into it as ``data:`` links (RFC 2397): they are no text."""
    return _DATA_URI.sub(b"data:,", html)


def has_tags(text: str) -> bool:
    """Whether a text has any markup in it."""
    return bool(_FIRST_TAG.search(text))


def is_page(text: str) -> bool:
    """Whether a text that is called plain is HTML: it begins with a tag of a page, and one is closed in it."""
    return bool(_PAGE_BEGINS.match(text[:1_000])) and ("</" in text or "<!" in text[:100])


def read_tree(html: str) -> HtmlElement | None:
    """Return the tree of a page, nothing when there is nothing in it.

    The parser drops what is nested deeper than it goes, without a word: then it may go deeper, and what is deeper
    still, which no mail program wrote, is read without its boxes.
    """
    clean = _NO_TAG.sub(r"&lt;\1&gt;", _ENDS.sub("", _DECLARATION.sub("", _NO_XML.sub("", html))))
    if not clean.strip():
        return None
    tree, whole = _parsed(clean, deep=False)
    if not whole:
        tree, whole = _parsed(clean, deep=True)
    return tree if whole else _parsed(_ANY_TAG.sub("<br>", clean), deep=True)[0]


def _parsed(html: str, *, deep: bool) -> tuple[HtmlElement | None, bool]:
    """Return the tree, and whether all of the page is in it."""
    parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=deep)
    try:
        tree = document_fromstring(html, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None, True
    return tree, not any("depth" in entry.message for entry in parser.error_log)


def is_hidden(element: HtmlElement) -> bool:
    """Whether nobody sees an element: so it says, or it cannot be seen and nothing inside says otherwise of itself."""
    style = element.get("style", "")
    if "hidden" in element.attrib or _HIDDEN.search(style) or (_NO_HEIGHT.search(style) and _CUT_OFF.search(style)):
        return True
    return any(_unseen(element, style, word) for word in (_FONT_SIZE, _VISIBILITY))


def _unseen(element: HtmlElement, style: str, word: re.Pattern[str]) -> bool:
    """Whether a property that what is inside inherits hides an element, and all that is inside."""
    found = word.search(style)
    if not found or not found.group(1):
        return False
    inside = list(islice(element.iterdescendants(), _LARGE))
    return len(inside) < _LARGE and not any(_shows_again(one, word) for one in inside)


def _shows_again(element: HtmlElement, word: re.Pattern[str]) -> bool:
    values = word.findall(element.get("style", ""))
    return bool(values and not values[-1]) or (word is _FONT_SIZE and "size" in element.attrib)
