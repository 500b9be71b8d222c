"""The tables of the municipality's own routing rules, and of which case's suggestion one speaks in."""

import sqlalchemy as sa

from storage.tables.columns import bool_column, case_column, metadata, text_column, when_column

routing_rules = sa.Table(
    "routing_rules",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    text_column("name"),
    text_column("unit_id"),
    bool_column("active"),
    text_column("conditions"),
    when_column("changed_at"),
    text_column("changed_by"),
)

# What a rule said outlives it: ``rule_id`` is no link.
rule_hits = sa.Table(
    "rule_hits",
    metadata,
    case_column(key=True),
    sa.Column("rule_id", sa.Text, nullable=False),
    text_column("name"),
    when_column("at"),
    sa.Index(None, "rule_id"),
)

RULED = sa.select(rule_hits.c.case_id)
"""The cases in whose suggestion a rule spoke: they tell nothing of the model."""
