"""Who passed a letter on, why its sender is in doubt, and what the virus scanner said of each attachment."""

import sqlalchemy as sa
from alembic import op

revision = "0003_senders_and_scans"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = (("cases", "sender_doubt"), ("cases", "forwarded_by"), ("attachments", "scan"))


def upgrade() -> None:
    """Add the columns; what was there before is in no doubt and was not scanned."""
    for table, column in _NEW:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_messages_content_digest", "messages", ["content_digest"])


def downgrade() -> None:
    """Forget them: a letter in doubt then counts as its sender's, so settle those first."""
    op.drop_index("ix_messages_content_digest", "messages")
    for table, column in reversed(_NEW):
        # In place: a table made anew would take the rows that hang on it along when the old one is dropped.
        op.drop_column(table, column)
