"""The tables of answers in the making, and of those that can still be taken back."""

import sqlalchemy as sa

from storage.tables.columns import case_column, metadata, text_column, when_column

answer_drafts = sa.Table(
    "answer_drafts",
    metadata,
    case_column(key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    text_column("typed"),
    when_column("saved_at"),
)

# A row goes when its letter has left: what was typed stands in the letter then.
sent_answers = sa.Table(
    "sent_answers",
    metadata,
    sa.Column("entry_id", sa.Text, primary_key=True),
    case_column(),
    text_column("user_id"),
    text_column("kind"),
    text_column("typed"),
    text_column("cases"),
    when_column("leaves_at"),
    when_column("saved_at"),
    sa.Index(None, "case_id"),
)
