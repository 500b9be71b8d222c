"""Where letters flood in, registrators are told of many new cases in one list."""

import sqlalchemy as sa
from alembic import op

revision = "0032_held_notices"
down_revision = "0031_suggestions_by_day"
branch_labels = None
depends_on = None

# Words that the version before does not know.
BRINGS = {"outbox.kind": ("nya_lista",), "journal.kind": ("track_chosen", "spared")}


def upgrade() -> None:
    """Make the table of what waits for the list."""
    op.create_table(
        "held_notices",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "address", name="pk_held_notices"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_held_notices_case_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_held_notices_address", "held_notices", ["address"])
    op.create_index("ix_held_notices_at", "held_notices", ["at"])


def downgrade() -> None:
    """The lists become those of another name, and what was noted a note, which the version before knows.

    What is still to be told of in a list is told of no more: the cases stand in the queue.
    """
    op.execute("UPDATE journal SET kind = 'note' WHERE kind IN ('track_chosen', 'spared')")
    op.execute("UPDATE outbox SET kind = 'larm_lista' WHERE kind = 'nya_lista'")
    op.drop_table("held_notices")
