"""What 210,000 cases need to be listed and searched in a moment: the order of work, and whose a search document is."""

from alembic import op

revision = "0013_quick_lists_and_search"
down_revision = "0012_absence_and_hallmarks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; on SQLite also the small table beside the search index, kept by triggers."""
    # An expression, so that cases without a day stand last; status with it, so that a list need not read each row.
    op.execute("CREATE INDEX ix_cases_work ON cases (open, (due IS NULL), due, serious DESC, received_at, id, status)")
    if op.get_bind().dialect.name == "sqlite":
        _whose_documents()


def _whose_documents() -> None:
    # A word of forty thousand letters is forty thousand rows to ask for their case; in search_docs each is a page.
    op.execute("CREATE TABLE search_fts_cases (seq INTEGER PRIMARY KEY, first INTEGER NOT NULL)")
    op.execute("INSERT INTO search_fts_cases SELECT seq, min(seq) OVER (PARTITION BY case_id) FROM search_docs")
    # A document of a case that has some already gets their number, the first of a case its own.
    op.execute(
        "CREATE TRIGGER search_docs_seated AFTER INSERT ON search_docs BEGIN"
        " INSERT INTO search_fts_cases VALUES (new.seq, coalesce("
        "(SELECT f.first FROM search_docs d JOIN search_fts_cases f ON f.seq = d.seq"
        " WHERE d.case_id = new.case_id LIMIT 1), new.seq)); END"
    )
    op.execute(
        "CREATE TRIGGER search_docs_unseated AFTER DELETE ON search_docs BEGIN"
        " DELETE FROM search_fts_cases WHERE seq = old.seq; END"
    )


def downgrade() -> None:
    """Take them away; nothing was kept in them that is not elsewhere."""
    op.execute("DROP INDEX ix_cases_work")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("seated", "unseated"):
            op.execute(f"DROP TRIGGER search_docs_{name}")
        op.execute("DROP TABLE search_fts_cases")
