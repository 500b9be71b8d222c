"""Opens the parts of a zipped document without unpacking what was packed to harm."""

import io
import zipfile

from ingest.documents.errors import UnreadableDocument

_MAX_UNPACKED = 60_000_000
"""Bytes of all parts together: a Word letter with pictures has a few million."""

_MAX_PARTS = 5_000
BROKEN = "Inte läst av maskin: filen är skadad."


def open_parts(content: bytes) -> zipfile.ZipFile:
    """The zip file, its declared sizes within bounds. Raises UnreadableDocument."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content))
        sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableDocument(BROKEN) from error
    if len(sizes) > _MAX_PARTS or sum(sizes) > _MAX_UNPACKED:
        raise UnreadableDocument("Inte läst av maskin: filen blir orimligt stor när den packas upp.")
    return parts


def read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One part, no longer than it says it is. Raises UnreadableDocument."""
    try:
        with parts.open(name) as part:
            return part.read(_MAX_UNPACKED)
    except (KeyError, RuntimeError, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise UnreadableDocument(BROKEN) from error
    except Exception as error:  # zlib, lzma and bz2 each have an error of their own
        raise UnreadableDocument(BROKEN) from error
