"""What finds letters of one incident, and how one case hangs on another."""

import sqlalchemy as sa
from alembic import op

revision = "0006_incidents"
down_revision = "0005_log_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; letters from before have no imprint, so that none of them is offered."""
    op.create_table(
        "imprints",
        sa.Column("message_row_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_row_id", name="pk_imprints"),
        _link("imprints", "message_row_id", "messages.id"),
        _link("imprints", "case_id", "cases.id"),
    )
    op.create_index("ix_imprints_case_id", "imprints", ["case_id"])
    op.create_table(
        "case_ties",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("dues", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", name="pk_case_ties"),
        _link("case_ties", "case_id", "cases.id"),
        _link("case_ties", "other_id", "cases.id"),
    )
    op.create_index("ix_case_ties_other_id", "case_ties", ["other_id"])


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [target],
        name=f"fk_{table}_{column}",
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    """Forget them: merged cases then stay merged without saying with which, so take them apart first."""
    op.drop_table("case_ties")
    op.drop_table("imprints")
