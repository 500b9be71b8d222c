"""What a file tells that no page of it shows: authors, comments and removed text, and where a picture was taken.

Read with the standard library alone, from files that anybody may have sent: what is damaged tells only that, nothing
grows beyond ``_MOST`` bytes.
"""

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesParser

PLACE = "\N{ROUND PUSHPIN}"
"""Told where a picture says on which spot of the earth it was taken."""
UNSEEN = "\N{SEE-NO-EVIL MONKEY}"
"""Told where something in the file could not be looked into: encrypted, damaged, too large, or of a kind not read."""
_MOST = 8_000_000
# The words of the longest file come twice over, of an old Office file in two readings besides.
_MOST_TOLD = 3 * _MOST
_PARTS = 400
_LONGEST_TAG = 100_000
# The standard library reads a letter in the square of these: the length of a field, of one with parameters, its depth.
_LONGEST_FIELD, _LONGEST_PARAMETERS, _MULTIPARTS = 10_000, 1_000, 50
_GPS, _EXIF, _IPTC = 0x8825, 0x8769, 0x83BB
# Windows' own title, comment, author, key words and subject, in UTF-16.
_WINDOWS = frozenset(range(0x9C9B, 0x9CA0))
# Possessive, so that no file makes a pattern go back over what it has read.
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)+\r?\n")
_MARK = re.compile(rb"<[^<>]*+>")
_STREAM = re.compile(rb"(<<(?:[^<>]++|<<[^<>]*+>>|<[0-9A-Fa-f\s]*+>)*+>>)\s*+stream\r?\n")
_FIELD = re.compile(rb"^[!-9;-~]{1,60}+:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.MULTILINE)
# A parenthesis behind a backslash begins none: of a row of them, each would be looked at from each.
_LITERAL = re.compile(rb"\\.|\(((?:[^()\\]++|\\.|\([^()]*+\))*+)\)", re.DOTALL)
_HEX = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]{4,}+)>(?!>)")
# Parts of a document that tell of its looks alone.
_LOOKS = re.compile(r"theme|fonttable|styles|\[content_types\]", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
# How an Office file with a password names the one part it has.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def hidden_texts(content: bytes) -> Iterator[str]:
    """The texts of the file's metadata, comments and removed words, by what its first bytes say it is.

    Of what no reader of documents opens (tables, letters, old Office files): all of its text. ``UNSEEN`` among them
    says that there is more, which a person has to look at. No more than ``_MOST_TOLD`` characters together, however
    many packed or pointed-at texts a small file holds (CWE-409).
    """
    left = _MOST_TOLD
    for text in _texts(content):
        left -= len(text)
        if left < 0:
            yield UNSEEN
            return
        yield text


def _texts(content: bytes) -> Iterator[str]:
    try:
        if content.startswith(b"PK"):
            yield from _office(content)
        elif b"%PDF" in content[:1024]:
            yield from _pdf(content)
        elif content.startswith(b"\xff\xd8"):
            yield from _jpeg(content)
        elif content.startswith(b"\x89PNG"):
            yield from _png(content)
        elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            yield from _chunks(content, 12, "<")
        elif content[:4] in (b"II*\0", b"MM\0*"):
            yield from _Tiff(content).texts()
        else:
            yield from _other(content)
    except (ValueError, IndexError, struct.error, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        yield UNSEEN


def _other(content: bytes) -> Iterator[str]:
    """The whole of a text, an old Office file's words, and the headers and parts of a letter."""
    whole, content = content, content[:_MOST]
    if len(whole) > _MOST or _LOCKED in whole:
        yield UNSEEN
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # A stream begins at an even place, and so do the letters of its words.
        yield content.decode("utf-16-le", "ignore")
        yield content.decode("latin-1")
    elif b"\0" not in content or content[:2] in (b"\xfe\xff", b"\xff\xfe"):
        yield _marked(content)
    else:
        yield UNSEEN
    if not _HEADERS.match(content):
        return
    if not _short(content):
        yield UNSEEN
    else:
        for part in BytesParser().parsebytes(content).walk():
            yield from (_header(str(value)) for value in part.values())
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body:
                yield from (_marked(body),) if part.get_content_maintype() == "text" else _enclosed(body, deeper=True)


def _short(content: bytes) -> bool:
    """Whether a letter is read in a moment: nobody writes such fields, and so many parts in parts, to be read."""
    if content.lower().count(b"multipart/") > _MULTIPARTS:
        return False
    fields = (found[0] for found in _FIELD.finditer(content))
    return all(len(f) <= (_LONGEST_PARAMETERS if f[:8].lower() == b"content-" else _LONGEST_FIELD) for f in fields)


def _header(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, MessageError):
        return value


def _text(raw: bytes) -> str:
    """UTF-16 with its mark, else UTF-8, else Latin-1."""
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _marked(raw: bytes) -> str:
    """The words of XML: its marks parted away, as a word may be cut by them, and its attributes behind."""
    return html.unescape(f"{_text(_MARK.sub(b'', raw))} {_text(raw)}")


def _office(content: bytes, *, deeper: bool = True) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        left, parts = _MOST, [one for one in package.infolist() if not _LOOKS.search(one.filename.lower())]
        if len(parts) > _PARTS:
            yield UNSEEN
        for info in parts[:_PARTS]:
            name = info.filename.lower()
            if info.file_size > left or info.flag_bits & 1:
                yield UNSEEN
                continue
            left -= info.file_size
            if name.endswith((".xml", ".rels")):
                yield _marked(package.read(info))
            else:
                yield info.filename
                yield from _enclosed(package.read(info), deeper=deeper)


def _enclosed(content: bytes, *, deeper: bool) -> Iterator[str]:
    """A picture or a document in a document; a package in a package in a package is not opened, for some never end."""
    if not content.startswith(b"PK"):
        yield from _texts(content)
    elif deeper:
        yield from _office(content, deeper=False)
    else:
        yield UNSEEN


def _pdf(content: bytes) -> Iterator[str]:
    """The strings of every object that is no page's content, and the metadata written as XML."""
    at, left, outside = 0, _MOST, list[bytes]()
    if b"/Encrypt" in content:
        yield UNSEEN
    for found in _STREAM.finditer(content):
        if found.start() < at:
            continue
        end = content.find(b"endstream", found.end())
        if end < 0:
            break
        outside.append(content[at : found.end()])
        body, at = content[found.end() : end], end
        if any(kind in found[1] for kind in (b"/ObjStm", b"/Metadata", b"/XML")) and left > 0:
            body = zlib.decompressobj().decompress(body, left) if b"/FlateDecode" in found[1] else body
            left -= len(body)
            if left <= 0:
                yield UNSEEN
            yield from _strings(body) if b"/ObjStm" in found[1] else (_marked(body),)
    yield from _strings(b"".join([*outside, content[at:]]))


def _strings(content: bytes) -> Iterator[str]:
    for found in _LITERAL.finditer(content):
        if found[1] is not None:
            yield _text(_ESCAPED.sub(_meant, found[1]))
    for found in _HEX.finditer(content):
        digits = re.sub(rb"\s", b"", found[1]).decode()
        yield _text(bytes.fromhex(digits + "0" * (len(digits) % 2)))


def _meant(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1].isdigit():
        return bytes([int(said, 8) & 255]) if said.isdigit() and not set(said) & set(b"89") else said
    return b"" if said.endswith(b"\n") else _NAMED.get(said, said)


def _jpeg(content: bytes) -> Iterator[str]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        size = struct.unpack_from(">H", content, at + 2)[0]
        kind, body = content[at + 1], content[at + 4 : at + 2 + size]
        if kind == 0xE1 and body.startswith(b"Exif\0\0"):
            yield from _Tiff(body[6:]).texts()
        elif kind == 0xE1:
            yield _marked(body)
        elif kind in (0xED, 0xFE):
            yield _text(body)
        at += 2 + size


def _png(content: bytes) -> Iterator[str]:
    yield from _chunks(content, 8, ">")


def _chunks(content: bytes, at: int, order: str) -> Iterator[str]:
    """The chunks of PNG (length before name, a checksum behind) and of WebP (name before length, even lengths)."""
    png = order == ">"
    while at + 8 <= len(content):
        first, last = content[at : at + 4], content[at + 4 : at + 8]
        name, size = (last, first) if png else (first, last)
        length = struct.unpack(f"{order}I", size)[0]
        yield from _chunk(name.strip().upper(), content[at + 8 : at + 8 + length])
        at += 8 + length + (4 if png else length % 2)


def _chunk(name: bytes, body: bytes) -> Iterator[str]:
    if name in (b"TEXT", b"XMP", b"ITXT"):
        yield _marked(body)
    if name == b"EXIF":
        yield from _Tiff(body.removeprefix(b"Exif\0\0")).texts()
    packed = body.partition(b"\0")[2]
    if name == b"ITXT" and packed[:1] == b"\1":
        packed = packed[2:].partition(b"\0")[2].partition(b"\0")[2]
    elif name == b"ZTXT":
        packed = packed[1:]
    else:
        return
    whole = zlib.decompressobj()
    yield _marked(whole.decompress(packed, _MOST))
    if not whole.eof:
        yield UNSEEN


@dataclass(frozen=True, slots=True)
class _Tiff:
    """The tags of TIFF, which Exif is too."""

    content: bytes

    def texts(self) -> Iterator[str]:
        order = "<" if self.content[:2] == b"II" else ">"
        waiting, seen = [struct.unpack_from(f"{order}I", self.content, 4)[0]], set[int]()
        while waiting:
            at = waiting.pop()
            if at in seen or not 0 < at < len(self.content) - 2:
                continue
            if len(seen) == _PARTS:
                yield UNSEEN
                return
            seen.add(at)
            waiting += self._next(at, order)
            for tag, kind, where, size in self._entries(at, order):
                if tag == _EXIF:
                    waiting.append(struct.unpack_from(f"{order}I", self.content, where)[0])
                elif tag == _GPS:
                    yield PLACE
                elif tag in _WINDOWS:
                    yield self.content[where : where + size].decode("utf-16-le", "replace")
                elif kind in (1, 2, 7) or tag == _IPTC:
                    yield _marked(self.content[where : where + min(size, _LONGEST_TAG)])
                    if size > _LONGEST_TAG:
                        yield UNSEEN

    def _next(self, at: int, order: str) -> Sequence[int]:
        """Where the tags of the next page or of the thumbnail are; 0, nowhere."""
        behind = at + 2 + 12 * struct.unpack_from(f"{order}H", self.content, at)[0]
        return struct.unpack_from(f"{order}I", self.content, behind) if behind + 4 <= len(self.content) else ()

    def _entries(self, at: int, order: str) -> Iterator[tuple[int, int, int, int]]:
        """Tag, type, and where how many bytes of value are: within the entry where they fit."""
        for number in range(struct.unpack_from(f"{order}H", self.content, at)[0]):
            place = at + 2 + 12 * number
            tag, kind, count = struct.unpack_from(f"{order}HHI", self.content, place)
            size = count * {2: 1, 3: 2, 4: 4, 5: 8, 7: 1}.get(kind, 1)
            where = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", self.content, place + 8)[0]
            yield tag, kind, where, size
