"""The log of readings says what of a protected case was read; of earlier ones it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0017_parts_read"
down_revision = "0016_readers_and_registers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("case_reads", sa.Column("part", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("case_reads", "part")
