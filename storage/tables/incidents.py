"""The tables of what is kept to find letters of one incident, and of how one case hangs on another."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, text_column, when_column

# One row a letter; it goes when the letter or its case goes.
imprints = sa.Table(
    "imprints",
    metadata,
    sa.Column(
        "message_row_id",
        sa.Text,
        sa.ForeignKey("messages.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    case_column(),
    text_column("space"),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    text_column("places"),
    text_column("words"),
    sa.Index(None, "case_id"),
)

case_ties = sa.Table(
    "case_ties",
    metadata,
    case_column(key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column(
        "other_id",
        sa.Text,
        sa.ForeignKey("cases.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    text_column("was"),
    text_column("dues"),
    when_column("at"),
    sa.Index(None, "other_id"),
)
