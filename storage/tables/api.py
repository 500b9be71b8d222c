"""The tables of the API: clients, letters handed in, the feed of events, webhooks and their deliveries."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, text_column, when_column

api_clients = sa.Table(
    "api_clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("name"),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    text_column("scopes"),
    text_column("units"),
    when_column("made_at"),
    when_column("ends_at"),
    text_column("made_by"),
    when_column("revoked_at", nullable=True),
    when_column("seen_at", nullable=True),
)


def _client_column(*, key: bool = False) -> sa.Column[str]:
    link = sa.ForeignKey("api_clients.id", ondelete="CASCADE")
    return sa.Column("client_id", sa.Text, link, primary_key=key, nullable=False)


handed_in = sa.Table(
    "handed_in",
    metadata,
    _client_column(key=True),
    sa.Column("key", sa.Text, primary_key=True),
    text_column("digest"),
    case_column(),
    text_column("number"),
    when_column("at"),
    sa.Index(None, "case_id"),
)

# ``event_seq`` is the journal's serial; no link, so that the last position stays when a case is disposed of.
event_feed = sa.Table(
    "event_feed",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_seq", sa.BigInteger, nullable=False, unique=True),
    when_column("fed_at"),
    sa.Index(None, "fed_at"),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _client_column(),
    text_column("url"),
    text_column("secret"),
    sa.Column("position", sa.BigInteger, nullable=False),
    when_column("made_at"),
    text_column("made_by"),
    when_column("ended_at", nullable=True),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("webhook_id", sa.Text, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    when_column("made_at"),
    when_column("due_at"),
    text_column("state"),
    sa.Column("attempts", sa.Integer, nullable=False),
    text_column("error"),
    when_column("done_at", nullable=True),
    sa.UniqueConstraint("webhook_id", "position"),
    sa.Index(None, "state", "due_at"),
)
