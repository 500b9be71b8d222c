"""The tables of what anybody may see: links to own cases, and wordings confirmed for the open register."""

import sqlalchemy as sa

from storage.tables.columns import case_column, later_text_column, metadata, text_column, when_column

citizen_links = sa.Table(
    "citizen_links",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    case_column(),
    when_column("made_at"),
    when_column("ends_at"),
    # Of the link in an answer alone.
    later_text_column("entry_id"),
    later_text_column("unit_id"),
    sa.Column("helped", sa.Boolean),
    sa.Index(None, "case_id"),
)

public_subjects = sa.Table(
    "public_subjects",
    metadata,
    case_column(key=True),
    text_column("subject"),
    text_column("decided_by"),
    when_column("at"),
)
