"""An answer may ask whether it was of help; what is said stands with its link."""

import sqlalchemy as sa
from alembic import op

revision = "0025_asked_if_helped"
down_revision = "0024_sorted_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns; links from before ask nothing."""
    for name in ("entry_id", "unit_id"):
        op.add_column("citizen_links", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("citizen_links", sa.Column("helped", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Forget what was said; the links still open the cases' pages."""
    for name in ("helped", "unit_id", "entry_id"):
        op.drop_column("citizen_links", name)
