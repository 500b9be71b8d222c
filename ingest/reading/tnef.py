"""Opening winmail.dat (TNEF), in which Outlook hides text and attachments."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from tnefparse import TNEF
from tnefparse.tnef import TNEFAttachment

from cases.messages import Attachment
from ingest.reading.attachments import make_attachment
from ingest.reading.notes import Notes
from ingest.reading.packedrtf import packed_rtf_text


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a winmail.dat: plain text, HTML, files."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]


def open_tnef(content: bytes, notes: Notes) -> Opened | None:
    """Return what is in a TNEF stream, or nothing (with a defect) when it cannot be opened."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tnef = TNEF(content, do_checksum=False)
            files = tuple(
                make_attachment(_name(file), "", bytes(file.data or b""))
                for file in _files(tnef, 0)
                if (file.data or _name(file)) and notes.take_bytes(len(file.data or b""))
            )
            text, html = _text(tnef.body), _text(tnef.htmlbody)
            packed = getattr(tnef, "_rtfbody", None)
            if not text.strip() and not html.strip() and isinstance(packed, bytes):
                text = packed_rtf_text(packed)
            return Opened(text, html, files)
    except Exception:  # noqa: BLE001 - whatever the library trips over, the letter around the file is read
        notes.add("winmail.dat that cannot be opened")
        return None


def _files(tnef: TNEF, depth: int) -> Iterator[TNEFAttachment]:
    """Yield the attachments, and those of messages attached to the message, as deep as people nest them."""
    for file in tnef.attachments:
        embedded = getattr(file, "embed", None)
        if embedded is None or depth >= 3:
            yield file
        else:
            yield from _files(embedded, depth + 1)


def _name(file: TNEFAttachment) -> str:
    """Return a file's name, also where it is in no charset the library tries."""
    try:
        return _text(file.long_filename())
    except UnicodeDecodeError:
        return _text(getattr(file, "_name", b""))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8").replace("\x00", "")
        except UnicodeDecodeError:
            return value.decode("cp1252", "replace").replace("\x00", "")
    return str(value or "").replace("\x00", "")
