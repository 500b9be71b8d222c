"""What a part that is no multipart is: something to read, a file that may be the letter, a file with its name."""

import re

from ingest.reading.encoding.words import decode_header
from ingest.reading.notes import Notes
from ingest.reading.structure import Part
from ingest.reading.versions import PLAIN_TYPES

_READING_TYPES = ("text/html", "text/enriched", "text/richtext", "text/calendar", "text/x-html", *PLAIN_TYPES)
_RTF_TYPES = ("text/rtf", "application/rtf", "application/x-rtf", "text/richtext")
_NO_LETTER = ("text/css", "text/javascript", "text/vcard", "text/x-vcard", "text/directory", "text/calendar")
_TOP_TYPES = ("application", "audio", "font", "image", "message", "model", "multipart", "text", "video")
_FILE_NAME = re.compile(r".{1,150}[^.\s]\.[A-Za-z0-9]{2,5}")


def is_reading_matter(part: Part, *, root: bool) -> bool:
    """Whether a text part is something to read rather than a file."""
    if part.content_type in _RTF_TYPES and part.body.lstrip()[:5] == b"{\\rtf":
        return False
    if part.content_type not in _READING_TYPES:
        return root and not part.filename and part.disposition != "attachment"
    if part.disposition == "attachment":
        return root and not part.filename
    return root or not part.filename


def may_be_letter(part: Part, *, root: bool) -> bool:
    """Whether a file may be what the sender wrote: text without a name, or shown below the letter by mail programs."""
    kind = part.content_type
    if kind in ("text/plain", "text/html"):
        return part.disposition != "attachment" or not part.filename
    if part.filename or kind in _NO_LETTER:
        return False
    if kind.startswith("multipart/"):  # nested deeper than is opened: its source is better than nothing
        return True
    unknown = kind.partition("/")[0] not in _TOP_TYPES  # "plain/text"
    return unknown or kind.startswith("text/") or kind in _RTF_TYPES or (root and kind == "application/octet-stream")


def is_calendar(part: Part) -> bool:
    return part.content_type in ("text/calendar", "application/ics") or part.filename.lower().endswith(".ics")


def described_name(part: Part, notes: Notes) -> str:
    """Return the name that a part without one has as its place (RFC 2557) or description, if it looks like a file's."""
    for field_name in ("content-location", "content-description"):
        name = decode_header(part.headers.first(field_name), notes).rpartition("/")[2]
        if _FILE_NAME.fullmatch(name):
            return name
    return ""
