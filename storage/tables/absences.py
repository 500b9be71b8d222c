"""The tables of who stands in for whom, and of the tags on cases."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, text_column, when_column

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("substitute_id", sa.Text, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    text_column("made_by"),
    when_column("made_at"),
    sa.Index(None, "user_id", "last_day"),
    sa.Index(None, "substitute_id", "last_day"),
)

case_hallmarks = sa.Table(
    "case_hallmarks",
    metadata,
    case_column(key=True),
    sa.Column("hallmark", sa.Text, primary_key=True),
)
