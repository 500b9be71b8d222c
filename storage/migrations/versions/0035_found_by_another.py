"""What a journal says of another case is found by no search: also the lines that were indexed before it was so."""

from alembic import op

revision = "0035_found_by_another"
down_revision = "0034_colleague_answered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take out of the index what may name a case that whoever searches may not read; the lines stay in the journal."""
    op.execute(
        "DELETE FROM search_docs WHERE kind = 'journal' AND source_id IN (SELECT id FROM journal WHERE kind IN"
        " ('linked', 'split', 'merged', 'unmerged', 'answered', 'received', 'appealed'))"
    )


def downgrade() -> None:
    """Nothing to put back: the version before reads the lines in the journal, and only finds no words of theirs."""
