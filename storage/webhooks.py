"""Webhooks, and their deliveries as a queue that several processes may empty."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from cases.errors import NotFound
from cases.webhooks import CLAIMED, Delivery, DeliveryState, Webhook
from storage.database.engine import Part
from storage.tables.api import webhook_deliveries, webhooks

_d = webhook_deliveries.c


class WebhookPart(Part):
    """The whole of ``Webhooks``."""

    def save_webhook(self, webhook: Webhook) -> None:
        """Insert or replace one."""
        self.replace(webhooks, ["id"], asdict(webhook))

    def move_webhook(self, webhook_id: str, position: int) -> None:
        """The position alone, never backwards."""
        moved = webhooks.update().where(webhooks.c.id == webhook_id, webhooks.c.position < position)
        self.connection.execute(moved.values(position=position))

    def webhook(self, webhook_id: str) -> Webhook:
        """Raises NotFound."""
        row = self.connection.execute(sa.select(webhooks).where(webhooks.c.id == webhook_id)).mappings().first()
        if row is None:
            raise NotFound(f"There is no webhook {webhook_id!r}.")
        return Webhook(**row)

    def webhooks(self) -> Sequence[Webhook]:
        """Those not ended, oldest first."""
        query = sa.select(webhooks).where(webhooks.c.ended_at.is_(None))
        rows = self.connection.execute(query.order_by(webhooks.c.made_at, webhooks.c.id)).mappings()
        return [Webhook(**row) for row in rows]

    def add_delivery(self, delivery: Delivery) -> None:
        """One event goes to one webhook once."""
        self.insert_new(webhook_deliveries, asdict(delivery), ["webhook_id", "position"])

    def claim_deliveries(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """On PostgreSQL what another process is claiming just now is passed over."""
        query = sa.select(webhook_deliveries).where(_d.state == DeliveryState.WAITING, _d.due_at <= now)
        query = query.order_by(_d.due_at, _d.position).limit(limit).with_for_update(skip_locked=True)
        rows = self.connection.execute(query).mappings().all()
        claimed = [row["id"] for row in rows]
        if claimed:
            self.connection.execute(webhook_deliveries.update().where(_d.id.in_(claimed)).values(due_at=now + CLAIMED))
        return [_delivery(row) for row in rows]

    def save_delivery(self, delivery: Delivery) -> None:
        """Save how it went."""
        row = asdict(delivery)
        self.connection.execute(webhook_deliveries.update().where(_d.id == row.pop("id")).values(row))

    def deliveries(self, webhook_id: str, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Newest first."""
        query = sa.select(webhook_deliveries).where(_d.webhook_id == webhook_id, _d.state.in_(states))
        rows = self.connection.execute(query.order_by(_d.position.desc()).limit(limit)).mappings()
        return [_delivery(row) for row in rows]

    def delivery_counts(self, webhook_id: str) -> dict[DeliveryState, int]:
        """How many in each state."""
        query = sa.select(_d.state, sa.func.count()).where(_d.webhook_id == webhook_id).group_by(_d.state)
        found = {DeliveryState(state): int(count) for state, count in self.connection.execute(query)}
        return {state: found.get(state, 0) for state in DeliveryState}

    def drop_deliveries(self, done_before: datetime) -> int:
        """Those that still wait stay."""
        return self.connection.execute(webhook_deliveries.delete().where(_d.done_at < done_before)).rowcount


def _delivery(row: sa.RowMapping) -> Delivery:
    return Delivery(**{**row, "state": DeliveryState(row["state"])})
