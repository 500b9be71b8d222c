"""What the letter that opened a case answers, where nobody could read that yet."""

import sqlalchemy as sa
from alembic import op

revision = "0015_awaited_letters"
down_revision = "0014_oldest_letter_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: a case opened before waits for nothing."""
    op.create_table(
        "awaited_letters",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "message_key", name="pk_awaited_letters"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_awaited_letters_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_awaited_letters_message_key", "awaited_letters", ["message_key"])


def downgrade() -> None:
    """Forget what was waited for."""
    op.drop_table("awaited_letters")
