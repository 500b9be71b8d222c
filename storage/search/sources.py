"""How each database is asked for documents that hold words: by number of document, the newest first.

Whoever asks must look up which of them are of cases that somebody may read; nothing here knows who asks.
"""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from storage.search.query import Word

_docs = sa.table("search_docs", *(sa.column(name) for name in ("seq", "case_id", "vector")))
_Numbers = sa.Select[int]
# PostgreSQL may read backwards until it has enough, each letter's words with it; never further than so many documents.
_BACKWARDS = 60_000


# Letters lie on solid disks or in memory. With the first default, made for turning ones, PostgreSQL reads a whole index
# instead of asking the few cases of a rare word for the frequent one; with the second it waits for each page of the
# table by itself, a second for two words of thousands of letters that nobody asked for lately. A server that cannot
# read ahead has nought there, and refuses more.
_AHEAD = 32
_MADE_READY = sa.text(f"""
    SELECT (SELECT max(seq) FROM search_docs), set_config('random_page_cost', '1.1', true),
    CASE WHEN current_setting('effective_io_concurrency')::int BETWEEN 1 AND {_AHEAD - 1}
    THEN set_config('effective_io_concurrency', '{_AHEAD}', true) END
""")  # noqa: S608 - a number of ours


class Source(Protocol):
    """Questions for the numbers of search documents."""

    def together(self, words: Sequence[Word], most: int, *, near: bool) -> _Numbers:
        """The newest documents that hold all words; ``near`` allows that some far back are left out."""
        ...

    def apart(self, words: Sequence[Word]) -> _Numbers:
        """For each case that holds all words, wherever: its newest document that holds the first of them."""
        ...


class Fts5:
    """SQLite: FTS5 walks a word backwards by itself; ``search_fts_cases`` tells in a few bytes whose a document is."""

    _fts = sa.table("search_fts", sa.column("rowid", sa.Integer))
    _of = sa.table("search_fts_cases", sa.column("seq", sa.Integer), sa.column("first", sa.Integer))
    _row = _fts.c.rowid

    def together(self, words: Sequence[Word], most: int, *, near: bool) -> _Numbers:
        """See Source; nothing is left out."""
        del near
        wanted = " AND ".join(f"({fts5_expression(word)})" for word in words)
        return sa.select(self._row).where(_fts5_match(wanted)).order_by(self._row.desc()).limit(most)

    def apart(self, words: Sequence[Word]) -> _Numbers:
        """See Source."""
        first = self._of.c.first
        newest = sa.func.max(self._of.c.seq)
        query = self._holding(newest, words[0]).group_by(first).order_by(newest.desc())
        return query.where(*(first.in_(self._holding(first, word)) for word in words[1:]))

    def _holding(self, what: sa.ColumnElement[int], word: Word) -> _Numbers:
        joined = self._fts.join(self._of, self._of.c.seq == self._row)
        return sa.select(what).select_from(joined).where(_fts5_match(fts5_expression(word)))


class Tsvector:
    """PostgreSQL: ``newest`` is the highest number of a document.

    Words are written into the statement: the planner must know how frequent they are to choose between reading
    backwards and the index.
    """

    def __init__(self, newest: int) -> None:
        self.newest = newest

    def together(self, words: Sequence[Word], most: int, *, near: bool) -> _Numbers:
        """See Source."""
        wanted = " & ".join(f"({tsquery_expression(word)})" for word in words)
        query = sa.select(_docs.c.seq).where(_vector_match(wanted)).order_by(_docs.c.seq.desc()).limit(most)
        if not near:
            return query
        return query.where(_docs.c.seq > sa.bindparam(None, self.newest - _BACKWARDS, literal_execute=True))

    def apart(self, words: Sequence[Word]) -> _Numbers:
        """See Source."""
        first, *others = (tsquery_expression(word) for word in words)
        newest = sa.func.max(_docs.c.seq)
        query = sa.select(newest).where(_vector_match(first)).group_by(_docs.c.case_id).order_by(newest.desc())
        return query.where(*(_docs.c.case_id.in_(_cases_with(one)) for one in others))


def source_of(connection: sa.Connection) -> Source:
    """The source of this database."""
    if connection.dialect.name == "sqlite":
        return Fts5()
    return Tsvector(connection.execute(_MADE_READY).scalar() or 0)


def _fts5_match(expression: str) -> sa.ColumnElement[bool]:
    return sa.literal_column("search_fts").op("MATCH", is_comparison=True)(expression)


def _vector_match(expression: str, docs: sa.FromClause = _docs) -> sa.ColumnElement[bool]:
    typed = sa.bindparam(None, expression, sa.Text, literal_execute=True)
    wanted = sa.func.to_tsquery(sa.literal_column("'simple'"), typed)
    return docs.c.vector.op("@@", is_comparison=True)(wanted)


def _cases_with(expression: str) -> sa.Select[tuple[str]]:
    other = _docs.alias()
    return sa.select(other.c.case_id).where(_vector_match(expression, other))


def fts5_expression(word: Word) -> str:
    """A word as FTS5 reads it; its terms are letters and digits alone, and quoted besides."""
    choices = [f'"{" ".join(phrase)}"' for phrase in word.either]
    if word.parts:
        choices.append("(" + " AND ".join(f'"{part}"' for part in word.parts) + ")")
    if word.prefix:
        choices.append(f'"{word.prefix}" *')
    return " OR ".join(choices)


def tsquery_expression(word: Word) -> str:
    """A word as PostgreSQL's to_tsquery reads it."""
    choices = ["(" + " <-> ".join(f"'{term}'" for term in phrase) + ")" for phrase in word.either]
    if word.parts:
        choices.append("(" + " & ".join(f"'{part}'" for part in word.parts) + ")")
    if word.prefix:
        choices.append(f"'{word.prefix}':*")
    return " | ".join(choices)
