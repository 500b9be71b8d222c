"""The tree of MIME parts, cut out of the bytes by offsets, with nothing decoded or copied yet."""

import re
from dataclasses import dataclass, field

from ingest.reading.encoding.params import media_type, split_value
from ingest.reading.headers import Headers, read_headers
from ingest.reading.limits import MAX_DEPTH
from ingest.reading.notes import Notes

_GUESSED_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)
_TYPES = re.compile(rb"^Content-Type: ?([\w/]{1,20})", re.MULTILINE | re.IGNORECASE)
_PREAMBLE = re.compile(
    rb"\A.{0,60}(?:multi-?part|mime)[ -](?:message|format|encoded)[^\n]{0,200}(?:\n[^\n]{0,100}){0,2}\Z"
)
_SAYS_MIME = re.compile(rb"multi-?part|\bmime\b")
_PREAMBLE_BYTES = 1_000
_MESSAGE_TYPES = ("message/rfc822", "message/global", "message/news", "message/rfc-822", "message/partial")


@dataclass(slots=True)
class Part:
    """One MIME part: what its headers say, and where its body lies in ``source``."""

    source: bytes
    start: int
    end: int
    headers: Headers
    content_type: str
    params: dict[str, str]
    disposition: str
    filename: str
    encoding: str
    depth: int
    children: list["Part"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return self.source[self.start : self.end]

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/") and bool(self.children)

    @property
    def is_message(self) -> bool:
        return self.content_type in _MESSAGE_TYPES

    @property
    def charset(self) -> str:
        return self.params.get("charset", "")


def read_structure(source: bytes, notes: Notes) -> Part:
    """Return the whole mail as a tree of parts."""
    return read_part(source, 0, len(source), notes, top=True)


def read_part(
    source: bytes, start: int, end: int, notes: Notes, *, depth: int = 0, top: bool = False, default: str = "text/plain"
) -> Part:
    """Return the part between two offsets, its children with it as deep as the limits allow."""
    headers, body = read_headers(source, start, end, notes, top=top)
    part = _described(Part(source, body, end, headers, "", {}, "", "", "", depth), default, notes)
    if top and part.content_type == "text/plain":
        _find_lost_type(part, notes)
    if depth >= MAX_DEPTH:
        notes.add("nested deeper than is read")
    elif part.content_type.startswith("multipart/"):
        part.children = _children(part, notes)
    return part


def _described(part: Part, default: str, notes: Notes) -> Part:
    """Fill in what the part's own headers say about it."""
    kind, params = _content_type(part.headers, notes)
    disposition, extra = split_value(part.headers.first("content-disposition"), notes)
    part.content_type = media_type(kind) or default
    if kind and not media_type(kind):
        notes.add("unreadable Content-Type")
        if kind in ("text", "html"):
            part.content_type = f"text/{'html' if kind == 'html' else 'plain'}"
    part.params = params
    if not notes.charset_hint and params.get("charset", "").lower() not in ("", "us-ascii", "utf-8"):
        notes.charset_hint = params["charset"]
    part.disposition = disposition.split()[0] if disposition else ""
    part.filename = extra.get("filename") or params.get("name") or params.get("filename") or extra.get("name") or ""
    part.encoding = _encoding(part.headers)
    return part


def _content_type(headers: Headers, notes: Notes) -> tuple[str, dict[str, str]]:
    """Read the Content-Type that is readable, when there are several."""
    values = [split_value(value, notes) for value in headers.all("content-type")[:5] if value]
    if len(values) > 1:
        notes.add("several Content-Type headers")
    return next((v for v in values if media_type(v[0])), values[0] if values else ("", {}))


def _encoding(headers: Headers) -> str:
    """Return the transfer encoding's bare word: spaces, quotes, comments and a final semicolon are dropped."""
    return re.sub(r"\(.{0,100}\)|[;\"'\s].*", "", headers.text("content-transfer-encoding").lower().lstrip("\"' "))


def _children(part: Part, notes: Notes) -> list[Part]:
    """Cut a multipart at its boundary lines; a boundary that is missing or wrong is looked for in the body."""
    boundary = part.params.get("boundary", "").encode("latin-1", "replace")
    spans = _spans(part, boundary) if boundary else []
    if not spans:
        found = _GUESSED_BOUNDARY.search(part.source, part.start, part.end)
        if not found:
            notes.add("multipart without parts")
            part.content_type = "text/plain"
            part.start = _behind_the_end(part, boundary)
            return []
        notes.add("multipart boundary guessed")
        spans = _spans(part, found.group(1))
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    children = []
    for start, end in spans:
        if not notes.take_part():
            break
        children.append(read_part(part.source, start, end, notes, depth=part.depth + 1, default=default))
    return children


def _behind_the_end(part: Part, boundary: bytes) -> int:
    """Return where the text of a multipart without parts begins: behind the line that ends it, if it is the first."""
    closing = b"--" + boundary + b"--"
    at = part.source.find(closing, part.start, part.end) if boundary else -1
    return at + len(closing) if at >= 0 and not part.source[part.start : at].strip() else part.start


def _find_lost_type(part: Part, notes: Notes) -> None:
    """Take a body for the multipart that it is where a gateway lost the header that said so, or wrote another."""
    found = _GUESSED_BOUNDARY.search(part.source, part.start, min(part.end, part.start + _PREAMBLE_BYTES))
    above = part.source[part.start : found.start()].strip().lower() if found else b""
    if not found or (above and not _PREAMBLE.search(above)):
        return
    if part.source.find(b"\n--" + found.group(1) + b"--", found.end(), part.end) < 0:
        return
    notes.add("multipart without its Content-Type")
    inside = [kind.lower() for kind in _TYPES.findall(part.source, found.start(), part.end)]
    part.content_type = "multipart/alternative" if inside == [b"text/plain", b"text/html"] else "multipart/mixed"


def preamble(part: Part) -> bytes:
    """Return what stands above the first boundary of a multipart, unless it only says that this is MIME."""
    boundary = part.params.get("boundary", "").encode("latin-1", "replace")
    first = part.source.find(b"--" + boundary, part.start, part.end) if boundary and part.is_multipart else -1
    above = part.source[part.start : max(first, part.start)]
    return b"" if _SAYS_MIME.search(above.lower()) else above


def encoded_whole(part: Part, content: bytes, notes: Notes) -> Part | None:
    """Return a multipart whose parts were transfer-encoded together, which RFC 2045 section 6.4 forbids, cut anew."""
    boundary = part.params.get("boundary", "").encode("latin-1", "replace")
    if not boundary or b"--" + boundary not in content or part.depth >= MAX_DEPTH or not notes.take_part():
        return None
    notes.add("multipart encoded as a whole")
    source = b"Content-Type: " + part.headers.first("content-type") + b"\n\n" + content
    return read_part(source, 0, len(source), notes, depth=part.depth + 1)


def _spans(part: Part, boundary: bytes) -> list[tuple[int, int]]:
    """Return the offsets of what lies between boundary lines; the last one may lack its end."""
    source, mark = part.source, b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1
    at = source.find(mark, part.start, part.end)
    while at >= 0:
        after = at + len(mark)
        horizon = min(after + 100, part.end)
        line_end = source.find(b"\n", after, horizon)
        if line_end < 0:
            line_end = horizon
        tail = source[after:line_end].strip()
        if (at == part.start or source[at - 1] == 10) and tail in (b"", b"--"):
            if opened >= 0:
                spans.append((opened, _before_line_end(source, at, opened)))
            opened = min(line_end + 1, part.end)
            if tail == b"--":
                opened = -1
        at = source.find(mark, after, part.end)
    if opened >= 0 and opened < part.end:
        spans.append((opened, part.end))
    return spans


def _before_line_end(source: bytes, at: int, floor: int) -> int:
    """Step back over the line end that belongs to the boundary (RFC 2046 section 5.1.1)."""
    if at > floor and source[at - 1] == 10:
        at -= 1
        if at > floor and source[at - 1] == 13:
            at -= 1
    return at
