"""Reading the stream inside a winmail.dat ([MS-OXTNEF]) as far as it goes, in time that its size bounds."""

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SIGNATURE = bytes.fromhex("789f3e22")
_ATTACHED = 2  # the level of an attachment's attributes
_NEW_FILE, _TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_SUBJECT, _CLASS, _BODY, _PROPERTIES, _CODEPAGE = 0x8004, 0x8008, 0x800C, 0x9003, 0x9007
# Properties ([MS-OXPROPS]): PidTagSubject, PidTagBody, its HTML and its compressed RTF, PidTagInternetCodepage …
_P_SUBJECT, _P_BODY, _P_HTML, _P_RTF, _P_CODEPAGE = 0x0037, 0x1000, 0x1013, 0x1009, 0x3FDE
# … PidTagDisplayName, PidTagAttachDataBinary or its object, PidTagAttachFilename and its long form.
_P_SHOWN_NAME, _P_DATA, _P_NAME, _P_LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
_SIZES = {0x02: 2, 0x0B: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_NOTHING, _OBJECT, _TEXT, _WIDE = 0x01, 0x0D, 0x1E, 0x1F
_VARYING = (0x00, _OBJECT, _TEXT, _WIDE, 0x0102)
_SEVERAL, _NAMED = 0x1000, 0x8000
_STORAGE = bytes.fromhex("0b00000000000000c000000000000046")
_IMESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_MAX_DEPTH = 4
_MAX_OBJECTS = 20_000
_PAGES = {20127: "ascii", 20866: "koi8-r", 65001: "utf-8", 10000: "mac-roman", 50220: "iso-2022-jp", 51932: "euc-jp"}


@dataclass(slots=True)
class TnefFile:
    """An attachment; one that is a message has it in ``message``."""

    name: str = ""
    data: bytes = b""
    message: "Tnef | None" = None


@dataclass(slots=True)
class Tnef:
    """A message: its class, its subject, its body in up to three forms (``rtf`` compressed), its files."""

    kind: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    codepage: str = "cp1252"
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(data: bytes, depth: int = 0) -> Tnef:
    """Return what a stream holds, of a damaged one what stands before the damage; ValueError when it is no stream."""
    if not data.startswith(SIGNATURE):
        raise ValueError("The signature of a TNEF stream is missing at its beginning.")
    found = Tnef()
    for level, name, value in _objects(data):
        if level == _ATTACHED:
            _take_of_file(found, name, value, depth)
        elif name == _CODEPAGE and len(value) >= 4:
            found.codepage = _codec(struct.unpack_from("<I", value)[0])
        elif name == _BODY:
            found.text = found.text or decode_value(value, found.codepage)
        elif name == _CLASS:
            found.kind = decode_value(value, found.codepage)
        elif name == _SUBJECT:
            found.subject = found.subject or decode_value(value, found.codepage)
        elif name == _PROPERTIES:
            _take_of_message(found, value)
    return found


def _objects(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield level, name and content of each attribute; the checksum behind it is not believed."""
    at = 6
    for _ in range(_MAX_OBJECTS):
        if at + 9 > len(data):
            return
        level, name, _, size = struct.unpack_from("<BHHI", data, at)
        yield level, name, data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _take_of_message(found: Tnef, value: bytes) -> None:
    props = dict(reversed(list(_properties(value))))  # of two of one name the first
    number = props.get(_P_CODEPAGE, (0, b""))[1]
    page = _codec(struct.unpack("<I", number)[0]) if len(number) == 4 else found.codepage
    found.subject = _worded(props, _P_SUBJECT, found.codepage) or found.subject
    found.text = _worded(props, _P_BODY, page) or found.text
    found.html = _worded(props, _P_HTML, page) or found.html
    found.rtf = props.get(_P_RTF, (0, found.rtf))[1]


def _take_of_file(found: Tnef, name: int, value: bytes, depth: int) -> None:
    if name == _NEW_FILE or not found.files:
        found.files.append(TnefFile())
    file = found.files[-1]
    if name == _TITLE:
        file.name = file.name or decode_value(value, found.codepage)
    elif name == _FILE_DATA:
        file.data = value
    elif name == _FILE_PROPERTIES:
        props = dict(reversed(list(_properties(value))))
        names = (_worded(props, wanted, found.codepage) for wanted in (_P_LONG_NAME, _P_NAME))
        file.name = next(filter(None, names), file.name) or _worded(props, _P_SHOWN_NAME, found.codepage)
        kind, file.data = props.get(_P_DATA, (0, file.data))
        if kind == _OBJECT:  # a document set into the letter, as a file (IStorage) behind the name of its interface
            file.data = file.data.removeprefix(_STORAGE)
        if file.data.startswith(_IMESSAGE + SIGNATURE) and depth < _MAX_DEPTH:
            file.message = read_tnef(file.data[len(_IMESSAGE) :], depth + 1)


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield name, type and first value of each property, up to one that is cut off or of no known type."""
    try:
        yield from _whole_properties(data)
    except struct.error:
        return


def _whole_properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    at = 4
    while at < len(data):
        kind, name = struct.unpack_from("<HH", data, at)
        at = _behind_name(data, at + 4) if name & _NAMED else at + 4
        several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
        count = 1
        if several or kind in _VARYING:
            (count,) = struct.unpack_from("<I", data, at)
            at += 4
        if kind not in _VARYING:
            size = 0 if kind == _NOTHING else _SIZES.get(kind, -1)
            if size < 0:
                return
            yield name, (kind, data[at : at + size])
            at += size * count + (-size * count) % 4
            continue
        for number in range(count):
            (size,) = struct.unpack_from("<I", data, at)
            if not number:
                yield name, (kind, data[at + 4 : at + 4 + size])
            at += 4 + size + (-size) % 4


def _behind_name(data: bytes, at: int) -> int:
    """Return where the value of a named property begins: its name is a number or text behind a GUID."""
    kind, size = struct.unpack_from("<II", data, at + 16)
    return at + 24 if kind == 0 else at + 24 + size + (-size) % 4


def _worded(props: dict[int, tuple[int, bytes]], name: int, page: str) -> str:
    kind, value = props.get(name, (0, b""))
    return value.decode("utf-16-le", "replace").replace("\x00", "") if kind == _WIDE else decode_value(value, page)


def decode_value(value: bytes, page: str) -> str:
    """Return text in UTF-8, else in the stream's codepage."""
    try:
        return value.decode("utf-8").replace("\x00", "")
    except UnicodeDecodeError:
        return value.decode(page, "replace").replace("\x00", "")


def _codec(number: int) -> str:
    """Return Python's name of a Windows codepage, cp1252 where it knows none."""
    name = _PAGES.get(number) or (f"iso-8859-{number - 28590}" if 28591 <= number <= 28605 else f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
