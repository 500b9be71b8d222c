"""The only module that knows the mail-parser package: it reads the envelope of a mail, its bodies cut out."""

import re
from dataclasses import dataclass
from datetime import datetime

import mailparser

from ingest.reading.dates import read_date
from ingest.reading.headers import Headers
from ingest.reading.notes import Notes

# What mail-parser is asked about; other headers (DKIM, Exchange's diagnostics) only cost time.
_ASKED = ("received", "date", "message-id", "mime-version")
_MAX_RECEIVED = 60


@dataclass(frozen=True, slots=True)
class Envelope:
    """The hops of a mail, newest first: the host that wrote each ``Received`` and when; and the sender's date."""

    hops: tuple[tuple[str, datetime | None], ...]
    date: datetime | None


def read_envelope(headers: Headers, notes: Notes) -> Envelope:
    """Return hops and date as mail-parser reads them, by our own reading where it gives up."""
    raw = _skeleton(headers)
    date_text = headers.first("date").decode("latin-1")
    try:
        mail = mailparser.parse_from_bytes(raw)
        hops = tuple(_hop(received) for received in mail.received)
        return Envelope(hops, read_date(date_text))
    except Exception:  # noqa: BLE001 - whatever a library of others trips over must not stop a letter
        notes.add("envelope read without mail-parser")
        return Envelope((), read_date(date_text))


def _skeleton(headers: Headers) -> bytes:
    kept = [(n, v) for n, v in headers.fields if n in _ASKED]
    received = 0
    lines = []
    for name, value in kept:
        received += name == "received"
        if received <= _MAX_RECEIVED:
            lines.append(name.encode() + b": " + re.sub(rb"\s+", b" ", value[:2000]))
    return b"\n".join([*lines, b"", b""])


def _hop(received: dict[str, object]) -> tuple[str, datetime | None]:
    by = str(received.get("by", "")).split()
    when = read_date(str(received.get("date", "")))
    return (by[0].strip("()[];").lower() if by else "", when)
