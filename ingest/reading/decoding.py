"""Undoing transfer encodings: base64 and quoted-printable as they come, uuencode and yEnc."""

import binascii
import re

import pybase64

from ingest.reading.notes import Notes
from ingest.reading.structure import Part

_NOT_B64 = bytes(sign for sign in range(256) if not (chr(sign).isalnum() and sign < 128) and chr(sign) not in "+/")
_B64 = bytes(sign for sign in range(256) if sign not in _NOT_B64)
_NOT_B64_PAD = _NOT_B64.replace(b"=", b"")
_SPACES = b"\r\n\t "
_UU_BEGIN = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,255}?)[ \t]*\r?$", re.MULTILINE)
# Encodings by their names without signs, since programs write these in every way.
_MEANT = {
    **dict.fromkeys(("base64", "b64", "base64url"), "base64"),
    **dict.fromkeys(("quotedprintable", "qp", "quoted"), "quoted-printable"),
    **dict.fromkeys(("uuencode", "uue"), "uuencode"),
    **dict.fromkeys(("", "7bit", "8bit", "8bits", "binary", "usascii", "ascii", "none", "utf8"), ""),
}
_FOR_WEB = bytes.maketrans(b"-_", b"+/")
_CHECKED_BYTES = 200_000
_SENTENCE = re.compile(rb"[^\s]{1,30} [^\s]{1,30} [^\s]")
# A Swedish letter, or another beyond ASCII of western Europe, as quoted-printable writes its UTF-8.
_QP_PAIR = re.compile(rb"=C[23]=[89AB][0-9A-F]")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]|=[^=]|={3}")
_SOFT_BREAK = re.compile(rb"=[ \t]{1,20}(?=\r?\n)")
_YENC_BEGIN = re.compile(rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})\r?$", re.MULTILINE)
_YENC_END = re.compile(rb"^=yend[^\r\n]{0,200}", re.MULTILINE)
_YENC_SHIFT = bytes((byte - 42) & 255 for byte in range(256))
_UU_END = re.compile(rb"^(?:end|====)[ \t]*\r?$", re.MULTILINE)


def decode_body(part: Part, notes: Notes) -> bytes:
    """Return the body of a part as the bytes its sender had; undecodable bodies come back as they are."""
    encoding = _MEANT.get(re.sub(r"[^a-z0-9]|^x-", "", part.encoding), part.encoding)
    if not notes.take_bytes((part.end - part.start) * (3 if encoding == "base64" else 4) // 4):
        return b""
    if encoding == "base64":
        whole = _whole_base64(part)
        return _small_base64(part, notes) if whole is None else whole
    if encoding == "quoted-printable":
        return _quoted_printable(part, notes)
    if encoding == "uuencode":
        files = find_uu(part.body)
        return files[0][1] if files else part.body
    if not encoding:
        return part.body
    notes.add(f"unknown transfer encoding {encoding[:30]!r}")
    return unlabelled(part.body, notes) if part.content_type.startswith("text/") else part.body


def _whole_base64(part: Part) -> bytes | None:
    """Decode a large body in one piece and without copying it; nothing when it is small or has padding inside."""
    if part.end - part.start < _CHECKED_BYTES:
        return None
    padding = part.source.find(b"=", part.start, part.end)
    if padding >= 0 and part.source[padding : part.end].strip(b"=\r\n\t "):
        return None
    try:
        return pybase64.b64decode(memoryview(part.source)[part.start : part.end])
    except binascii.Error:
        return None


def _quoted_printable(part: Part, notes: Notes) -> bytes:
    """Decode a body; a text that is base64 throughout is decoded as that, whatever its header says."""
    size = part.end - part.start
    if part.content_type.startswith("text/") and size < _CHECKED_BYTES and (text := _coded_text(part.body.strip())):
        notes.add("quoted-printable that is base64")
        return text
    return decode_qp(memoryview(part.source)[part.start : part.end])


def _small_base64(part: Part, notes: Notes) -> bytes:
    """Decode a body; text that was never encoded comes back as it is, and so does what a list wrote below it."""
    raw = part.body
    if part.content_type.startswith("text/") and len(raw) < _CHECKED_BYTES:
        if raw.isascii() and len(_QP_PAIR.findall(raw)) > 1:  # no base64 has its sign for the end within
            notes.add("base64 that is quoted-printable")
            return decode_qp(raw)
        head, gap, below = raw.lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")
        written = gap and _strays(below) and not _strays(head)
        if _SENTENCE.search(raw, 0, 2_000) and _strays(raw) * 20 > len(raw) and not (written and _coded_text(head)):
            notes.add("base64 that is plain text")
            return raw
        if written:
            notes.add("plain text below base64")
            return decode_base64(head, notes) + b"\n\n" + below
    return decode_base64(raw, notes)


def unlabelled(raw: bytes, notes: Notes) -> bytes:
    """Undo a transfer encoding that no header names any more: text that is base64, or quoted-printable, throughout."""
    if len(raw) < _CHECKED_BYTES and (text := _coded_text(raw.strip())):
        notes.add("base64 without its header")
        return text
    if len(_QP_PAIR.findall(raw, 0, _CHECKED_BYTES)) > 1 and raw.isascii():
        notes.add("quoted-printable without its header")
        return decode_qp(memoryview(raw))
    return raw


def _coded_text(block: bytes) -> bytes | None:
    """Return the text of a block that is all base64, of several words at least, or nothing."""
    clean = block.translate(None, b"\r\n")
    if len(clean) < 16 or len(clean) % 4 or _NO_BASE64.search(clean):
        return None
    content = _b64_piece(clean.rstrip(b"="))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (
        content if " " in text and text.replace("\r\n", "").replace("\n", "").replace("\t", "").isprintable() else None
    )


def _strays(raw: bytes) -> int:
    """Count the characters that no base64 has."""
    return len(raw.translate(None, _SPACES)) - len(raw.translate(None, _NOT_B64_PAD))


def decode_base64(raw: bytes, notes: Notes) -> bytes:
    """Decode base64 with line ends, stray characters, padding in the middle or none, or in RFC 4648's web form."""
    if _is_for_web(raw):
        raw = raw.translate(_FOR_WEB)
    clean = raw.translate(None, _NOT_B64_PAD)
    if len(raw) < _CHECKED_BYTES and len(clean) < len(raw.translate(None, _SPACES)):
        notes.add("stray characters in base64")
    stripped = clean.rstrip(b"=")
    if b"=" in stripped:  # several pieces, each with its own padding, set one after another
        notes.add("base64 in several pieces")
        return b"".join(_b64_piece(piece) for piece in stripped.split(b"="))
    if len(clean) % 4:
        notes.add("base64 cut off")
    return _b64_piece(stripped)


def _is_for_web(raw: bytes) -> bool:
    """Whether base64 has ``-`` and ``_`` for the two signs that web addresses do not take (RFC 4648 section 5)."""
    if not (b"-" in raw or b"_" in raw) or b"+" in raw or b"/" in raw or b"\n--" in raw:
        return False
    return not raw.translate(_FOR_WEB).translate(None, _SPACES + b"=").translate(None, _B64)


def _b64_piece(piece: bytes) -> bytes:
    usable = piece[:-1] if len(piece) % 4 == 1 else piece
    return pybase64.b64decode(usable + b"=" * (-len(usable) % 4), validate=True)


def decode_qp(raw: bytes | memoryview) -> bytes:
    """Undo quoted-printable; spaces that a relay left behind a soft line break are none of the text's (RFC 2045)."""
    return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", raw))


def find_uu(raw: bytes) -> list[tuple[str, bytes, int, int]]:
    """Return (name, content, start, end) of each uuencoded file written into a text."""
    files: list[tuple[str, bytes, int, int]] = []
    at = 0
    while (begin := _UU_BEGIN.search(raw, at)) and len(files) < 50:
        end = _UU_END.search(raw, begin.end())
        stop = end.start() if end else len(raw)
        block = raw[begin.end() : stop]
        content = _b64_lines(block) if begin.group(1) else _uu_lines(block)
        at = end.end() if end else len(raw)
        if content is not None:
            files.append((begin.group(2).decode("utf-8", "replace").strip("\"'"), content, begin.start(), at))
    return files


def _b64_lines(block: bytes) -> bytes | None:
    """Decode the lines below ``begin-base64`` (POSIX uuencode -m); nothing when they are no base64."""
    clean = block.translate(None, _SPACES)
    return None if not clean or len(clean) % 4 or _NO_BASE64.search(clean) else _b64_piece(clean.rstrip(b"="))


def _uu_lines(block: bytes) -> bytes | None:
    """Decode the lines of one file; nothing when they are no uuencode (prose that has a line ``begin 644 …``)."""
    out = []
    for line in block.splitlines():
        if not line:
            continue
        length = (line[0] - 32) & 63
        need = (length + 2) // 3 * 4
        if line[0] > 96 or len(line) - 1 > need + 4:
            return None
        try:
            out.append(binascii.a2b_uu(line[: need + 1]))
        except binascii.Error:
            return None
    return b"".join(out) if out else None


def find_yenc(raw: bytes) -> list[tuple[str, bytes, int, int]]:
    """Return (name, content, start, end) of each file written into a text by yEnc (one part each)."""
    files: list[tuple[str, bytes, int, int]] = []
    at = 0
    while (begin := _YENC_BEGIN.search(raw, at)) and len(files) < 50:
        end = _YENC_END.search(raw, begin.end())
        stop = end.start() if end else len(raw)
        at = end.end() if end else len(raw)
        body = re.sub(rb"^=ypart[^\r\n]{0,200}", b"", raw[begin.end() : stop].lstrip(b"\r\n")).translate(None, b"\r\n")
        plain = re.sub(rb"=(.)", lambda pair: bytes([(pair.group(1)[0] - 64) & 255]), body, flags=re.DOTALL)
        name = begin.group(1).decode("utf-8", "replace").strip()
        files.append((name, plain.translate(_YENC_SHIFT), begin.start(), at))
    return files
