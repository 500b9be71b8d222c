"""Headers written so plainly that no two readers read them differently: of these nobody else need be asked."""

import re
from datetime import datetime

from cases.inbound.messages import Mailaddress
from ingest.reading.dates import read_date

_ADDRESS = r"[\w.+=-]{1,128}@[A-Za-z0-9.-]{1,255}"
# A name of printable ASCII without the signs of an address, encoded words among them; or between quotes.
_NAME = r"""(?:"[^"\\<>@]{0,200}"|[^"\\<>@(),:;\[\]]{0,400})"""
_SENDER = re.compile(rf"(?:{_NAME}\s{{0,3}}<(?P<inside>{_ADDRESS})>|(?P<bare>{_ADDRESS}))", re.ASCII)
_TELLING = frozenset('"\\<>@(),:;[]')
# As mail servers write it, remarks in brackets wherever they like, of which some hold brackets of their own.
_REMARKS = r"(?: \((?:[^()\\\";]|\([^()\\\";]{0,100}\)){0,400}\)){0,3}"
_WORD = r"[^\s;()\"\\<>,]{1,255}"
_WORDS = rf"{_WORD}(?: (?!(?:from|by|via|with|id|for) ){_WORD}){{0,3}}"
_HOP = re.compile(
    rf"from {_WORD}{_REMARKS} by (?P<by>[A-Za-z0-9._-]{{1,255}}){_REMARKS}"
    rf"(?: (?:with {_WORDS}|(?:via|id) {_WORD}){_REMARKS}){{0,4}}(?: for <?{_WORD}>?)?{_REMARKS}"
    r" ?; ?(?P<date>[A-Za-z0-9,:+ -]{10,60}(?: \([A-Za-z]{1,6}\))?)",
    re.IGNORECASE,
)
Hop = tuple[str, datetime | None]


def names_plainly(written: bytes, sender: Mailaddress) -> bool:
    """Whether a ``From`` names this sender and cannot be read to name another: one address, and none in its name."""
    text = written.decode("latin-1").strip()
    found = _SENDER.fullmatch(text)
    if not found or not text.isascii():
        return False
    return (found["inside"] or found["bare"]) == sender.addr and _TELLING.isdisjoint(sender.name)


def plain_hop(received: bytes) -> Hop | None:
    """Return who wrote a ``Received`` as servers write them, and when; nothing where it takes more to read it."""
    found = _HOP.fullmatch(" ".join(received.decode("latin-1").split()))
    return (found["by"].lower(), read_date(found["date"])) if found else None
