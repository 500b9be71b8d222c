"""The mail that a colleague has answered in one's case is a letter of its own."""

from alembic import op

revision = "0034_colleague_answered"
down_revision = "0033_turned_down"
branch_labels = None
depends_on = None

# Words that the version before does not know.
BRINGS = {"outbox.kind": ("kollega_svarat",)}


def upgrade() -> None:
    """Nothing to make: what was told before keeps the name it was sent by."""


def downgrade() -> None:
    """Such mails become those of the name they had."""
    op.execute("UPDATE outbox SET kind = 'bevakning' WHERE kind = 'kollega_svarat'")
