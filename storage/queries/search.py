"""Full-text search on both databases: every word must be found in the case, in cases the viewer may read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import sqlalchemy as sa

from cases.parts import in_parts
from cases.people.access import Viewer
from cases.store.views import SearchHit
from storage.database.engine import index_key
from storage.database.questions import KEYS
from storage.queries.pages import PagePart
from storage.search.query import Word, parse_query
from storage.search.snippets import Document, best_document, snippet
from storage.search.sources import source_of
from storage.tables.cases import case_numbers, cases, search_docs
from storage.visibility import visible

_d = search_docs.c
# So many of the newest documents that hold all words are looked at before the whole index is: enough for a page of
# somebody who reads a tenth of the cases, and then of somebody who reads a hundredth.
_NEWEST = (300, 6_000)
_AT_ONCE = 100
_DOCUMENTS = sa.select(_d.case_id, _d.kind, _d.plain, _d.terms).where(_d.case_id.in_(KEYS)).order_by(_d.seq)


class SearchPart(PagePart):
    """The search of ``Pages``."""

    def search(self, query: str, viewer: Viewer, limit: int = 50, offset: int = 0) -> Sequence[SearchHit]:
        """Cases that match every word of the query; authorised before they are counted or quoted.

        First the case whose number it is, then those with all words in one letter or line of the journal, then those
        that have them here and there; the newest words first.
        """
        words = parse_query(query, self.analyser)
        if not words:
            return []
        ids = self._found(query, words, viewer, offset + limit)[offset:]
        found = self.lines_by_id(ids, viewer)
        documents = self._documents(ids) if ids else {}
        best = [best_document(documents[line.id], words) for line in found]
        seen: dict[str, frozenset[int]] = {}
        shown = [(doc.kind, snippet(doc.plain, words, self.analyser, seen)) for doc in best]
        return [SearchHit(line, text, where) for line, (where, text) in zip(found, shown, strict=True)]

    def _found(self, query: str, words: Sequence[Word], viewer: Viewer, wanted: int) -> list[str]:
        """The ids of so many cases; looked for further away only where there are too few near at hand."""
        found, source, seen = dict.fromkeys(self._numbered(query, viewer)), source_of(self.connection), 0
        for most in _NEWEST:
            question = source.together(words, most, near=most == _NEWEST[0])
            newest = self.connection.execute(question).scalars().all()
            self._add_readable(found, in_parts(newest[seen:], _AT_ONCE), viewer, wanted)
            seen = len(newest)
            if len(found) >= wanted:
                return list(found)[:wanted]
        if len(words) > 1 or seen == _NEWEST[-1]:
            everywhere = self.connection.execute(source.apart(words)).scalars()
            self._add_readable(found, everywhere.partitions(_AT_ONCE), viewer, wanted)
        return list(found)[:wanted]

    def _numbered(self, query: str, viewer: Viewer) -> Sequence[str]:
        return self.connection.execute(_numbered(viewer), {"its_key": index_key(query)}).scalars().all()

    def _add_readable(
        self, found: dict[str, None], numbers: Iterable[Sequence[int]], viewer: Viewer, wanted: int
    ) -> None:
        """Add the cases of these documents that the viewer may read, in their order, until there are enough."""
        for some in numbers:
            if len(found) >= wanted:
                return
            rows = self.connection.execute(_readable(viewer), {"keys": some})
            of = {row.seq: row.case_id for row in rows}
            found |= dict.fromkeys(of[seq] for seq in some if seq in of)

    def _documents(self, case_ids: Sequence[str]) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = defaultdict(list)
        for row in self.connection.execute(_DOCUMENTS, {"keys": case_ids}):
            found[row.case_id].append(Document(row.kind, row.plain, row.terms))
        return found


@lru_cache(maxsize=256)
def _numbered(viewer: Viewer) -> sa.Select[str]:
    which = sa.select(cases.c.id).join_from(case_numbers, cases, case_numbers.c.case_id == cases.c.id)
    return which.where(case_numbers.c.number_key == sa.bindparam("its_key"), visible(viewer))


@lru_cache(maxsize=256)
def _readable(viewer: Viewer) -> sa.Select[tuple[int, str]]:
    """Documents by number with their cases, of those the viewer may read."""
    readable = sa.select(_d.seq, _d.case_id).join_from(search_docs, cases, cases.c.id == _d.case_id)
    return readable.where(_d.seq.in_(KEYS), visible(viewer))
