"""The header block of a mail or a part: found, unfolded and looked up, with every tolerance noted."""

import re
from dataclasses import dataclass, field

from ingest.reading.limits import MAX_BLOCK_BYTES, MAX_HEADER_BYTES, MAX_HEADERS
from ingest.reading.notes import Notes

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,10}:")
# A whole line with a field in it, as nearly every line of a block is: name, value and end in one look.
_FIELD_LINE = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,10}:([^\r\n]*)\r?\n")
_MBOX = re.compile(rb">?From (?![ \t]{0,9}:)[^\r\n]{1,400}")
_MIME = re.compile(rb"(?:mime-version|content-type|content-transfer-encoding)[ \t]*:", re.IGNORECASE)
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|received|return-path|message-id|mime-version|content-[a-z-]{2,30}|sender"
    rb"|reply-to|delivered-to|in-reply-to|references|importance|thread-[a-z]+|list-[a-z]+|x-[a-z0-9_-]{1,60}|dkim-signature"
    rb"|authentication-results|auto-submitted|precedence)[ \t]*:",
    re.IGNORECASE,
)

_BLOCK_SEEN = 4_000
_REPORT_LINES, _REPORT_BYTES = 80, 32_768
_JUNK = "junk before the headers"


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
    first = _skip_junk(source, start, end, notes) if top else start
    headers, at = _read_block(source, first, min(end, first + MAX_BLOCK_BYTES), notes, top=top)
    if top and not _is_mail(headers):
        notes.add("no headers")
        return Headers(), start
    if top and _JUNK in notes.defects and not source[at:end].strip():
        at = start  # nothing comes behind the fields: what stood before them is the letter
    return headers, at


def _read_block(source: bytes, at: int, limit: int, notes: Notes, *, top: bool) -> tuple[Headers, int]:
    """Return the fields from ``at`` to the line that ends them, and where the next line begins."""
    headers = Headers()
    name, value = b"", [b""]
    while at < limit:
        if whole := _FIELD_LINE.match(source, at, limit):
            _keep(headers, name, value, notes)
            name, value, at = whole.group(1), [whole.group(2)], whole.end()
            continue
        line, following = _line(source, at, limit)
        if not line.strip(b" \t\x0c"):
            cut_short = not line and top and _is_cut_short(headers, name, source, following, notes)
            if not cut_short and (not line or not _goes_on(source, following, limit, name)):
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


def _is_mail(headers: Headers) -> bool:
    """Whether a block has one field of a mail at least; lines like ``Plats: torget`` are the letter itself."""
    return not headers.fields or any(_KNOWN.match(name.encode() + b":") for name in headers.fields)


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
    key = name.decode("ascii").lower()
    if headers.count >= MAX_HEADERS and (key in headers.fields or headers.count >= 2 * MAX_HEADERS):
        notes.add("more headers than are read")
        return
    joined = value[0] if len(value) == 1 else b"".join(value[:3_000])
    if len(joined) > MAX_HEADER_BYTES:
        notes.add(f"header {name[:40].decode('ascii')} cut")
        joined = joined[:MAX_HEADER_BYTES]
    headers.count += 1
    headers.fields.setdefault(key, []).append(joined.replace(b"\r", b" ").replace(b"\x00", b"").strip())


def _is_cut_short(headers: Headers, last: bytes, source: bytes, at: int, notes: Notes) -> bool:
    """Whether an empty line stands among the fields by mistake: behind it come only fields, and such as were missing.

    Web forms that join their headers wrongly write such mails, and so do relays that add a field with a line too many.
    """
    if b"spam" in last.lower() and at < _REPORT_BYTES and _report_goes_on(source, at):
        notes.add("empty line among the headers")
        return True
    names = {*headers.fields, last.decode("ascii").lower()}
    block = source[at : at + _BLOCK_SEEN].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = [line for line in block.split(b"\n") if line[:1] not in (b" ", b"\t")]
    if not last or not all(map(_KNOWN.match, lines)):
        return False
    writer = not names & {"from", "subject"} and any(line.lower().startswith(b"from") for line in lines)
    if not writer and ("content-type" in names or not any(map(_MIME.match, lines))):
        return False
    notes.add("empty line among the headers")
    return True


def _report_goes_on(source: bytes, at: int) -> bool:
    """Whether indented lines, and then a field, follow an empty line in a spam filter's report, as Exim writes it."""
    indented = 0
    for _ in range(_REPORT_LINES):
        line, at = _line(source, at, len(source))
        if line[:1] in (b" ", b"\t"):
            indented += 1
        elif line.strip():
            return bool(indented and _KNOWN.match(line))
    return False


def _goes_on(source: bytes, at: int, end: int, name: bytes) -> bool:
    """Whether a line of only blanks is a folded empty one: a known field follows, or more of a filter's report."""
    report = b"spam" in name.lower() and source[at : at + 1] in (b" ", b"\t")
    return report or bool(_KNOWN.match(source, at, min(end, at + 120)))


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
            notes.add(_JUNK)
            return after - len(line) - (after > 1 and source[after - 1] == 10) - (after > 1 and source[after - 2] == 13)
        if after >= end:
            break
    return at
