"""What the municipality's own mail servers wrote into a mail: the only headers that are believed."""

import re
from collections.abc import Sequence
from datetime import datetime

from ingest.reading.headers import Headers

# A verdict stands first in its part (RFC 8601 2.2): elsewhere, in a comment or a quoted address, the sender may have
# written one himself.
_VERDICT = re.compile(r"(?:^|;)\s{0,9}(spf|dkim|dmarc|arc|compauth)\s{0,3}=\s{0,3}([A-Za-z]{2,20})", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,400}"')
_COMMENT = re.compile(r"\([^()]{0,2000}\)")
_NESTED = 5
# A sender may write any number of these, of any length; ours come first.
_MAX_VERDICTS, _MAX_HOPS, _MAX_BYTES = 20, 30, 4_000
_FROM = re.compile(r"\s{0,9}from\s{1,9}(.{1,1500}?)\s{1,9}by\s{1,9}([^\s;()]{1,255})", re.IGNORECASE | re.DOTALL)
_HELO = re.compile(r"\b(?:helo|ehlo|ident)[=\s]{1,3}\S{1,255}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]{0,500})\)")
_IP = re.compile(
    r"(?<![\w.:])(?:IPv6:)?([0-9a-f]{0,4}:[0-9a-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})(?![\w.:])", re.IGNORECASE
)
UNKNOWN_MACHINE = "?"
"""Stands for a machine whose address an own server did not write down."""
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
    for place, value in enumerate(headers.all("authentication-results")[:_MAX_VERDICTS]):
        name = (_without_remarks(value[:_MAX_BYTES]).partition(";")[0].split() or [""])[0]
        nameless = "=" in name and place == 0 and _is_nameless(own_servers)
        if not nameless and not is_own(name, own_servers):
            continue
        # The whole of it: who signs a letter a hundred times makes our server's own words long, DMARC's the last.
        text = _without_remarks(value)
        verdicts = text if nameless else text.partition(";")[2]
        found = [(method.lower(), verdict.lower()) for method, verdict in _VERDICT.findall(verdicts)]
        named = [(name.lower(), value.lower()) for name, value in _PROPERTY.findall(verdicts)]
        if _has_several_senders(headers, named):
            found = [(method, "permerror" if method == "dmarc" else verdict) for method, verdict in found]
        return tuple(dict.fromkeys([*found, *named]))
    return ()


def _has_several_senders(headers: Headers, named: Sequence[tuple[str, str]]) -> bool:
    """Whether it is open whose domain DMARC was asked of (RFC 7489 6.6.1): it may be another's than the one we read.

    A second address in one ``From`` does no harm where the server names the domain it looked at.
    """
    senders = headers.all("from")
    told = any(name == "header.from" for name, _ in named)
    return len(senders) != 1 or (not told and senders[0].count(b"@") != 1)


def _is_nameless(own_servers: Sequence[str]) -> bool:
    """Whether the own servers are Exchange Online's, which leave their name out of the header.

    They put one on every mail they take in, so the topmost is theirs; what a sender wrote stands below it.
    """
    return any(own.lower().endswith(".outlook.com") for own in own_servers)


def _without_remarks(header: bytes) -> str:
    """Return a header without quoted strings and comments; what stands behind an unclosed one is not believed."""
    bare = _QUOTED.sub(" ", header.decode("ascii", "replace"))
    for _ in range(_NESTED):
        bare = _COMMENT.sub(" ", bare)
    return re.split(r'[("]', bare, maxsplit=1)[0]


def handed_in_by(headers: Headers, own_servers: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of the machines that own servers got the mail from, newest first.

    Only what the server saw counts, never the name the other side gave itself (HELO). A sender can write a ``Received``
    that looks like an own server's below the true ones, so all of these addresses must be trusted, not merely the last.
    """
    machines = []
    for value in headers.all("received")[:_MAX_HOPS]:
        text = value[:_MAX_BYTES].decode("ascii", "replace")
        found = _FROM.match(text)
        if not is_own(_written_by(text), own_servers):
            break
        if found:
            machines.append(_seen_address(found.group(1)))
    return tuple(machines)


def _seen_address(clause: str) -> str:
    """Return the one address in the remarks of a ``from`` clause; Exim writes it before them where it adds a HELO."""
    told = _HELO.sub(" ", clause)
    remarks = " ".join(_IN_BRACKETS.findall(told))
    found = set(_IP.findall(remarks))
    if not found and told != clause:
        found = set(_IP.findall(told))
    return found.pop() if len(found) == 1 else UNKNOWN_MACHINE


def sent_within_the_house(headers: Headers, own_servers: Sequence[str], trusted_header: str) -> bool:
    """Whether the configured header says that a mail never came from outside, where nobody outside can have written it.

    The topmost ``Received`` is an own server's, and the header stands once, with the whole value. Then either it
    stands above that ``Received``: only who had the mail after the own server can have put it there. Or it is one of
    Exchange Online's own (``X-MS-Exchange-Organization-``), which its header firewall takes off every mail from
    outside, and no server but its own is named in any ``Received``. Any other place proves nothing.
    """
    name, _, value = trusted_header.partition(":")
    name, given = name.strip().lower(), headers.all(name.strip().lower())
    if len(given) != 1 or given[0].decode("ascii", "replace").strip().lower() != value.strip().lower():
        return False
    hops = [value[:_MAX_BYTES].decode("ascii", "replace") for value in headers.all("received")]
    if not hops or len(hops) > _MAX_HOPS or not is_own(_written_by(hops[0]), own_servers):
        return False
    order = list(headers.fields)
    if order.index(name) < order.index("received"):
        return True
    return name.startswith(_EXCHANGE) and _is_nameless(own_servers) and all(_inside(hop, own_servers) for hop in hops)


_EXCHANGE = "x-ms-exchange-organization-"


def _written_by(hop: str) -> str:
    found = _FROM.match(hop)
    return found.group(2) if found else next(iter(re.findall(r"\bby\s{1,9}([^\s;()]{1,255})", hop)), "")


def _inside(hop: str, own_servers: Sequence[str]) -> bool:
    found = _FROM.match(hop)
    return found is not None and is_own(found.group(2), own_servers) and is_own(found.group(1).split()[0], own_servers)
