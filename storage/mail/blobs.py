"""Bytes as they are kept: compressed, named by their digest, and checked when they are read."""

import hashlib
import threading

import zstandard

from cases.errors import DamagedContent

# Of letters with pictures the higher levels make nothing smaller, only later.
_LEVEL = 3
# Files that are compressed by their making; a second time costs and gains nothing.
_PACKED = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "audio/", "video/", "application/zip")


class _Tools(threading.local):
    """Making them takes longer than packing a letter; none may be used by two threads at a time."""

    def __init__(self) -> None:
        self.packer = zstandard.ZstdCompressor(level=_LEVEL)
        self.unpacker = zstandard.ZstdDecompressor()


_TOOLS = _Tools()


def digest(content: bytes) -> str:
    """Sha256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """Compress with zstandard; the frame tells its own size."""
    return _TOOLS.packer.compress(content)


def unpack(packed: bytes, expected: str, thing: str) -> bytes:
    """The bytes again. Raises DamagedContent, naming the thing, where they lack the expected sha256."""
    try:
        content = _TOOLS.unpacker.decompress(packed)
    except zstandard.ZstdError as error:
        raise DamagedContent(f"{thing}: the kept bytes cannot be unpacked; restore from backup.") from error
    return checked(content, expected, thing)


def pack_text(text: str) -> bytes:
    """Compress text, lone surrogates and all."""
    return pack(text.encode("utf-8", "surrogatepass"))


def unpack_text(packed: bytes) -> str:
    """The text again."""
    return _TOOLS.unpacker.decompress(packed).decode("utf-8", "surrogatepass")


def checked(content: bytes, expected: str, thing: str) -> bytes:
    """The same bytes, where they have the expected sha256."""
    found = digest(content)
    if found != expected:
        raise DamagedContent(f"{thing}: sha256 is {found}, kept as {expected}; restore from backup.")
    return content


def codec_for(content_type: str) -> str:
    """``plain`` for file types compressed already, else ``zstd``."""
    return "plain" if content_type.lower().startswith(_PACKED) else "zstd"
