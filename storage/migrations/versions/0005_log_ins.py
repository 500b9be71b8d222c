"""Accounts, spare codes, sessions, failed tries and the log of log-ins; a leaver's last day."""

import sqlalchemy as sa
from alembic import op

revision = "0005_log_ins"
down_revision = "0004_documents"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; everybody logs in once more, and failed tries from before are forgotten."""
    op.add_column("users", sa.Column("last_day", sa.Date(), nullable=True))
    op.execute("DELETE FROM settings WHERE key LIKE 'login:%'")
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_until", _WHEN, nullable=True),
        sa.Column("code_secret", sa.Text(), nullable=False),
        sa.Column("code_step", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_accounts"),
        sa.UniqueConstraint("subject", name="uq_accounts_subject"),
        _to_users("accounts"),
    )
    op.create_table(
        "spare_codes",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code_key", name="pk_spare_codes"),
        _to_users("spare_codes"),
    )
    _sessions()
    _tries_and_log()


def _to_users(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE")


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("began_at", _WHEN, nullable=False),
        sa.Column("seen_at", _WHEN, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sessions"),
        _to_users("sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])


def _tries_and_log() -> None:
    op.create_table(
        "login_tries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_at", _WHEN, nullable=True),
        sa.Column("held_until", _WHEN, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_login_tries"),
    )
    op.create_index("ix_login_tries_last_at", "login_tries", ["last_at"])
    op.create_table(
        "access_log",
        sa.Column("seq", _SERIAL, nullable=False, autoincrement=True),
        sa.Column("at", _WHEN, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "user_id", "actor_id", "address", "text")),
        sa.PrimaryKeyConstraint("seq", name="pk_access_log"),
    )
    op.create_index("ix_access_log_user_id_seq", "access_log", ["user_id", "seq"])


def downgrade() -> None:
    """Forget every session, code and log line; the people and their passwords stay."""
    for table in ("access_log", "login_tries", "sessions", "spare_codes", "accounts"):
        op.drop_table(table)
    op.drop_column("users", "last_day")
