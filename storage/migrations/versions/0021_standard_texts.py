"""Standard texts for answers are kept by unit."""

import sqlalchemy as sa
from alembic import op

revision = "0021_standard_texts"
down_revision = "0020_flags_by_kind"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "standard_texts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standard_texts"),
    )


def downgrade() -> None:
    """Forget them; letters that were written with them keep their words."""
    op.drop_table("standard_texts")
