"""Threats are found by their flag: each minute every flag there ever was had been read."""

from alembic import op

revision = "0020_flags_by_kind"
down_revision = "0019_refusals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_case_flags_kind_state", "case_flags", ["kind", "state"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_case_flags_kind_state", "case_flags")
