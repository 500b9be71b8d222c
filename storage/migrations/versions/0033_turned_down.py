"""A decision to turn down an appeal as too late is followed as what it is: one that can be appealed."""

import sqlalchemy as sa
from alembic import op

revision = "0033_turned_down"
down_revision = "0032_held_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of each decision which one's appeal it turned down; none from before did."""
    op.add_column("refusals", sa.Column("turns_down", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Forget those that turned an appeal down, which would pass for decisions not to hand out; the papers stay."""
    op.execute("DELETE FROM refusals WHERE turns_down <> ''")
    op.drop_column("refusals", "turns_down")
