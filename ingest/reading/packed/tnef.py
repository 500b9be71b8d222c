"""Opening winmail.dat (TNEF), in which Outlook hides text and attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cases.inbound.messages import Attachment
from ingest.reading.attachments import make_attachment
from ingest.reading.notes import Notes
from ingest.reading.packed.packedrtf import packed_rtf_text
from ingest.reading.packed.tnefstream import Tnef, TnefFile, read_tnef

_PRESSED = re.compile(r"meeting\.resp|\.mtgresp|outlook\.recall|recall\.report|read receipt|\.ipnn?rn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a winmail.dat: plain text, HTML, files, and the words of the messages attached to it.

    ``pressed`` says that its class is of what Outlook sends by itself when somebody answers an invitation, wants a
    mail back or has read one ([MS-OXOCAL], [MS-OXCMSG]).
    """

    text: str
    html: str
    attachments: tuple[Attachment, ...]
    attached: str = ""
    pressed: bool = False


def open_tnef(content: bytes, notes: Notes) -> Opened | None:
    """Return what is in a TNEF stream, or nothing (with a defect) when it cannot be opened."""
    try:
        tnef = read_tnef(content)
    except ValueError:
        notes.add("winmail.dat that cannot be opened")
        return None
    files = tuple(
        make_attachment(file.name, "", file.data)
        for file in _files(tnef)
        if (file.data or file.name) and notes.take_bytes(len(file.data))
    )
    return Opened(_words(tnef), tnef.html, files, "\n\n".join(_attached(tnef)), bool(_PRESSED.search(tnef.kind)))


def _words(tnef: Tnef) -> str:
    return tnef.text if tnef.text.strip() or tnef.html.strip() else packed_rtf_text(tnef.rtf)


def _files(tnef: Tnef) -> Iterator[TnefFile]:
    """Yield the attachments, and those of messages attached to the message."""
    for file in tnef.files:
        if file.message is None:
            yield file
        else:
            yield from _files(file.message)


def _attached(tnef: Tnef) -> Iterator[str]:
    """Yield the words of each message attached to the message, below a line with its subject."""
    for message in (file.message for file in tnef.files if file.message):
        words = _words(message)
        if words.strip():
            yield f"[Bifogat brev: {message.subject}]\n{words}"
        yield from _attached(message)
