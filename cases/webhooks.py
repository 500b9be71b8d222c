"""Events sent to other systems: signed, tried again with longer and longer waits, and set aside in the end."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

_LONGEST = timedelta(hours=6)
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


class Webhooks(Protocol):
    """Webhooks and their deliveries."""

    def save_webhook(self, webhook: Webhook) -> None:
        """Insert or replace one."""

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
