"""Opening the wrapping of S/MIME and PGP: enough DER (X.690), or armour, to find the signed content, and no more."""

import re

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_CONSTRUCTED_OCTETS = 0x24
_OCTETS = 0x04
_ARMOUR = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_SIGNED_TEXT = re.compile(
    rf"{_ARMOUR}(?:[A-Z][A-Za-z-]{{1,20}}: [^\n]{{0,200}}\n){{0,5}}\n"
    r"(.*?\n)-----BEGIN PGP SIGNATURE-----\n.*?(?:-----END PGP SIGNATURE-----(?:\n|$)|\Z)",
    re.DOTALL,
)


def without_armour(text: str) -> str | None:
    """Return a text without the lines that PGP set around what it signed (RFC 9580 section 7), or nothing."""
    start = text.find(_ARMOUR)
    found = _SIGNED_TEXT.match(text, start) if start >= 0 else None
    if not found:
        return None
    inside = re.sub(r"^- (?=-)", "", found.group(1), flags=re.MULTILINE)
    return text[:start] + inside + text[found.end() :]


def signed_content(der: bytes) -> bytes | None:
    """Return the content of a CMS SignedData (RFC 5652), or nothing when it is not one or holds none."""
    kind = der.find(_SIGNED_DATA, 0, 64)
    if kind < 0:
        return None
    data = der.find(_DATA, kind + len(_SIGNED_DATA), kind + 400)
    if data < 0:
        return None
    tag, start, _ = _header(der, data + len(_DATA))
    if tag != 0xA0:
        return None
    return _octets(der, start, 0)


def _header(der: bytes, at: int) -> tuple[int, int, int]:
    """Return tag, start and length of the value at an offset; length -1 is *indefinite*, tag 0 the end."""
    if at + 2 > len(der):
        return 0, at, 0
    tag, first = der[at], der[at + 1]
    if first < 0x80:
        return tag, at + 2, first
    count = first & 0x7F
    if count == 0:
        return tag, at + 2, -1
    if count > 4:
        return 0, at, 0
    return tag, at + 2 + count, int.from_bytes(der[at + 2 : at + 2 + count], "big")


def _octets(der: bytes, at: int, depth: int) -> bytes | None:
    """Return an octet string, the pieces of a constructed one joined."""
    tag, start, length = _header(der, at)
    if tag == _OCTETS and length >= 0:
        return der[start : start + length]
    if tag != _CONSTRUCTED_OCTETS or depth > 2:
        return None
    pieces = []
    end = len(der) if length < 0 else min(start + length, len(der))
    at = start
    while at < end:
        tag, inner, size = _header(der, at)
        if tag != _OCTETS or size < 0:
            break
        pieces.append(der[inner : inner + size])
        at = inner + size
    return b"".join(pieces)
