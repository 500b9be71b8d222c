"""The table of the letters' texts as people changed them on the desk."""

import sqlalchemy as sa

from storage.tables.columns import bool_column, id_column, metadata, serial_column, text_column, when_column

letter_texts = sa.Table(
    "letter_texts",
    metadata,
    serial_column(),
    id_column(),
    text_column("kind"),
    text_column("language"),
    when_column("at"),
    text_column("by"),
    text_column("act"),
    bool_column("own"),
    text_column("subject"),
    text_column("text"),
    text_column("html"),
    text_column("digest"),
    sa.Index(None, "kind", "language"),
)
