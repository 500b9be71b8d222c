"""Where letters flood in, registrators are told of many new cases in one list."""

import sqlalchemy as sa
from alembic import op

revision = "0032_held_notices"
down_revision = "0031_suggestions_by_day"
branch_labels = None
depends_on = None

# Words that the version before does not know.
BRINGS = {"outbox.kind": ("nya_lista",)}


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
    """The lists become those of another name, which the version before knows; the cases stand in the queue."""
    op.execute("UPDATE outbox SET kind = 'larm_lista' WHERE kind = 'nya_lista'")
    op.drop_table("held_notices")
