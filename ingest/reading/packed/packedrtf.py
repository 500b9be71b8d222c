"""Outlook's compressed RTF as plain text ([MS-OXRTFCP]), the only body some winmail.dat files have."""

import struct

from ingest.reading.packed.rtf import plain_of_rtf

_MAX_BYTES = 1024 * 1024
_WINDOW = 4096
# What the window holds at the beginning; the specification prints it in section 2.1.2.1.
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def packed_rtf_text(packed: bytes) -> str:
    """Return the text of a compressed RTF body, ``""`` when it is none."""
    rtf = unpack_rtf(packed)
    if not rtf.startswith(b"{\\rtf"):
        return ""
    return rtf_text(rtf)


def rtf_text(rtf: bytes) -> str:
    """Return the text of an RTF document, up to a limit; ``""`` when it cannot be read."""
    text = rtf[:_MAX_BYTES].decode("cp1252", "replace")
    try:
        found = plain_of_rtf(text)
    except (ValueError, OverflowError, LookupError, TypeError):  # characters that do not exist, and the like
        return ""
    # RTF writes a smiley as the two halves UTF-16 has for it.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip("\n\x00 ")


def unpack_rtf(packed: bytes) -> bytes:
    """Return the RTF, unpacked up to a limit; damaged input gives what could be read."""
    if len(packed) < 16:
        return b""
    _, size, kind, _ = struct.unpack("<II4sI", packed[:16])
    if kind == b"MELA":  # stored as it is
        return packed[16 : 16 + min(size, _MAX_BYTES)]
    return _inflate(packed[16:], min(size, _MAX_BYTES)) if kind == b"LZFu" else b""


def _inflate(data: bytes, size: int) -> bytes:
    """Undo the compression: control bytes say of each of the next eight pieces if it is a letter or a reference."""
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write, at, out = len(_START), 0, bytearray()
    while at < len(data) and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            piece = data[at : at + 1 + (control >> bit & 1)]
            if not piece or (control >> bit & 1 and len(piece) < 2):
                return bytes(out)
            at += len(piece)
            if len(piece) == 2:
                token = int.from_bytes(piece, "big")
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:  # the end mark
                    return bytes(out)
            else:
                offset, length = -1, 1
            for step in range(length):
                letter = piece[0] if offset < 0 else window[(offset + step) % _WINDOW]
                out.append(letter)
                window[write] = letter
                write = (write + 1) % _WINDOW
    return bytes(out)
