"""Who stands in for whom, tags on cases, and the unit that receives a case first."""

import sqlalchemy as sa
from alembic import op

revision = "0012_absence_and_hallmarks"
down_revision = "0011_letter_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the column; nobody was away, and every case was the central registrators' first."""
    op.create_table(
        "absences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        *(
            sa.ForeignKeyConstraint([one], ["users.id"], name=f"fk_absences_{one}", ondelete="CASCADE")
            for one in ("user_id", "substitute_id")
        ),
    )
    for one in ("user_id", "substitute_id"):
        op.create_index(f"ix_absences_{one}_last_day", "absences", [one, "last_day"])
    op.create_table(
        "case_hallmarks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("hallmark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "hallmark", name="pk_case_hallmarks"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_case_hallmarks_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.add_column("cases", sa.Column("first_unit", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Forget them: nobody stands in for anybody, and no case is tagged."""
    op.drop_column("cases", "first_unit")
    op.drop_table("case_hallmarks")
    op.drop_table("absences")
