"""The tables of log-ins: accounts, spare codes, sessions, tries and the log."""

import sqlalchemy as sa

from storage.tables.columns import bool_column, metadata, serial_column, text_column, when_column


def _user_key() -> sa.Column[str]:
    link = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column("user_id", sa.Text, link, primary_key=True)


accounts = sa.Table(
    "accounts",
    metadata,
    _user_key(),
    bool_column("must_change"),
    when_column("password_until", nullable=True),
    text_column("code_secret"),
    sa.Column("code_step", sa.BigInteger, nullable=False),
    # Null where there is none, for no two accounts may have the same.
    sa.Column("subject", sa.Text, nullable=True, unique=True),
)

spare_codes = sa.Table(
    "spare_codes",
    metadata,
    _user_key(),
    sa.Column("code_key", sa.Text, primary_key=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    when_column("began_at"),
    when_column("seen_at"),
    text_column("way"),
    text_column("stamp"),
    bool_column("verified"),
    text_column("agent"),
    sa.Index(None, "user_id"),
    sa.Index(None, "seen_at"),
)

login_tries = sa.Table(
    "login_tries",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("failed", sa.Integer, nullable=False),
    when_column("last_at", nullable=True),
    when_column("held_until", nullable=True),
    sa.Index(None, "last_at"),
)

# The log outlives the accounts it tells of, so there is no link to users.
access_log = sa.Table(
    "access_log",
    metadata,
    serial_column(),
    when_column("at"),
    text_column("kind"),
    text_column("user_id"),
    text_column("actor_id"),
    text_column("address"),
    text_column("text"),
    sa.Index(None, "user_id", "seq"),
)
