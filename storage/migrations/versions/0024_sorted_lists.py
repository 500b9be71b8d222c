"""A list is sorted by number or state without reading every case; nothing looked for a day among those of a state."""

from alembic import op

revision = "0024_sorted_lists"
down_revision = "0023_enclosures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes, one of them in place of one that only its first column was used of."""
    op.execute("CREATE INDEX ix_cases_by_number ON cases (length(number), number)")
    op.execute("CREATE INDEX ix_cases_status_received_at ON cases (status, received_at)")
    op.execute("DROP INDEX ix_cases_status_due")


def downgrade() -> None:
    """The indexes as they were."""
    op.execute("CREATE INDEX ix_cases_status_due ON cases (status, due)")
    op.execute("DROP INDEX ix_cases_status_received_at")
    op.execute("DROP INDEX ix_cases_by_number")
