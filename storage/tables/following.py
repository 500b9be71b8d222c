"""The table of who follows which case."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, when_column

followers = sa.Table(
    "followers",
    metadata,
    case_column(key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    when_column("seen_until"),
    sa.Column("told_on", sa.Date),
    sa.Index(None, "user_id"),
)
