"""The table of reminders that people ask for."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, text_column

wishes = sa.Table(
    "wishes",
    metadata,
    sa.Column("note_id", sa.Text, primary_key=True),
    case_column(),
    text_column("user_id"),
    sa.Column("day", sa.Date, nullable=False),
    sa.Index(None, "case_id"),
    sa.Index(None, "day"),
)
