"""Whether a registrator said that none of the suggested units was right."""

import sqlalchemy as sa
from alembic import op

revision = "0007_none_fits"
down_revision = "0006_incidents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody could say so before."""
    op.add_column("decisions", sa.Column("none_fits", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget it: the decisions stay as corrections."""
    op.drop_column("decisions", "none_fits")
