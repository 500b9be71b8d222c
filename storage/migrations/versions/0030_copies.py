"""Somebody may be copied in on an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0030_copies"
down_revision = "0029_following"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns, which are empty for all other letters."""
    for name in ("copy_of", "shown"):
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Drop them; copies that wait would be sent as letters of their own, so they go, too."""
    op.execute("DELETE FROM outbox WHERE copy_of <> '' AND status IN ('queued', 'awaiting_retry')")
    for name in ("shown", "copy_of"):
        op.drop_column("outbox", name)
