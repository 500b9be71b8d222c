"""The table of lists of one's own."""

import sqlalchemy as sa

from storage.tables.columns import metadata, text_column

saved_lists = sa.Table(
    "saved_lists",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("owner_id"),
    text_column("unit_id"),
    text_column("name"),
    text_column("path"),
    text_column("query"),
    sa.Index(None, "owner_id"),
    sa.Index(None, "unit_id"),
)
