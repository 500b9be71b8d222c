"""How far decisions not to hand out have come: when they were handed over, and their appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0019_refusals"
down_revision = "0018_kept_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "refusals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Date(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("handed_over", sa.Date(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("appealed", sa.Date(), nullable=True),
        sa.Column("appeal_case", sa.Text(), nullable=False),
        sa.Column("timely", sa.Text(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refusals"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_refusals_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_refusals_case_id", "refusals", ["case_id"])
    op.create_index("ix_refusals_settled", "refusals", ["settled"])


def downgrade() -> None:
    """Forget them: what was done stands in the journal."""
    op.drop_table("refusals")
