"""What kind of document bytes are, told from the bytes; a declared type settles only what they leave open."""

import re
from enum import StrEnum

_MIME_ENTRY = b"application/vnd.oasis.opendocument.text"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"BM", b"GIF87a", b"GIF89a")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class DocumentKind(StrEnum):
    """The kinds there are readers for; ``unknown`` has none."""

    PDF = "pdf"
    PICTURE = "picture"
    WORD = "word"
    OLD_WORD = "old_word"
    ODT = "odt"
    RTF = "rtf"
    TEXT = "text"
    UNKNOWN = "unknown"


def document_kind(content: bytes, declared: str = "") -> DocumentKind:
    """The kind of a document; ``declared`` is its media type, believed only of plain text."""
    # Acrobat looks for the mark within the first kilobyte, and so do scanners that write something before it.
    if b"%PDF-" in content[:1024]:
        return DocumentKind.PDF
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return DocumentKind.PICTURE
    if content.startswith(b"{\\rtf"):
        return DocumentKind.RTF
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return DocumentKind.OLD_WORD
    return DocumentKind.TEXT if _is_text(content, declared) else DocumentKind.UNKNOWN


def _zipped(content: bytes) -> DocumentKind:
    if content[30:38] == b"mimetype" and content[38:].startswith(_MIME_ENTRY):
        return DocumentKind.ODT
    # The name stands in the directory at the end of the file as well as before the part itself.
    if b"word/document.xml" in content:
        return DocumentKind.WORD
    return DocumentKind.ODT if _MIME_ENTRY in content[:4096] else DocumentKind.UNKNOWN


def _is_text(content: bytes, declared: str) -> bool:
    if declared.lower().startswith("text/"):
        return True
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    return bool(content.strip()) and _CONTROLS.search(content[:65536]) is None
