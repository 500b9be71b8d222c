"""What the municipality's own mail servers wrote into a mail: the only headers that are believed."""

import re
from collections.abc import Sequence
from datetime import datetime

from ingest.reading.headers import Headers

_VERDICT = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc|arc|compauth)\s{0,3}=\s{0,3}([A-Za-z]{2,20})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_PROPERTY = re.compile(r"\b(header\.from|header\.d|smtp\.mailfrom)\s{0,3}=\s{0,3}([^\s;]{1,255})", re.IGNORECASE)


def is_own(host: str, own_servers: Sequence[str]) -> bool:
    """Whether a host is one of the configured ones, or lies under one that is written with a leading dot."""
    name = host.lower().rstrip(".")
    return any(name == own.lower() or (own.startswith(".") and name.endswith(own.lower())) for own in own_servers)


def received_by_own(hops: Sequence[tuple[str, datetime | None]], own_servers: Sequence[str]) -> datetime | None:
    """Return the earliest time an own server wrote (design.md, Rulings).

    Hops come newest first; from the first foreign one downwards everything could be written by the sender himself.
    """
    times = []
    for host, when in hops:
        if not is_own(host, own_servers):
            break
        if when is not None:
            times.append(when)
    return min(times, default=None)


def auth_verdicts(headers: Headers, own_servers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return SPF, DKIM and DMARC as the own server judged them (RFC 8601), newest first; of others' words nothing."""
    for value in headers.all("authentication-results"):
        text = _COMMENT.sub(" ", value.decode("ascii", "replace"))
        server, _, verdicts = text.partition(";")
        if not is_own((server.split() or [""])[0], own_servers):
            continue
        found = [(method.lower(), verdict.lower()) for method, verdict in _VERDICT.findall(verdicts)]
        named = [(name.lower(), value.lower()) for name, value in _PROPERTY.findall(verdicts)]
        return tuple(dict.fromkeys([*found, *named]))
    return ()
