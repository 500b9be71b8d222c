"""What attached documents and scanned letters say, page by page."""

import sqlalchemy as sa
from alembic import op

revision = "0004_documents"
down_revision = "0003_senders_and_scans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; documents that came before are left as they are, for people to open."""
    op.create_table(
        "attachment_texts",
        sa.Column("attachment_id", sa.Text(), nullable=False),
        sa.Column("message_row_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("machine_read", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachment_texts"),
        _link("attachment_texts", "attachment_id", "attachments.id"),
        _link("attachment_texts", "message_row_id", "messages.id"),
    )
    op.create_index("ix_attachment_texts_message_row_id", "attachment_texts", ["message_row_id"])
    op.create_index("ix_attachment_texts_status", "attachment_texts", ["status"])
    op.create_table(
        "attachment_pages",
        sa.Column("attachment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", "number", name="pk_attachment_pages"),
        _link("attachment_pages", "attachment_id", "attachment_texts.attachment_id"),
    )
    if op.get_bind().dialect.name != "sqlite":
        # JPEG is compressed already.
        op.execute("ALTER TABLE attachment_pages ALTER COLUMN image SET STORAGE EXTERNAL")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def downgrade() -> None:
    """Forget what was read; the files themselves stay."""
    op.drop_table("attachment_pages")
    op.drop_table("attachment_texts")
