"""Decisions not to hand out are kept as documents of their case."""

import sqlalchemy as sa
from alembic import op

revision = "0018_kept_papers"
down_revision = "0017_parts_read"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "case_papers",
        sa.Column("seq", serial, nullable=False, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_case_papers"),
        sa.UniqueConstraint("id", name="uq_case_papers_id"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_case_papers_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_case_papers_case_id", "case_papers", ["case_id"])


def downgrade() -> None:
    """Forget them; the decisions' words stand in the journal."""
    op.drop_table("case_papers")
