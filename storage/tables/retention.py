"""The table of disposal protocols (gallringsprotokoll), which outlives the cases it tells of."""

import sqlalchemy as sa

from storage.tables.columns import id_column, metadata, serial_column, text_column, when_column

disposals = sa.Table(
    "disposals",
    metadata,
    serial_column(),
    id_column(),
    when_column("at"),
    text_column("by"),
    text_column("rule_id"),
    text_column("rule"),
    text_column("decision"),
    text_column("lines"),
    text_column("erased"),
)
