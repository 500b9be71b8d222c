"""What lists ask of each person and of each unit: the cases somebody was added to, and a unit's register by day."""

from alembic import op

revision = "0016_readers_and_registers"
down_revision = "0015_awaited_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two indexes."""
    op.create_index("ix_case_readers_user_id_case_id", "case_readers", ["user_id", "case_id"])
    op.create_index("ix_cases_unit_id_received_at", "cases", ["unit_id", "received_at"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_cases_unit_id_received_at", "cases")
    op.drop_index("ix_case_readers_user_id_case_id", "case_readers")
