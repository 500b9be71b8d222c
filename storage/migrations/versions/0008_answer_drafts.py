"""Answers in the making, and how to take back one that has not left yet."""

import sqlalchemy as sa
from alembic import op

revision = "0008_answer_drafts"
down_revision = "0007_none_fits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answer_drafts",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "user_id", "kind", name="pk_answer_drafts"),
        _of_case("answer_drafts"),
    )
    op.create_table(
        "sent_answers",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_sent_answers"),
        _of_case("sent_answers"),
    )
    op.create_index("ix_sent_answers_case_id", "sent_answers", ["case_id"])


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["case_id"],
        ["cases.id"],
        name=f"fk_{table}_case_id",
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    """Forget them: drafts are lost, and letters that wait can be stopped but not taken back."""
    op.drop_table("sent_answers")
    op.drop_table("answer_drafts")
