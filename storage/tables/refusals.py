"""The table of decisions that can be appealed and of their appeals; what was decided is a kept paper."""

import sqlalchemy as sa

from storage.tables.columns import bool_column, case_column, later_text_column, metadata, text_column

refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    case_column(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("decided", sa.Date, nullable=False),
    text_column("court"),
    sa.Column("handed_over", sa.Date, nullable=True),
    text_column("how"),
    sa.Column("appealed", sa.Date, nullable=True),
    text_column("appeal_case"),
    sa.Column("timely", sa.Text, nullable=True),
    sa.Column("review", sa.Text, nullable=True),
    sa.Column("ended", sa.Date, nullable=True),
    bool_column("settled"),
    later_text_column("turns_down"),
    sa.Index(None, "case_id"),
    sa.Index(None, "settled"),
)
