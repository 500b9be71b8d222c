"""Files go along with an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0023_enclosures"
down_revision = "0022_wishes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; letters from before have none."""
    op.add_column("outbox", sa.Column("enclosures", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Drop it; the files stay with their cases."""
    op.drop_column("outbox", "enclosures")
