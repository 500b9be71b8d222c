"""The text of plain-text and RTF files."""

from ingest.documents.errors import UnreadableDocument
from ingest.documents.zipped import BROKEN
from ingest.reading.encoding.charsets import decode_text
from ingest.reading.notes import Notes
from ingest.reading.packed.rtf import plain_of_rtf

_MAX_BYTES = 5_000_000


def read_plain(content: bytes) -> str:
    """The text whatever its character set."""
    return decode_text(content[:_MAX_BYTES], "", Notes()).replace("\r\n", "\n").replace("\r", "\n")


def read_rtf(content: bytes) -> str:
    """The text of rich text, by the code page it names. Raises UnreadableDocument."""
    # RTF is ASCII with the rest escaped; the few programs that write bytes above it mean Windows-1252.
    source = content[:_MAX_BYTES].decode("cp1252", "replace")
    try:
        return plain_of_rtf(source).strip("\n\x00")
    except Exception as error:  # the library meets a damaged file with whatever error comes first
        raise UnreadableDocument(BROKEN) from error
