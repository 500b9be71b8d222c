"""The table of standard texts for answers."""

import sqlalchemy as sa

from storage.tables.columns import metadata, text_column, when_column

standard_texts = sa.Table(
    "standard_texts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("unit_id"),
    text_column("name"),
    text_column("text"),
    when_column("changed_at"),
    text_column("changed_by"),
)
