"""Full-text search on both databases: every word must be found in the case, in cases the viewer may read."""

import operator
from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

import sqlalchemy as sa

from cases.access import Viewer
from cases.views import SearchHit
from storage.documents import JOURNAL, LETTER, NUMBER, PARTY
from storage.pages import CASE_LINES, PagePart
from storage.query import Word, parse_query
from storage.snippets import Document, best_document, snippet
from storage.tables import cases, search_docs
from storage.visibility import visible

# SQLite's bm25 and our negated ts_rank are both below zero, the best lowest. A case's own number or correspondent
# says more than a letter that mentions them.
_WEIGHTS = {NUMBER: 4.0, PARTY: 2.0, LETTER: 1.0, JOURNAL: 0.7}
_d = search_docs.c
_fts = sa.table("search_fts", sa.column("rowid", sa.Integer), sa.column("rank", sa.Float))


class SearchPart(PagePart):
    """The search of ``Pages``."""

    def search(self, query: str, viewer: Viewer, limit: int = 50, offset: int = 0) -> Sequence[SearchHit]:
        """Cases that match every word of the query, best first, then newest; authorised before ranking and snippets."""
        words = parse_query(query, self.analyser)
        if not words:
            return []
        hits = [self._hits(word).subquery(f"hit{i}") for i, word in enumerate(words)]
        scores: list[sa.ColumnElement[float]] = [hit.c.score for hit in hits]
        score = reduce(operator.add, scores)
        which = sa.select(cases.c.id)
        for hit in hits:
            which = which.join_from(cases, hit, hit.c.case_id == cases.c.id)
        which = which.where(visible(viewer)).order_by(score, cases.c.received_at.desc(), cases.c.id)
        ids = list(self.connection.execute(which.limit(limit).offset(offset)).scalars())
        lines = {line.id: line for line in self.lines_of(CASE_LINES.where(cases.c.id.in_(ids)))} if ids else {}
        found = [lines[one] for one in ids]
        documents = self._documents([line.id for line in found])
        best = [best_document(documents[line.id], words) for line in found]
        shown = [(doc.kind, snippet(doc.plain, words, self.analyser)) for doc in best]
        return [SearchHit(line, text, where) for line, (where, text) in zip(found, shown, strict=True)]

    def _hits(self, word: Word) -> sa.Select[tuple[str, float]]:
        weight = sa.case(_WEIGHTS, value=_d.kind, else_=1.0)
        if self.connection.dialect.name == "sqlite":
            matched = sa.literal_column("search_fts").op("MATCH", is_comparison=True)(fts5_expression(word))
            scores = sa.select(_d.case_id, (_fts.c.rank * weight).label("score"))
            scores = scores.select_from(_fts.join(search_docs, _d.seq == _fts.c.rowid)).where(matched)
        else:
            vector: sa.ColumnElement[str] = sa.literal_column("search_docs.vector")
            wanted = sa.func.to_tsquery(sa.literal_column("'simple'"), tsquery_expression(word))
            rank = sa.func.ts_rank(vector, wanted, 1)
            matched = vector.op("@@", is_comparison=True)(wanted)
            scores = sa.select(_d.case_id, (-rank * weight).label("score")).where(matched)
        found = scores.subquery()
        return sa.select(found.c.case_id, sa.func.min(found.c.score).label("score")).group_by(found.c.case_id)

    def _documents(self, case_ids: Sequence[str]) -> dict[str, list[Document]]:
        query = sa.select(_d.case_id, _d.kind, _d.plain, _d.terms).where(_d.case_id.in_(case_ids)).order_by(_d.seq)
        found: dict[str, list[Document]] = defaultdict(list)
        for row in self.connection.execute(query):
            found[row.case_id].append(Document(row.kind, row.plain, row.terms))
        return found


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
