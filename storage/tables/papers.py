"""The table of papers that an authority makes in a case beside its mail."""

import sqlalchemy as sa

from storage.tables.columns import case_column, id_column, metadata, serial_column, text_column, when_column

case_papers = sa.Table(
    "case_papers",
    metadata,
    serial_column(),
    id_column(),
    case_column(),
    sa.Column("number", sa.Integer, nullable=False),
    text_column("kind"),
    when_column("at"),
    text_column("by"),
    text_column("title"),
    text_column("facts"),
    text_column("text"),
    sa.Index(None, "case_id"),
)
