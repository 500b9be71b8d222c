"""The tables of documents: which attachments are to be read, what they say, and their pages with pictures."""

import sqlalchemy as sa

from storage.tables.columns import bool_column, metadata, text_column, when_column

attachment_texts = sa.Table(
    "attachment_texts",
    metadata,
    sa.Column("attachment_id", sa.Text, sa.ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("message_row_id", sa.Text, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    text_column("status"),
    sa.Column("attempts", sa.Integer, nullable=False),
    when_column("claimed_at", nullable=True),
    when_column("read_at", nullable=True),
    bool_column("machine_read"),
    text_column("note"),
    text_column("text"),
    sa.Index(None, "message_row_id"),
    sa.Index(None, "status"),
)

# Apart, so that no list reads past the pictures.
attachment_pages = sa.Table(
    "attachment_pages",
    metadata,
    sa.Column(
        "attachment_id", sa.Text, sa.ForeignKey("attachment_texts.attachment_id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    text_column("text"),
    text_column("words"),
    sa.Column("image", sa.LargeBinary, nullable=False),
)
