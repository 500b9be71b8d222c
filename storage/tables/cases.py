"""The tables of cases, people and search, alike on both databases; the search index itself is DDL in a migration."""

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

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("number"),
    text_column("token"),
    text_column("status"),
    when_column("received_at"),
    text_column("channel"),
    text_column("sender_name"),
    text_column("sender_email"),
    text_column("sender_phone"),
    text_column("sender_address"),
    bool_column("sender_anonymous"),
    text_column("sender_kind"),
    text_column("subject"),
    text_column("authority_id"),
    text_column("register_subject"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=True),
    sa.Column("severity", sa.Text, nullable=True),
    sa.Column("area", sa.Text, nullable=True),
    text_column("unit_id"),
    text_column("assignee_id"),
    text_column("registry_number"),
    text_column("language"),
    text_column("track"),
    sa.Column("outcome", sa.Text, nullable=True),
    text_column("registered_by"),
    when_column("opened_at", nullable=True),
    when_column("closed_at", nullable=True),
    text_column("mail_refused"),
    bool_column("hold_released"),
    text_column("improvement"),
    later_text_column("sender_doubt"),
    later_text_column("forwarded_by"),
    when_column("disposed_at", nullable=True),
    later_text_column("first_unit"),
    # What follows is derived from the case when it is saved, for the queries.
    sa.Column("token_key", sa.Text, nullable=False, unique=True),
    sa.Column("sender_key", sa.Text, nullable=False),
    bool_column("protected"),
    bool_column("whistle"),
    bool_column("open"),
    bool_column("serious"),
    sa.Column("due", sa.Date, nullable=True),
    sa.Index(None, "status", "received_at"),
    sa.Index(None, "open", "due"),
    sa.Index(None, "unit_id", "open", "due"),
    sa.Index(None, "assignee_id", "open", "due"),
    sa.Index(None, "authority_id", "received_at"),
    sa.Index(None, "unit_id", "received_at"),
    sa.Index(None, "received_at"),
    sa.Index(None, "sender_key", "received_at"),
    sa.Index(None, "serious", "open"),
)

# Every number a case ever had: one given up at a reroute still finds it, and none is given twice.
case_numbers = sa.Table(
    "case_numbers",
    metadata,
    sa.Column("number_key", sa.Text, primary_key=True),
    case_column(),
    sa.Index(None, "case_id"),
)

case_flags = sa.Table(
    "case_flags",
    metadata,
    case_column(key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    text_column("kind"),
    text_column("state"),
    text_column("passage"),
    sa.Column("start_at", sa.Integer, nullable=False),
    sa.Column("end_at", sa.Integer, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    text_column("decided_by"),
    text_column("reason"),
    sa.Index(None, "kind", "state"),
)

case_deadlines = sa.Table(
    "case_deadlines",
    metadata,
    case_column(key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    text_column("kind"),
    sa.Column("due", sa.Date, nullable=False),
    text_column("rule"),
    when_column("met_at", nullable=True),
)

# What a promise has caused already, so that no sweep on any machine causes it twice.
promise_marks = sa.Table(
    "promise_marks",
    metadata,
    case_column(key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    when_column("at"),
)

suggestions = sa.Table(
    "suggestions",
    metadata,
    serial_column(),
    case_column(),
    sa.Column(
        "message_row_id",
        sa.Text,
        sa.ForeignKey("messages.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    when_column("at"),
    text_column("model_version"),
    text_column("areas"),
    text_column("content"),
    sa.Index(None, "case_id"),
    sa.Index(None, "message_row_id"),
    sa.Index(None, "at"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    serial_column(),
    id_column(),
    case_column(),
    text_column("decided_by"),
    when_column("decided_at"),
    text_column("choice"),
    text_column("unit_id"),
    text_column("area"),
    sa.Column("suggested_area", sa.Text, nullable=True),
    text_column("suggested_unit"),
    text_column("model_version"),
    bool_column("agreed"),
    text_column("reason"),
    sa.Column("none_fits", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index(None, "case_id"),
    sa.Index(None, "decided_at"),
)

journal = sa.Table(
    "journal",
    metadata,
    serial_column(),
    id_column(),
    case_column(),
    when_column("at"),
    text_column("actor"),
    text_column("kind"),
    text_column("text"),
    sa.Index(None, "case_id", "at"),
)

case_links = sa.Table(
    "case_links",
    metadata,
    case_column(key=True),
    sa.Column(
        "other_id",
        sa.Text,
        sa.ForeignKey("cases.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    text_column("reason"),
    when_column("at"),
    sa.Index(None, "other_id"),
)

case_readers = sa.Table(
    "case_readers",
    metadata,
    case_column(key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    text_column("reason"),
    when_column("at"),
    sa.Index(None, "user_id", "case_id"),
)

# Who read what outlives the reader's account, so there is no link to users.
case_reads = sa.Table(
    "case_reads",
    metadata,
    serial_column(),
    case_column(),
    sa.Column("user_id", sa.Text, nullable=False),
    when_column("at"),
    later_text_column("part"),
    sa.Index(None, "at"),
    sa.Index(None, "case_id"),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("value", sa.BigInteger, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("email"),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    text_column("name"),
    text_column("title"),
    text_column("password_hash"),
    bool_column("active"),
    sa.Column("last_day", sa.Date, nullable=True),
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("user_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Index(None, "role", "scope"),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    text_column("value"),
)

# ``source_id`` is the message, event, letter or case the text is of; ``terms`` what the analyser made of it.
search_docs = sa.Table(
    "search_docs",
    metadata,
    serial_column(),
    case_column(),
    text_column("kind"),
    sa.Column("source_id", sa.Text, nullable=False),
    text_column("plain"),
    text_column("terms"),
    sa.UniqueConstraint("source_id", "kind"),
    sa.Index(None, "case_id"),
)
