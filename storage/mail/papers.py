"""Kept papers: decisions on handing out, as they were handed to whoever asked."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from cases.letters.papers import KeptPaper, PaperKind
from cases.letters.press import PaperDocument
from storage.database.engine import Part
from storage.payloads import dump
from storage.rows import Row
from storage.tables.papers import case_papers

_OF_CASE = sa.select(case_papers).where(case_papers.c.case_id == sa.bindparam("its_case")).order_by(case_papers.c.seq)


class PaperPart(Part):
    """The whole of ``Papers``."""

    def add_paper(self, paper: KeptPaper) -> None:
        """Keep it."""
        names = ("id", "case_id", "number", "kind", "at", "by")
        row = {name: getattr(paper, name) for name in names}
        own = {"title": paper.paper.title, "facts": dump(list(paper.paper.facts)), "text": paper.paper.text}
        self.insert(case_papers, row | own)

    def papers_of(self, case_id: str) -> Sequence[KeptPaper]:
        """Those of a case, the first one first."""
        rows = self.after(case_papers).execute(_OF_CASE, {"its_case": case_id}).mappings()
        return [_paper(row) for row in rows]


def _paper(row: Row) -> KeptPaper:
    facts = [(name, value) for name, value in json.loads(row["facts"])]
    paper = PaperDocument(row["title"], facts, row["text"])
    return KeptPaper(row["id"], row["case_id"], row["number"], PaperKind(row["kind"]), row["at"], row["by"], paper)
