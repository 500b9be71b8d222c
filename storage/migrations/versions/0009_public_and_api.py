"""Citizens' links and the open register's wordings; clients of the API, the feed of events, webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0009_public_and_api"
down_revision = "0008_answer_drafts"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; the feed begins after what the journal holds already."""
    _public()
    _clients()
    op.create_table(
        "event_feed",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("fed_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_event_feed"),
        sa.UniqueConstraint("event_seq", name="uq_event_feed_event_seq"),
    )
    op.create_index("ix_event_feed_fed_at", "event_feed", ["fed_at"])
    op.execute(
        "INSERT INTO event_feed (position, event_seq, fed_at) "
        "SELECT 0, COALESCE(MAX(seq), 0), '1970-01-01 00:00:00.000000' FROM journal"
        if op.get_bind().dialect.name == "sqlite"
        else "INSERT INTO event_feed (position, event_seq, fed_at) "
        "SELECT 0, COALESCE(MAX(seq), 0), TIMESTAMPTZ '1970-01-01 00:00:00+00' FROM journal"
    )
    _webhooks()


def _public() -> None:
    op.create_table(
        "citizen_links",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_citizen_links"),
        _of_case("citizen_links"),
    )
    op.create_index("ix_citizen_links_case_id", "citizen_links", ["case_id"])
    op.create_table(
        "public_subjects",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_public_subjects"),
        _of_case("public_subjects"),
    )


def _clients() -> None:
    op.create_table(
        "api_clients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.Column("seen_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_clients"),
        sa.UniqueConstraint("key", name="uq_api_clients_key"),
    )
    op.create_table(
        "handed_in",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name="pk_handed_in"),
        _of_client("handed_in"),
        _of_case("handed_in"),
    )
    op.create_index("ix_handed_in_case_id", "handed_in", ["case_id"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        _of_client("webhooks"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("due_at", _AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("webhook_id", "position", name="uq_webhook_deliveries_webhook_id_position"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_webhook_deliveries_webhook_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_webhook_deliveries_state_due_at", "webhook_deliveries", ["state", "due_at"])


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["client_id"], ["api_clients.id"], name=f"fk_{table}_client_id", ondelete="CASCADE")


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["case_id"],
        ["cases.id"],
        name=f"fk_{table}_case_id",
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    """Forget them: every link and every token stops working."""
    for table in (
        "webhook_deliveries",
        "webhooks",
        "event_feed",
        "handed_in",
        "api_clients",
        "public_subjects",
        "citizen_links",
    ):
        op.drop_table(table)
