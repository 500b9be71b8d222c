"""HTML made plain by lxml and inscriptis, with the places marked where a mail program began to quote."""

import re
from html import unescape
from itertools import islice

from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement as LayoutElement
from lxml import etree
from lxml.html import HtmlElement

from ingest.reading.markup.flowed import plain_lines
from ingest.reading.markup.htmltree import DROPPED, has_tags, is_hidden, read_tree
from ingest.reading.markup.links import meant
from ingest.reading.markup.stylesheets import hide_by_stylesheet
from ingest.reading.notes import Notes

QUOTE_BEGINS = "\ue0f0"
QUOTE_ENDS = "\ue0f1"
SIGNATURE_BEGINS = "\ue0f2"
SIGNATURE_ENDS = "\ue0f3"
MARKS = re.compile("[\ue0f0-\ue0f3]")

# What the programs call the box they put the earlier mail in: Gmail, Yahoo, ProtonMail, Windows Live, Thunderbird,
# Tutanota, Freshdesk, Front, Airmail, mail.ru, Zoho, HubSpot. Outlook puts x_ before foreign names, Gmail a number.
_QUOTE_CLASS = re.compile(
    r"(?:^|\s)(?:x_)*(?:m_-?\d{1,30})?(?:gmail_quote(?:_container)?|gmail_attr|(?:ydp\w{1,12})?yahoo_quoted|yahoo-quoted|protonmail_quote|tutanota_quote"
    r"|ecxhmquote|moz-cite-prefix|moz-forward-container|moz-email-headers-table|freshdesk_quote|front-blockquote"
    r"|airmail_on|mail_quote|mailru-blockquote|zmail_extra|hs_reply|hse-quote)(?:\s|$)",
    re.IGNORECASE,
)
_QUOTE_ID = re.compile(
    r"^(?:x_|ydp[0-9a-f]{1,12})*(?:OLK_SRC_BODY_SECTION|yahoo_quoted_\d+|mail-editor-reference-message-container|reply-intro)"
)
# Empty lines and boxes behind which, to the end of the mail, the earlier mail stands: Outlook, Hotmail, Zimbra.
_QUOTE_START = re.compile(
    r"^(?:x_|ecx)*(?:divRplyFwdMsg|appendonsend|stopSpelling|replySplit|zwchr|ms-outlook-mobile-body-separator-line)"
)
_QUOTE_START_CLASS = re.compile(r"(?:^|\s)(?:x_)*ms-outlook-mobile-reference-message(?:\s|$)")
# The line that Outlook draws above the headers of the earlier mail, whatever language they are in.
_OUTLOOK_LINE = re.compile(
    r"border-top\s?:\s?(?:solid\s[^;]{1,20}1\.0pt|1(?:\.0)?pt solid)|border-style\s?:\s?solid none none", re.IGNORECASE
)
_ONE_POINT = re.compile(r"(?<![\d.])1(?:\.0)?pt", re.IGNORECASE)
# The indent button makes a blockquote too; it has no line at its side, and nobody introduces it.
_INDENT = re.compile(r"border\s{0,3}:\s{0,3}(?:none|0)", re.IGNORECASE)
_MARGIN = re.compile(r"margin", re.IGNORECASE)
_BORDER = re.compile(r"border", re.IGNORECASE)
_INTRODUCED = re.compile(r"@|\d[:.]\d\d\b|\b(?:19|20)\d\d\b|----|[:：]\s{0,5}$")
_SIGNATURE = re.compile(
    r"(?:^|\s)(?:x_)*(?:m_-?\d{1,30})?(?:gmail_signature|moz-signature|protonmail_signature_block|zmail_signature)(?:\s|$)|^Signature$|^ms-outlook-mobile-signature$"
)
# Boxes that begin a line in every browser, and that the library takes for words within one.
_BOXES = (
    *("section", "center", "fieldset", "form", "dl", "dt", "dd", "details", "summary", "option", "legend", "caption"),
    *("menu", "dir", "hr"),
)
_CSS = STRICT_CSS_PROFILE | {name: LayoutElement(display=Display.block) for name in _BOXES}
_CONFIG = ParserConfig(css=_CSS, display_images=False, display_links=False)
_MAILTO = re.compile(r"mailto:([\w.+=-]{1,64}@[\w.-]{3,190})(?:\?|$)", re.IGNORECASE)
_BLANKS = re.compile(r"\n{3,}")
_LONG_CELL = 100
_MAX_ELEMENTS = 15_000


def html_to_text(html: str, notes: Notes) -> str:
    """Return HTML as readable lines, with the quote marks of this module in it; never fetches anything."""
    if not has_tags(html):
        return unescape(html).strip("\n")  # plain text that is called HTML: its lines are lines
    tree = read_tree(html)
    if tree is None:
        return ""
    hide_by_stylesheet(tree)
    large = tree.xpath("count(//*)") > _MAX_ELEMENTS
    text = None if large else _laid_out(tree)
    if text is None:
        notes.add("HTML beyond its reader")
        text = _large(tree) if large else _in_order(tree).replace("&amp;", "&")
    lines = [line.rstrip() for line in plain_lines(text).split("\n")]
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def _laid_out(tree: HtmlElement) -> str | None:
    """Return the text with its lists and tables laid out, or nothing when the library gives up on it."""
    elements = list(tree.iter(etree.Element))
    for element in elements:
        _keep_signs(element)
    _prepare(elements)
    try:
        return str(Inscriptis(tree, _CONFIG).get_text())
    except (RecursionError, ValueError, AttributeError, IndexError):
        return None


def _large(tree: HtmlElement) -> str:
    """Return the text of a page of very many elements; only those are looked at that can be hidden or a quote."""
    etree.strip_elements(tree, *DROPPED, with_tail=False)
    _prepare(tree.xpath("//*[@style or @hidden or @class or @id or self::blockquote]"))
    return _in_order(tree)


def _in_order(tree: HtmlElement) -> str:
    return "\n".join(piece.strip() for piece in tree.itertext() if piece.strip())


def _prepare(elements: list[HtmlElement]) -> None:
    """Drop what nobody sees and mark where quotes and signatures begin and end."""
    doomed, layouts = [], []
    for element in elements:
        if element.tag in DROPPED or is_hidden(element):
            doomed.append(element)
            continue
        if element.tag == "table" and _is_layout(element):
            layouts.append(element)
        _mark_place(element)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    for table in layouts:
        _unfold(table)


def _keep_signs(element: HtmlElement) -> None:
    """Write ``&`` in text as the library wants it, which undoes character references that are undone already."""
    if element.text and "&" in element.text:
        element.text = element.text.replace("&", "&amp;")
    if element.tail and "&" in element.tail:
        element.tail = element.tail.replace("&", "&amp;")


def _mark_place(element: HtmlElement) -> None:
    """Mark an element that begins a quote or a signature, and write out a link's target."""
    starts = _QUOTE_START.search(element.get("id", "")) or _QUOTE_START_CLASS.search(element.get("class", ""))
    if starts or _is_outlook_block(element):
        _mark(element, QUOTE_BEGINS, "")
    elif _is_quote(element):
        _mark(element, QUOTE_BEGINS, QUOTE_ENDS)
    elif _SIGNATURE.search(element.get("class", "")) or _SIGNATURE.search(element.get("id", "")):
        _mark(element, SIGNATURE_BEGINS, SIGNATURE_ENDS)
    elif element.tag == "a":
        _show_target(element)
    elif element.tag == "img" and _is_sign(element.get("alt", "")):
        element.tail = element.get("alt", "") + (element.tail or "")


def _is_sign(alt: str) -> bool:
    """Whether a picture stands for a sign of its own, as mail programs set smileys: no letters, and not ASCII."""
    return 0 < len(alt) < 12 and min(alt) > "\u203b" and not any(map(str.isalpha, alt))


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table only places things on the page: tables in it, or cells of several lines."""
    inner = table.iter("table")
    next(inner)
    if next(inner, None) is not None:
        return True
    return any(map(_has_lines, table.iter("td", "th")))


def _has_lines(cell: HtmlElement) -> bool:
    """Whether a cell holds more than one line of text."""
    broken = any((line_break.tail or "").strip() != "" for line_break in cell.iter("br"))
    return broken or sum(1 for _ in cell.iter("p", "div", "li")) > 1 or sum(map(len, cell.itertext())) > _LONG_CELL


def _unfold(table: HtmlElement) -> None:
    """Turn a table's own rows and cells into blocks below each other, so that no line mixes two cells."""
    for group in (table, *table.iterchildren("tbody", "thead", "tfoot")):
        for row in group.iterchildren("tr"):
            row.tag = "div"
            for cell in row.iterchildren("td", "th"):
                cell.tag = "div"
    table.tag = "div"


def _is_quote(element: HtmlElement) -> bool:
    if _is_answered_within(element):
        return False
    if _QUOTE_CLASS.search(element.get("class", "")) or _QUOTE_ID.search(element.get("id", "")):
        return True
    if element.tag == "blockquote":
        return bool(element.get("type") or element.get("class") or element.get("cite")) or not _is_indented(element)
    return bool(element.tag == "div" and element.get("name") == "quote")  # GMX and web.de


def _is_indented(element: HtmlElement) -> bool:
    """Whether a blockquote only moves words to the right: so it says, or it has a margin and nobody introduces it."""
    style = element.get("style", "")
    if _INDENT.search(style) or not _MARGIN.search(style) or _BORDER.search(style):
        return bool(_INDENT.search(style))
    above = element.getprevious()
    before = "".join(above.itertext())[-200:] + (above.tail or "") if above is not None else ""
    head = "".join(islice(element.itertext(), 20))[:200]
    return not (_INTRODUCED.search(before.strip()) or _INTRODUCED.search(head))


def _is_answered_within(element: HtmlElement) -> bool:
    """Whether Gmail's box holds words between or behind the quotes in it: then only those are quotes."""
    if element.tag != "div" or "gmail_quote" not in element.get("class", ""):
        return False
    quotes = element.findall("blockquote")
    return any((quote.tail or "").strip() or _own_words(quote) for quote in quotes)


def _own_words(quote: HtmlElement) -> bool:
    """Whether the boxes behind a quote, up to the next, say something that is no signature."""
    for box in quote.itersiblings():
        if box.tag == "blockquote" or _SIGNATURE.search(box.get("class", "")):
            return False
        if "".join(box.itertext()).strip(" \n\r\t\xa0-") or (box.tail or "").strip(" \n\r\t\xa0-"):
            return not box.xpath(".//*[contains(@class, 'gmail_signature')]")
    return False


def _is_outlook_block(element: HtmlElement) -> bool:
    """Whether a box is Outlook's line above the earlier mail's headers: three or more bold words with a colon."""
    style = element.get("style", "")
    if element.tag != "div" or not _OUTLOOK_LINE.search(style) or not _ONE_POINT.search(style):
        return False
    labels = ["".join(islice(bold.itertext(), 10)).strip() for bold in islice(element.iter("b", "strong"), 20)]
    return sum(label.endswith((":", "：")) for label in labels) >= 3


def _mark(element: HtmlElement, begins: str, ends: str) -> None:
    """Put a mark on its own line before the element's text and, when it encloses all of the quote, one behind it."""
    opening = etree.Element("div")
    opening.text = begins
    opening.tail = element.text
    element.text = None
    element.insert(0, opening)
    if ends:
        closing = etree.SubElement(element, "div")
        closing.text = ends


def _show_target(anchor: HtmlElement) -> None:
    """Write a link's target behind its words, when they do not show it already: a page, or somebody's address."""
    target = meant(anchor.get("href", ""))
    words = "".join(anchor.itertext()).strip().replace("&amp;", "&")
    if words and "@" not in words and (mailto := _MAILTO.match(target)):
        _write_behind(anchor, f" <{mailto.group(1)}>")
        return
    if not target.lower().startswith(("http://", "https://")) or len(target) > 200 or not words:
        return
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", target.lower())
    if bare[:30] not in words.lower():
        _write_behind(anchor, f" <{target}>".replace("&", "&amp;"))


def _write_behind(anchor: HtmlElement, shown: str) -> None:
    if len(anchor):
        anchor[-1].tail = (anchor[-1].tail or "") + shown
    else:
        anchor.text = (anchor.text or "") + shown
