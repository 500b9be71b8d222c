"""Colleagues may follow a case."""

import sqlalchemy as sa
from alembic import op

revision = "0029_following"
down_revision = "0028_saved_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "followers",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_followers"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_followers_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_followers_user_id", "followers", ["user_id"])


def downgrade() -> None:
    """Nobody follows anything."""
    op.drop_table("followers")
