"""Events sent to other systems: signed, tried again with longer and longer waits, and set aside in the end."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol
from urllib.parse import urlsplit

from cases.errors import NotAllowed

# All that is given out (RFC 4291 2.4); of what lies beside it, some lead inside: NAT64's, site-local, IPv4-compatible.
_OPEN = IPv6Network("2000::/3")
_LONGEST = timedelta(hours=6)
SEALED_FOR = "webhook"
"""What a webhook's secret is sealed for in the database."""
CLAIMED = timedelta(minutes=5)
"""Who claimed a delivery and has not told of it for so long is dead, and another tries."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a client wants its events. ``secret`` is sealed; ``position`` is the last event looked at."""

    id: str
    client_id: str
    url: str
    secret: str
    position: int
    made_at: datetime
    made_by: str = "system"
    ended_at: datetime | None = None


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


DELIVERY_NAMES: dict[DeliveryState, str] = {
    DeliveryState.WAITING: "Väntar",
    DeliveryState.SENT: "Skickat",
    DeliveryState.DEAD: "Gav upp",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one webhook; its body is made anew at each try, so that a flag set since counts."""

    id: str
    webhook_id: str
    position: int
    made_at: datetime
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    error: str = ""
    done_at: datetime | None = None


def check_url(url: str, networks: Iterable[str]) -> str:
    """The address as it may be used. Raises NotAllowed where it is no https address, or one of our own inside."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed(f"{url} är ingen webbadress.") from None
    odd = parts.username or parts.password or parts.fragment or not url.isascii() or not url.strip().isprintable()
    if parts.scheme != "https" or not host or odd or port == 0:
        raise NotAllowed("Skriv en webbadress som börjar med https://, utan användarnamn, lösenord och mellanslag.")
    literal = _address(host)
    inside = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if inside or (literal is not None and not may_reach(literal, networks)):
        raise NotAllowed(f"{host} är ingen adress på det öppna nätet. Egna nät anges i api.webhook_networks.")
    return url.strip()


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def may_reach(ip: IPv4Address | IPv6Address, networks: Iterable[str]) -> bool:
    """Whether events may go there: a public address, or one of the networks that the municipality has named.

    An IPv6 address that carries an IPv4 one counts as that, for it may lead inside (SSRF, CWE-918).
    """
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if any(ip in ip_network(network) for network in networks):
        return True
    inside = isinstance(ip, IPv6Address) and (ip.sixtofour or ip.teredo or ip not in _OPEN)
    return ip.is_global and not ip.is_multicast and not inside


class Webhooks(Protocol):
    """Webhooks and their deliveries."""

    def save_webhook(self, webhook: Webhook) -> None:
        """Insert or replace one."""

    def move_webhook(self, webhook_id: str, position: int) -> None:
        """Note the last event looked at, and nothing else: whoever ends it meanwhile has ended it."""

    def webhook(self, webhook_id: str) -> Webhook:
        """Raises NotFound."""

    def webhooks(self) -> Sequence[Webhook]:
        """Those not ended, oldest first."""

    def add_delivery(self, delivery: Delivery) -> None:
        """Put one in the queue; nothing where that webhook has one for that position."""

    def claim_deliveries(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """Those due, oldest first, claimed for ``CLAIMED``: no other process gets them until then."""

    def save_delivery(self, delivery: Delivery) -> None:
        """Save how it went."""

    def deliveries(self, webhook_id: str, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Newest first."""

    def delivery_counts(self, webhook_id: str) -> dict[DeliveryState, int]:
        """How many in each state."""

    def drop_deliveries(self, done_before: datetime) -> int:
        """Forget what was sent or given up before then; returns how many."""


def signature(secret: str, moment: datetime, body: bytes) -> str:
    """``t=SECONDS,v1=HEX``: HMAC-SHA256 of ``SECONDS.BODY``, so that an old body cannot be sent again as new."""
    seconds = int(moment.timestamp())
    mac = hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
    return f"t={seconds},v1={mac}"


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try again after so many failures: 1, 2, 4 ... minutes, six hours at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return now + min(timedelta(minutes=1 << doublings), _LONGEST)
