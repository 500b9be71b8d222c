"""The table of the notices that were held back, until one list tells of them."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, when_column

held_notices = sa.Table(
    "held_notices",
    metadata,
    case_column(key=True),
    sa.Column("address", sa.Text, primary_key=True),
    when_column("at"),
    sa.Index(None, "address"),
    sa.Index(None, "at"),
)
