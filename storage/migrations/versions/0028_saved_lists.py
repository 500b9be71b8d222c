"""People keep lists of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0028_saved_lists"
down_revision = "0027_routing_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    names = ("id", "owner_id", "unit_id", "name", "path", "query")
    columns = [sa.Column(name, sa.Text(), nullable=False) for name in names]
    op.create_table("saved_lists", *columns, sa.PrimaryKeyConstraint("id", name="pk_saved_lists"))
    for name in ("owner_id", "unit_id"):
        op.create_index(f"ix_saved_lists_{name}", "saved_lists", [name])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("saved_lists")
