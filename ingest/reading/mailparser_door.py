"""The only module that knows the mail-parser package: it reads the envelope of a mail, its bodies cut out.

mail-parser takes 1 ms for a small mail and far more for attachments, and gives up on much that our citizens' programs
write; so it gets a skeleton of the headers it is good at: the hops of ``Received``, dates and addresses. What it says
of the sender is a second opinion: where it differs from our own reading, the mail carries a defect for it. A mail whose
envelope is written plainly it is not asked about at all: there is but one way to read that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

import mailparser

from cases.inbound.messages import Mailaddress
from ingest.reading.dates import read_date
from ingest.reading.headers import Headers
from ingest.reading.notes import Notes
from ingest.reading.plain import Hop, names_plainly, plain_hop

_ASKED = ("from", "date")
_MAX_HOPS = 30
_MAX_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """The hops newest first (writing host, time); date and addresses of the sender where a second reader was asked."""

    hops: tuple[Hop, ...] = ()
    date: datetime | None = None
    senders: tuple[str, ...] = ()


def read_envelope(
    headers: Headers, own_servers: Sequence[str], sender: Mailaddress, notes: Notes, *, dated: bool
) -> Envelope:
    """Return the envelope of a mail; of its hops the newest, down to the first that no own server can have written.

    ``sender`` is who we read it is from; ``dated`` says that its date needs no second reader.
    """
    received = _ours(headers, own_servers)
    plain = [hop for hop in map(plain_hop, received) if hop is not None]
    if dated and len(plain) == len(received) and names_plainly(headers.first("from"), sender):
        return Envelope(tuple(plain))
    try:
        mail = mailparser.parse_from_bytes(_skeleton(headers, received))
        # It tells the way of a mail from its beginning.
        hops = tuple(_hop(one) for one in reversed(mail.received))
        date = mail.date.replace(tzinfo=UTC) if mail.date else None
        senders = tuple(address.lower() for _, address in mail.from_)
    except Exception:  # noqa: BLE001 - whatever somebody else's library trips over must not stop a letter
        notes.add("envelope unreadable to mail-parser")
        return Envelope()
    return Envelope(hops, date, senders)


def _ours(headers: Headers, own_servers: Sequence[str]) -> list[bytes]:
    """Return the newest ``Received``, down to the first that names no own server."""
    hosts = [server.lower().encode() for server in own_servers]
    newest = (value[:_MAX_BYTES] for value in headers.all("received")[:_MAX_HOPS])
    return list(takewhile(lambda value: any(host in value.lower() for host in hosts), newest))


def _skeleton(headers: Headers, received: Sequence[bytes]) -> bytes:
    """Return a mail of the asked headers alone."""
    lines = [name.encode() + b": " + headers.first(name)[:_MAX_BYTES] for name in _ASKED if headers.has(name)]
    return b"\n".join([*lines, *(b"Received: " + value for value in received), b"", b""])


def _hop(received: dict[str, object]) -> Hop:
    by = str(received.get("by", "")).split()
    return (by[0].strip("()[];").lower() if by else "", read_date(str(received.get("date", ""))))
