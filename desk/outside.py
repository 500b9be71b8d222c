"""How the pages and doors for others than staff are set up, and how fast anybody may knock on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from threading import Lock

from cases.inbound.messages import Attachment
from cases.records.public import OPEN_AREAS
from cases.routing.areas import Area


@dataclass(frozen=True, slots=True)
class PublicSettings:
    """Which public pages there are; ``url`` begins their addresses, ``areas`` are those the register may show.

    What follows ``per_minute`` is said at every page's foot, where it is not empty; ``privacy``, ``accessibility`` and
    ``fault_report`` are addresses.
    """

    register: bool = False
    case_page: bool = False
    url: str = ""
    indexable: bool = False
    areas: frozenset[Area] = frozenset(OPEN_AREAS)
    cache_seconds: int = 0
    per_minute: int = 60
    phone: str = ""
    web: str = ""
    organisation_number: str = ""
    fault_report: str = ""
    privacy: str = ""
    accessibility: str = ""
    dpo_name: str = ""
    dpo_contact: str = ""


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the API answers. ``description`` is who may read its OpenAPI document: token, open or none.

    ``attach`` makes an attachment of name, declared type and content: named harmlessly, looked at for viruses.
    """

    attach: Callable[[str, str, bytes], Attachment]
    description: str = "token"
    per_minute: int = 120
    max_letter_bytes: int = 15_000_000
    webhook_networks: tuple[str, ...] = ()


class Pace:
    """So many questions a minute for each name, counted in this process alone: it spares the server, it guards nothing.

    The counts of a minute are forgotten with it, and so fill no memory.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._lock = Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def wait(self, name: str, now: datetime) -> int:
        """Count one question; 0 where it may be answered, else the seconds until the next may."""
        minute, seconds = divmod(int(now.timestamp()), 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            count = self._counts[name] = self._counts.get(name, 0) + 1
        return 60 - seconds if count > self._per_minute else 0


def neighbourhood(address: str) -> str:
    """Whom an address counts as: an IPv6 network of a household, for it has a million million addresses.

    Empty for this machine: a proxy nobody told us to trust is everybody's address, and so nobody's.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    # A socket for both kinds of address writes one of IPv4 as one of IPv6.
    ip = (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
    if ip.is_loopback:
        return ""
    return ip.exploded[:19] if isinstance(ip, IPv6Address) else str(ip)
