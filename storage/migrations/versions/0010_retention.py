"""Gallring: when a case was erased, and the protocols of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010_retention"
down_revision = "0009_public_and_api"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the column and the table; nothing was erased before."""
    op.add_column("cases", sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "disposals",
        sa.Column("seq", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("by", "rule_id", "rule", "decision", "lines", "erased")),
        sa.PrimaryKeyConstraint("seq", name="pk_disposals"),
        sa.UniqueConstraint("id", name="uq_disposals_id"),
    )


def downgrade() -> None:
    """Forget them: the protocols are lost, what was erased does not come back."""
    op.drop_table("disposals")
    op.drop_column("cases", "disposed_at")
