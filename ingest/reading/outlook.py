"""Opening Outlook's own files (.msg): a mail that somebody dragged into another one ([MS-OXMSG])."""

import io
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr

import olefile

from cases.inbound.messages import Attachment
from ingest.reading.attachments import make_attachment
from ingest.reading.notes import Notes

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUBJECT, _BODY, _HTML, _HEADERS = "0037", "1000", "1013", "007D"
_SENDER_NAME, _SENDER_SMTP, _SENDER_ADDRESS, _SHOWN_TO = "0C1A", "5D01", "0C1F", "0E04"
_FILE_DATA, _FILE_LONG_NAME, _FILE_NAME, _FILE_TYPE = "3701", "3707", "3704", "370E"
_MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class OutlookFile:
    """What is in a .msg: its headers as bytes of a mail, its text and HTML, its files."""

    headers: bytes
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def is_outlook_file(content: bytes, name: str) -> bool:
    return content.startswith(_MAGIC) and name.lower().endswith(".msg")


def open_outlook_file(content: bytes, notes: Notes) -> OutlookFile | None:
    """Return what is in a .msg, or nothing (with a defect) when it cannot be opened."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            return OutlookFile(_headers(ole), _text(ole, "", _BODY), _text(ole, "", _HTML), _files(ole, notes))
    except Exception:  # noqa: BLE001 - whatever the library trips over, the letter around the file is read
        notes.add("Outlook file that cannot be opened")
        return None


def _headers(ole: olefile.OleFileIO) -> bytes:
    """Return the mail's own headers where Outlook kept them, else the few it shows."""
    kept = _text(ole, "", _HEADERS).replace("\r\n", "\n").strip("\n")
    if ":" in kept:
        return kept.encode("utf-8", "replace") + b"\n\n"
    name, address = _text(ole, "", _SENDER_NAME), _text(ole, "", _SENDER_SMTP) or _text(ole, "", _SENDER_ADDRESS)
    sender = formataddr((str(Header(name, "utf-8")), address if "@" in address else ""))
    subject = Header(_text(ole, "", _SUBJECT), "utf-8").encode(linesep="\n")
    to = Header(_text(ole, "", _SHOWN_TO), "utf-8").encode(linesep="\n")
    return f"From: {sender}\nTo: {to}\nSubject: {subject}\n\n".encode()


def _files(ole: olefile.OleFileIO, notes: Notes) -> tuple[Attachment, ...]:
    """Return the files of a .msg; messages inside it have no data of their own and are left out."""
    folders = sorted({entry[0] for entry in ole.listdir() if entry[0].startswith("__attach_version1.0_")})
    files = []
    for folder in folders[:_MAX_FILES]:
        data = _stream(ole, folder, _FILE_DATA, "0102")
        if data and notes.take_bytes(len(data)):
            name = _text(ole, folder, _FILE_LONG_NAME) or _text(ole, folder, _FILE_NAME)
            files.append(make_attachment(name, _text(ole, folder, _FILE_TYPE), data))
    return tuple(files)


def _text(ole: olefile.OleFileIO, folder: str, prop: str) -> str:
    """Return a text property: UTF-16, else eight-bit, which a Swede's Outlook writes as Windows-1252."""
    wide = _stream(ole, folder, prop, "001F")
    if wide:
        return wide.decode("utf-16-le", "replace").strip("\x00")
    narrow = _stream(ole, folder, prop, "001E") or (_stream(ole, folder, prop, "0102") if prop == _HTML else b"")
    return narrow.decode("cp1252", "replace").strip("\x00")


def _stream(ole: olefile.OleFileIO, folder: str, prop: str, kind: str) -> bytes:
    path = [piece for piece in (folder, f"__substg1.0_{prop}{kind}") if piece]
    if not ole.exists(path):
        return b""
    with ole.openstream(path) as stream:
        return bytes(stream.read())
