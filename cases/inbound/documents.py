"""What a machine read out of a document: a scanned letter, a PDF, a Word file; and which files are worth reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.inbound.messages import Attachment, ScanState

DROP_FOLDER = "dropfolder:"
"""How the mailbox of a raw message begins that is a file of a drop folder and no mail."""

MAX_DOCUMENTS = 10
"""Documents read of one message; a person opens the rest."""

MAX_DOCUMENT_BYTES = 50_000_000
"""Bytes of the largest document read."""

LEAST_PICTURE_BYTES = 15_000
"""Bytes of the smallest picture read: a page of writing is larger, a signature's logo smaller."""

SHORT_LETTER = 200
"""Characters of a letter below which its documents are read before it is shown to the model."""

UNSURE_BELOW = 85
"""Confidence (0–100) below which a word is marked for the reader; on a clean page hardly any word is below 90."""

LEAST_INLINE_BYTES = 120_000
"""The same of a picture that stands within the text, as logos do."""

_PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/webp", "image/bmp"})
_DOCUMENTS = frozenset(
    {
        "application/pdf",
        "application/rtf",
        "text/rtf",
        "text/plain",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)


class ReadStatus(StrEnum):
    """How far the reading of a document has come."""

    WAITING = "waiting"
    READ = "read"
    UNREAD = "unread"
    """No machine could read it; ``note`` says why, and a person does."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word of a page: ``text[start:end]`` of the page's text, how sure the machine was (0–100), and where it stands.

    ``left``, ``top``, ``width`` and ``height`` are shares (0–1) of the page's picture.
    """

    start: int
    end: int
    confidence: int
    left: float
    top: float
    width: float
    height: float

    @property
    def unsure(self) -> bool:
        """Whether the reader is warned of it."""
        return self.confidence < UNSURE_BELOW


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page: its text, the words that were recognised from its picture, and the picture (JPEG) for the reader.

    A page whose file held the text itself has neither words nor picture.
    """

    number: int
    text: str
    words: tuple[ReadWord, ...] = ()
    image: bytes = b""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a document says. ``machine_read`` is false where a person must read it; ``note`` tells them why, in Swedish.

    ``note`` may also say what was left out of a document that was read.
    """

    text: str
    pages: tuple[ReadPage, ...] = ()
    machine_read: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document nobody has read yet, claimed by the caller; its bytes are asked for apart."""

    attachment_id: str
    message_id: str
    case_id: str
    name: str
    content_type: str
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it is kept, for the desk: with its pages, and their pictures only where they were asked for."""

    attachment_id: str
    message_id: str
    status: ReadStatus
    note: str
    text: str
    pages: tuple[ReadPage, ...]
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Blankett:
    """A printed form: the words it is known by, and the headings (any of several) above each field's answer.

    Headings of a field that is none of ``FIELDS`` only end the answer before them.
    """

    id: str
    marks: tuple[str, ...]
    headings: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class FilledBlankett:
    """What somebody wrote in a blankett's fields; empty where the field is."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    place: str = ""
    subject: str = ""
    text: str = ""


FIELDS: Sequence[str] = ("name", "email", "phone", "address", "place", "subject", "text")
"""The fields a blankett can fill."""


def needs_reading(attachment: Attachment) -> bool:
    """Whether an attached file may hold a letter: a document or a larger picture, neither a program nor a logo."""
    kind = attachment.content_type.lower()
    if attachment.risk == "program" or attachment.scan is ScanState.INFECTED:
        return False
    if not 0 < attachment.size <= MAX_DOCUMENT_BYTES:
        return False
    if kind in _PICTURES:
        # A page in black and white is small as TIFF, which no logo is.
        large = attachment.size >= LEAST_PICTURE_BYTES or kind == "image/tiff"
        # Phones send photos inline as programs send logos; only the size tells them apart.
        return large and (not attachment.inline or attachment.size >= LEAST_INLINE_BYTES)
    return kind in _DOCUMENTS
