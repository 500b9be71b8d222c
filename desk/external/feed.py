"""An Atom feed (RFC 4287), written with the standard library: well-formed whatever a title holds."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
Entry = tuple[str, date, str, str]
"""Number, day, title and a line of text."""


def atom(url: str, title: str, author: str, entries: Sequence[Entry], query: str = "") -> bytes:
    """The feed of a register below ``url``, or of what a ``query`` finds there, which is a feed of its own.

    Each entry's id is a tag URI (RFC 4151), the same however the register moves.
    """
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    found = f"?{query}" if query else ""
    here = f"{url}/oppet/arenden.atom{found}"
    _add(feed, "id", here)
    _add(feed, "title", title)
    _add(feed, "updated", _moment(max((day for _, day, _, _ in entries), default=date(1970, 1, 1))))
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": here})
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{url}/oppet/arenden{found}"})
    _add(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", author)
    host = urlsplit(url).hostname or "localhost"
    for number, day, words, where in entries:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", f"tag:{host},{day.isoformat()}:{quote(number, safe='')}")
        _add(entry, "title", f"{number} {words}")
        _add(entry, "updated", _moment(day))
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": f"{url}/oppet/arenden/{quote(number)}"})
        _add(entry, "summary", where or words)
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ET.Element, name: str, text: str) -> None:
    # XML 1.0 has no way to write most control characters.
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(c for c in text if c.isprintable())


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
