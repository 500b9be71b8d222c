"""Whoever writes a note may be reminded of it on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0022_wishes"
down_revision = "0021_standard_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "wishes",
        sa.Column("note_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name="pk_wishes"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_wishes_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_wishes_case_id", "wishes", ["case_id"])
    op.create_index("ix_wishes_day", "wishes", ["day"])


def downgrade() -> None:
    """Forget them; the notes stand in the journal."""
    op.drop_table("wishes")
