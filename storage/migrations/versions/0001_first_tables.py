"""The first tables: raw mail, messages, cases, letters out, people and the search index."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Columns = Callable[..., list[sa.Column[Any]]]


def _columns(kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> _Columns:
    """Makes columns of one kind from their names."""

    def make(*names: str) -> list[sa.Column[Any]]:
        return [sa.Column(name, kind, nullable=nullable, autoincrement=False) for name in names]

    return make


_text, _text_or_none = _columns(sa.Text()), _columns(sa.Text(), nullable=True)
_when, _when_or_none = _columns(sa.DateTime(timezone=True)), _columns(sa.DateTime(timezone=True), nullable=True)
_day, _day_or_none = _columns(sa.Date()), _columns(sa.Date(), nullable=True)
_int, _long = _columns(sa.Integer()), _columns(sa.BigInteger())
_yes, _float, _blob = _columns(sa.Boolean()), _columns(sa.Float()), _columns(sa.LargeBinary())


def _link(
    table: str, column: str, target: str, gone: str | None = "CASCADE", *, deferred: bool
) -> sa.ForeignKeyConstraint:
    late: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if deferred else {}
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=gone, **late)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    """Make everything."""
    for make in (_raw, _cases, _case_parts, _messages, _judgements, _readers, _outbox, _people, _search_docs):
        make()
    if op.get_bind().dialect.name == "sqlite":
        _search_sqlite()
    else:
        _search_postgresql()
        _keep_packed()


def downgrade() -> None:
    """There is nothing before the first tables; a database is left by dropping it."""
    raise NotImplementedError("0001 is the first migration and cannot be taken back; restore a backup instead")


def _raw() -> None:
    op.create_table(
        "raw_messages",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("id", "mailbox", "folder"),
        *_long("uidvalidity", "uid"),
        *_when("received_at"),
        *_text("sha256"),
        *_long("size"),
        *_text("status"),
        *_int("attempts"),
        *_when_or_none("retry_at"),
        *_when("kept_at"),
        *_when_or_none("read_at"),
        *_text("error"),
        sa.UniqueConstraint("id", name="uq_raw_messages_id"),
        sa.UniqueConstraint(
            "mailbox", "folder", "uidvalidity", "uid", name="uq_raw_messages_mailbox_folder_uidvalidity_uid"
        ),
    )
    _index("raw_messages", "sha256")
    _index("raw_messages", "status", "received_at")
    op.create_table(
        "raw_contents",
        *_text("raw_id"),
        *_blob("content"),
        sa.PrimaryKeyConstraint("raw_id", name="pk_raw_contents"),
        _link("raw_contents", "raw_id", "raw_messages.id", deferred=False),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        *_text("id", "number", "token", "status"),
        *_when("received_at"),
        *_text("channel", "sender_name", "sender_email", "sender_phone", "sender_address"),
        *_yes("sender_anonymous"),
        *_text("sender_kind", "subject", "authority_id", "register_subject"),
        *_int("version"),
        *_text_or_none("type", "severity", "area"),
        *_text("unit_id", "assignee_id", "registry_number", "language", "track"),
        *_text_or_none("outcome"),
        *_text("registered_by"),
        *_when_or_none("opened_at", "closed_at"),
        *_text("mail_refused"),
        *_yes("hold_released"),
        *_text("improvement", "token_key", "sender_key"),
        *_yes("protected", "whistle", "open", "serious"),
        *_day_or_none("due"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("token_key", name="uq_cases_token_key"),
    )
    _index("cases", "assignee_id", "open", "due")
    _index("cases", "authority_id", "received_at")
    _index("cases", "open", "due")
    _index("cases", "received_at")
    _index("cases", "sender_key", "received_at")
    _index("cases", "serious", "open")
    _index("cases", "status", "due")
    _index("cases", "unit_id", "open", "due")


def _case_parts() -> None:
    op.create_table(
        "case_numbers",
        *_text("number_key", "case_id"),
        sa.PrimaryKeyConstraint("number_key", name="pk_case_numbers"),
        _link("case_numbers", "case_id", "cases.id", deferred=True),
    )
    _index("case_numbers", "case_id")
    op.create_table(
        "case_flags",
        *_text("case_id"),
        *_int("position"),
        *_text("kind", "state", "passage"),
        *_int("start_at", "end_at"),
        *_float("confidence"),
        *_text("decided_by", "reason"),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_case_flags"),
        _link("case_flags", "case_id", "cases.id", deferred=True),
    )
    op.create_table(
        "case_deadlines",
        *_text("case_id"),
        *_int("position"),
        *_text("kind"),
        *_day("due"),
        *_text("rule"),
        *_when_or_none("met_at"),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_case_deadlines"),
        _link("case_deadlines", "case_id", "cases.id", deferred=True),
    )
    op.create_table(
        "counters",
        *_text("series"),
        *_int("year"),
        *_long("value"),
        sa.PrimaryKeyConstraint("series", "year", name="pk_counters"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("id"),
        *_text_or_none("case_id", "raw_id"),
        *_when("received_at"),
        *_text("direction", "message_id"),
        *_yes("awaits_model", "outsider"),
        *_text_or_none("message_key"),
        *_text("from_addr", "subject", "kind", "content_digest", "excerpt", "content"),
        *_blob("html"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
        _link("messages", "case_id", "cases.id", deferred=True),
        _link("messages", "raw_id", "raw_messages.id", "SET NULL", deferred=True),
    )
    _index("messages", "awaits_model", "received_at")
    _index("messages", "case_id", "received_at")
    _index("messages", "message_key")
    _index("messages", "raw_id")
    op.create_table(
        "attachment_contents",
        *_text("digest", "codec"),
        *_blob("content"),
        sa.PrimaryKeyConstraint("digest", name="pk_attachment_contents"),
    )
    op.create_table(
        "attachments",
        *_text("id", "message_row_id"),
        *_int("position"),
        *_text("name", "content_type"),
        *_long("size"),
        *_text("sha256", "content_id", "risk"),
        *_yes("inline"),
        *_text("digest"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        _link("attachments", "digest", "attachment_contents.digest", None, deferred=False),
        _link("attachments", "message_row_id", "messages.id", deferred=False),
    )
    _index("attachments", "digest")
    _index("attachments", "message_row_id")


def _judgements() -> None:
    op.create_table(
        "suggestions",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("case_id", "message_row_id"),
        *_when("at"),
        *_text("model_version", "areas", "content"),
        _link("suggestions", "case_id", "cases.id", deferred=True),
        _link("suggestions", "message_row_id", "messages.id", deferred=True),
    )
    _index("suggestions", "case_id")
    _index("suggestions", "message_row_id")
    op.create_table(
        "decisions",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("id", "case_id", "decided_by"),
        *_when("decided_at"),
        *_text("choice", "unit_id", "area"),
        *_text_or_none("suggested_area"),
        *_text("suggested_unit", "model_version"),
        *_yes("agreed"),
        *_text("reason"),
        sa.UniqueConstraint("id", name="uq_decisions_id"),
        _link("decisions", "case_id", "cases.id", deferred=True),
    )
    _index("decisions", "case_id")
    op.create_table(
        "journal",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("id", "case_id"),
        *_when("at"),
        *_text("actor", "kind", "text"),
        sa.UniqueConstraint("id", name="uq_journal_id"),
        _link("journal", "case_id", "cases.id", deferred=True),
    )
    _index("journal", "case_id", "at")


def _readers() -> None:
    op.create_table(
        "case_links",
        *_text("case_id", "other_id", "reason"),
        *_when("at"),
        sa.PrimaryKeyConstraint("case_id", "other_id", name="pk_case_links"),
        _link("case_links", "case_id", "cases.id", deferred=True),
        _link("case_links", "other_id", "cases.id", deferred=True),
    )
    _index("case_links", "other_id")
    op.create_table(
        "case_readers",
        *_text("case_id", "user_id", "reason"),
        *_when("at"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_case_readers"),
        _link("case_readers", "case_id", "cases.id", deferred=True),
    )
    op.create_table(
        "case_reads",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("case_id", "user_id"),
        *_when("at"),
        _link("case_reads", "case_id", "cases.id", deferred=True),
    )
    _index("case_reads", "at")
    _index("case_reads", "case_id")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("id"),
        *_text_or_none("case_id"),
        *_text("recipient", "recipient_key", "kind", "language", "subject", "text", "html", "message_id"),
        *_text_or_none("message_key"),
        *_when("created_at", "not_before"),
        *_text("status"),
        *_yes("automatic"),
        *_text("reply_to", "in_reply_to", "reference_ids"),
        *_int("attempts"),
        *_when_or_none("retry_at", "claimed_at", "sent_at"),
        *_text("error", "created_by"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        _link("outbox", "case_id", "cases.id", deferred=True),
    )
    _index("outbox", "case_id", "created_at")
    _index("outbox", "message_key")
    _index("outbox", "recipient_key", "kind", "created_at")
    _index("outbox", "status", "not_before")


def _people() -> None:
    op.create_table(
        "users",
        *_text("id", "email", "email_key", "name", "title", "password_hash"),
        *_yes("active"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
    )
    op.create_table(
        "grants",
        *_text("user_id", "role", "scope"),
        sa.PrimaryKeyConstraint("user_id", "role", "scope", name="pk_grants"),
        _link("grants", "user_id", "users.id", deferred=False),
    )
    _index("grants", "role", "scope")
    op.create_table(
        "settings",
        *_text("key", "value"),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _search_docs() -> None:
    op.create_table(
        "search_docs",
        sa.Column("seq", _SERIAL, primary_key=True),
        *_text("case_id", "kind", "source_id", "plain", "terms"),
        sa.UniqueConstraint("source_id", "kind", name="uq_search_docs_source_id_kind"),
        _link("search_docs", "case_id", "cases.id", deferred=True),
    )
    _index("search_docs", "case_id")


def _search_sqlite() -> None:
    # remove_diacritics 0: tåg is not tag. The terms live in search_docs alone; triggers keep the index with them.
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5("
        "terms, content='search_docs', content_rowid='seq', tokenize='unicode61 remove_diacritics 0')"
    )
    put = "INSERT INTO search_fts(rowid, terms) VALUES (new.seq, new.terms);"
    drop = "INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.seq, old.terms);"
    for name, event, steps in (("put", "INSERT", put), ("gone", "DELETE", drop), ("anew", "UPDATE", drop + put)):
        op.execute(f"CREATE TRIGGER search_docs_{name} AFTER {event} ON search_docs BEGIN {steps} END")


def _search_postgresql() -> None:
    op.execute(
        "ALTER TABLE search_docs ADD COLUMN vector tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, terms)) STORED"
    )
    op.execute("CREATE INDEX ix_search_docs_vector ON search_docs USING gin (vector)")


def _keep_packed() -> None:
    # Compressed by us already: PostgreSQL need not try again, and can read a part without unpacking the whole.
    for table, column in (("raw_contents", "content"), ("attachment_contents", "content"), ("messages", "html")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
