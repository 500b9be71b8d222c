"""The letters' texts as people change and approve them on the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0011_letter_texts"
down_revision = "0010_retention"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_WORDS = ("kind", "language", "by", "act", "subject", "text", "html", "digest")


def upgrade() -> None:
    """Make the table; nothing was changed on the desk before."""
    op.create_table(
        "letter_texts",
        sa.Column("seq", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.PrimaryKeyConstraint("seq", name="pk_letter_texts"),
        sa.UniqueConstraint("id", name="uq_letter_texts_id"),
    )
    op.create_index("ix_letter_texts_kind_language", "letter_texts", ["kind", "language"])


def downgrade() -> None:
    """Forget them: letters go out as the folder and Lyhörd have them, and translations are off."""
    op.drop_table("letter_texts")
