"""The header block of a mail or a part: found, unfolded and looked up, with every tolerance noted."""

import re
from dataclasses import dataclass, field

from ingest.reading.limits import MAX_BLOCK_BYTES, MAX_HEADER_BYTES, MAX_HEADERS
from ingest.reading.notes import Notes

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,10}:")
_MBOX = re.compile(rb">?From [^\r\n]{1,400}")
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|received|return-path|message-id|mime-version|content-[a-z-]{2,30}|sender"
    rb"|reply-to|delivered-to|in-reply-to|references|importance|thread-[a-z]+|list-[a-z]+|x-[a-z0-9-]{1,60}|dkim-signature"
    rb"|authentication-results|auto-submitted|precedence)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Headers:
    """The fields of one header block: names in lower case, values as bytes without folding, in order of each name."""

    fields: dict[str, list[bytes]] = field(default_factory=dict)
    count: int = 0

    def first(self, name: str) -> bytes:
        """The first value of that name that is not empty, else empty."""
        return next(filter(None, self.fields.get(name, ())), b"")

    def all(self, name: str) -> list[bytes]:
        return self.fields.get(name, [])

    def text(self, name: str) -> str:
        """The first value as plain characters, for fields that are ASCII by their nature."""
        return self.first(name).decode("ascii", "replace").strip() if name in self.fields else ""

    def has(self, name: str) -> bool:
        return name in self.fields


def read_headers(source: bytes, start: int, end: int, notes: Notes, *, top: bool = False) -> tuple[Headers, int]:
    """Return the header fields from ``start`` and where the body begins.

    A line that is no field ends the block as an empty line would, unless more fields follow it: then it is a
    continuation whose indent was lost. ``top`` allows junk and mbox lines before the first field.
    """
    headers = Headers()
    at = _skip_junk(source, start, end, notes) if top else start
    limit = min(end, at + MAX_BLOCK_BYTES)
    name, value = b"", [b""]
    while at < limit:
        line, following = _line(source, at, limit)
        if not line.strip(b" \t\x0c"):
            if not line or not _goes_on(source, following, limit):
                at = following
                break
            line = b" "
        found = None if line[:1] in (b" ", b"\t") else _FIELD.match(line)
        if found:
            _keep(headers, name, value, notes)
            name, value = found.group(1), [line[found.end() :]]
        elif line[:1] in (b" ", b"\t") and name:
            value.append(line)
        elif _fields_follow(source, following, limit):
            notes.add("broken header line")
            value.append(b" " + line)
        else:
            notes.add("no empty line after the headers")
            break
        at = following
    _keep(headers, name, value, notes)
    return headers, at


def _line(source: bytes, at: int, end: int) -> tuple[bytes, int]:
    """Return the line at ``at`` without its end, and where the next begins."""
    found = source.find(b"\n", at, end)
    if found < 0:
        return source[at:end], end
    stop = found - 1 if found > at and source[found - 1] == 13 else found
    return source[at:stop], found + 1


def _keep(headers: Headers, name: bytes, value: list[bytes], notes: Notes) -> None:
    if not name:
        return
    if headers.count >= MAX_HEADERS:
        notes.add("more headers than are read")
        return
    joined = value[0] if len(value) == 1 else b"".join(value[:3_000])
    if len(joined) > MAX_HEADER_BYTES:
        notes.add(f"header {name[:40].decode('ascii')} cut")
        joined = joined[:MAX_HEADER_BYTES]
    headers.count += 1
    headers.fields.setdefault(name.decode("ascii").lower(), []).append(
        joined.replace(b"\r", b" ").replace(b"\x00", b"").strip()
    )


def _goes_on(source: bytes, at: int, end: int) -> bool:
    """Whether a line of only blanks is a folded empty line: what follows is a well-known field."""
    return bool(_KNOWN.match(source, at, min(end, at + 120)))


def _fields_follow(source: bytes, at: int, end: int) -> bool:
    """Whether one of the next lines before the empty one is a well-known field."""
    for _ in range(12):
        line, at = _line(source, at, end)
        if not line.strip():
            return False
        if _KNOWN.match(line):
            return True
    return False


def _skip_junk(source: bytes, start: int, end: int, notes: Notes) -> int:
    """Return where the fields begin, after empty lines, a BOM, an mbox ``From `` line or other lines of no meaning."""
    at = start + 3 if source.startswith(b"\xef\xbb\xbf", start) else start
    for _ in range(30):
        line, following = _line(source, at, end)
        if line.strip() and not _MBOX.fullmatch(line):
            break
        if line.strip():
            notes.add("mbox line before the headers")
        at = following
        if at >= end:
            return start
    if _FIELD.match(line):
        return at
    after = at
    for _ in range(10):
        line, after = _line(source, after, end)
        if _KNOWN.match(line):
            notes.add("junk before the headers")
            return after - len(line) - (after > 1 and source[after - 1] == 10) - (after > 1 and source[after - 2] == 13)
        if after >= end:
            break
    return at
