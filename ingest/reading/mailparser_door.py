"""The only module that knows the mail-parser package: it reads the envelope of a mail, its bodies cut out.

mail-parser takes 1 ms for a small mail and far more for attachments, and gives up on much that our citizens' programs
write; so it gets a skeleton of the headers it is good at: the hops of ``Received``, dates and addresses. What it says
of the sender is a second opinion: where it differs from our own reading, the mail carries a defect for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import mailparser

from ingest.reading.dates import read_date
from ingest.reading.headers import Headers
from ingest.reading.notes import Notes

_ASKED = ("from", "date")
_MAX_HOPS = 30
_MAX_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """What mail-parser reads: hops newest first (writing host, time), the sender's date, the senders' addresses."""

    hops: tuple[tuple[str, datetime | None], ...] = ()
    date: datetime | None = None
    senders: tuple[str, ...] = ()


def read_envelope(headers: Headers, own_servers: Sequence[str], notes: Notes) -> Envelope:
    """Return the envelope of a mail; of its hops the newest, down to the first that no own server can have written."""
    try:
        mail = mailparser.parse_from_bytes(_skeleton(headers, own_servers))
        hops = tuple(_hop(received) for received in mail.received)
        date = mail.date.replace(tzinfo=UTC) if mail.date else None
        senders = tuple(address.lower() for _, address in mail.from_)
    except Exception:  # noqa: BLE001 - whatever somebody else's library trips over must not stop a letter
        notes.add("envelope unreadable to mail-parser")
        return Envelope()
    return Envelope(hops, date, senders)


def _skeleton(headers: Headers, own_servers: Sequence[str]) -> bytes:
    """Return a mail of the asked headers alone."""
    lines = [name.encode() + b": " + headers.first(name)[:_MAX_BYTES] for name in _ASKED if headers.has(name)]
    hosts = [server.lower().encode() for server in own_servers]
    for value in headers.all("received")[:_MAX_HOPS]:
        if not any(host in value.lower() for host in hosts):
            break
        lines.append(b"Received: " + value[:_MAX_BYTES])
    return b"\n".join([*lines, b"", b""])


def _hop(received: dict[str, object]) -> tuple[str, datetime | None]:
    by = str(received.get("by", "")).split()
    return (by[0].strip("()[];").lower() if by else "", read_date(str(received.get("date", ""))))
