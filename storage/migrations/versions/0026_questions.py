"""Somebody outside the municipality is asked, and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0026_questions"
down_revision = "0025_asked_if_helped"
branch_labels = None
depends_on = None

# Words that the version before does not know.
BRINGS = {"journal.kind": ("asked", "answered_outside"), "outbox.kind": ("fraga_utanfor",)}


def upgrade() -> None:
    """Make the column, which is empty for what answers no question, and the index of the few letters that ask."""
    op.add_column("messages", sa.Column("question", sa.Text(), nullable=False, server_default=sa.text("''")))
    asks = sa.text("kind = 'fraga_utanfor'")
    op.create_index("ix_outbox_asked", "outbox", ["created_at"], sqlite_where=asks, postgresql_where=asks)


def downgrade() -> None:
    """Drop them; the answers stay with their cases, in words that the version before knows.

    A kind it does not know ended each page and each pass that met one: what was noted is a note, and a question is a
    letter to staff, which no citizen sees. One that waits is not sent as that, but put before people.
    """
    op.execute("UPDATE journal SET kind = 'note' WHERE kind IN ('asked', 'answered_outside')")
    op.execute(
        "UPDATE outbox SET status = 'failed', error = 'Frågan är inte skickad: den här versionen kan inte ställa den.' "
        "WHERE kind = 'fraga_utanfor' AND status IN ('queued', 'awaiting_retry', 'withheld')"
    )
    op.execute("UPDATE outbox SET kind = 'till_handlaggare' WHERE kind = 'fraga_utanfor'")
    op.drop_index("ix_outbox_asked", "outbox")
    op.drop_column("messages", "question")
