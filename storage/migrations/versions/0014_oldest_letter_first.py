"""The oldest letter out is found without sorting all that is due: ten thousand of one moment were sorted for each."""

from alembic import op

revision = "0014_oldest_letter_first"
down_revision = "0013_quick_lists_and_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index in the order in which letters leave instead of one that ends with the moment."""
    op.execute("CREATE INDEX ix_outbox_status_not_before_seq ON outbox (status, not_before, seq)")
    op.execute("DROP INDEX ix_outbox_status_not_before")


def downgrade() -> None:
    """The index as it was."""
    op.execute("CREATE INDEX ix_outbox_status_not_before ON outbox (status, not_before)")
    op.execute("DROP INDEX ix_outbox_status_not_before_seq")
