"""The tables of mail: raw bytes, what was read from them, attachments, and letters out."""

import sqlalchemy as sa

from storage.tables.columns import (
    bool_column,
    case_column,
    id_column,
    later_text_column,
    metadata,
    serial_column,
    text_column,
    when_column,
)

raw_messages = sa.Table(
    "raw_messages",
    metadata,
    serial_column(),
    id_column(),
    text_column("mailbox"),
    text_column("folder"),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    when_column("received_at"),
    text_column("sha256"),
    sa.Column("size", sa.BigInteger, nullable=False),
    text_column("status"),
    sa.Column("attempts", sa.Integer, nullable=False),
    when_column("retry_at", nullable=True),
    when_column("kept_at"),
    when_column("read_at", nullable=True),
    text_column("error"),
    sa.UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    sa.Index(None, "status", "received_at"),
    sa.Index(None, "sha256"),
)

# Apart, so that noting a try never rewrites the bytes and no list reads past them.
raw_contents = sa.Table(
    "raw_contents",
    metadata,
    sa.Column("raw_id", sa.Text, sa.ForeignKey("raw_messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

messages = sa.Table(
    "messages",
    metadata,
    serial_column(),
    id_column(),
    case_column(nullable=True),
    sa.Column(
        "raw_id",
        sa.Text,
        sa.ForeignKey("raw_messages.id", ondelete="SET NULL", deferrable=True, initially="DEFERRED"),
        nullable=True,
    ),
    when_column("received_at"),
    text_column("direction"),
    text_column("message_id"),
    bool_column("awaits_model"),
    bool_column("outsider"),
    later_text_column("question"),
    sa.Column("message_key", sa.Text, nullable=True),
    text_column("from_addr"),
    text_column("subject"),
    text_column("kind"),
    text_column("content_digest"),
    text_column("excerpt"),
    text_column("content"),
    sa.Column("html", sa.LargeBinary, nullable=False),
    sa.Index(None, "case_id", "received_at"),
    sa.Index(None, "message_key"),
    sa.Index(None, "raw_id"),
    sa.Index(None, "content_digest"),
    sa.Index(None, "awaits_model", "received_at"),
)

# What the letter that opened a case answers, where nobody could read that yet: it waits in quarantine, perhaps.
awaited_letters = sa.Table(
    "awaited_letters",
    metadata,
    case_column(key=True),
    sa.Column("message_key", sa.Text, primary_key=True),
    sa.Index(None, "message_key"),
)

attachment_contents = sa.Table(
    "attachment_contents",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    text_column("codec"),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("message_row_id", sa.Text, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    text_column("name"),
    text_column("content_type"),
    sa.Column("size", sa.BigInteger, nullable=False),
    text_column("sha256"),
    text_column("content_id"),
    text_column("risk"),
    later_text_column("scan"),
    bool_column("inline"),
    sa.Column("digest", sa.Text, sa.ForeignKey("attachment_contents.digest"), nullable=False),
    sa.Index(None, "message_row_id"),
    sa.Index(None, "digest"),
)

ASKED = sa.literal_column("kind = 'fraga_utanfor'", sa.Boolean)
"""The questions to somebody outside; as written, for the index that holds them alone."""

outbox = sa.Table(
    "outbox",
    metadata,
    serial_column(),
    id_column(),
    case_column(nullable=True),
    text_column("recipient"),
    sa.Column("recipient_key", sa.Text, nullable=False),
    text_column("kind"),
    text_column("language"),
    text_column("subject"),
    text_column("text"),
    text_column("html"),
    text_column("message_id"),
    sa.Column("message_key", sa.Text, nullable=True),
    when_column("created_at"),
    when_column("not_before"),
    text_column("status"),
    bool_column("automatic"),
    text_column("reply_to"),
    text_column("in_reply_to"),
    text_column("reference_ids"),
    sa.Column("attempts", sa.Integer, nullable=False),
    when_column("retry_at", nullable=True),
    when_column("claimed_at", nullable=True),
    when_column("sent_at", nullable=True),
    text_column("error"),
    text_column("created_by"),
    later_text_column("enclosures"),
    later_text_column("copy_of"),
    later_text_column("shown"),
    sa.Index(None, "status", "not_before", "seq"),
    sa.Index(None, "case_id", "created_at"),
    sa.Index(None, "message_key"),
    sa.Index(None, "recipient_key", "kind", "created_at"),
    sa.Index("ix_outbox_asked", "created_at", sqlite_where=ASKED, postgresql_where=ASKED),
)
