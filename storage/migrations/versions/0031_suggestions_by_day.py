"""How the suggestions of the last weeks fared is asked without reading those of all years."""

from alembic import op

revision = "0031_suggestions_by_day"
down_revision = "0030_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes; both grow at their end, so a letter's way hardly feels them."""
    op.execute("CREATE INDEX ix_suggestions_at ON suggestions (at)")
    op.execute("CREATE INDEX ix_decisions_decided_at ON decisions (decided_at)")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP INDEX ix_decisions_decided_at")
    op.execute("DROP INDEX ix_suggestions_at")
