"""What the sweep of promises asks: whose day is near, who let an offered case lie, and what was done already."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters import LetterKind
from cases.promises import PromiseKind
from storage.engine import Part
from storage.tables import case_deadlines, cases, journal, promise_marks


class PlannedPart(Part):
    """The whole of ``Promises``."""

    def cases_due(self, until: date) -> Sequence[str]:
        """Ids of open cases with a status or an answer still owed whose nearest day is this one or before it."""
        owed = sa.exists().where(case_deadlines.c.case_id == cases.c.id, case_deadlines.c.met_at.is_(None))
        owed = owed.where(case_deadlines.c.kind != PromiseKind.RECEIPT)
        query = sa.select(cases.c.id).where(cases.c.open, cases.c.due <= until, owed)
        return list(self.connection.execute(query.order_by(cases.c.due, cases.c.id)).scalars())

    def assigned_before(self, moment: datetime) -> Sequence[str]:
        """Ids of cases offered to somebody before then and not yet accepted, the longest first."""
        offered = sa.select(sa.func.max(journal.c.at)).where(journal.c.case_id == cases.c.id)
        offered = offered.where(journal.c.kind == EventKind.ASSIGNED)
        last = offered.scalar_subquery()
        query = sa.select(cases.c.id).where(cases.c.status == CaseStatus.ASSIGNED, last < moment)
        return list(self.connection.execute(query.order_by(last, cases.c.id)).scalars())

    def mark(self, case_id: str, kind: LetterKind, day: date, at: datetime) -> bool:
        """Remember that this was done for a deadline; False, on whatever machine, where it was remembered before."""
        row = {"case_id": case_id, "kind": kind, "day": day, "at": at}
        return self.insert_new(promise_marks, row, ["case_id", "kind", "day"])

    def marks(self, case_id: str) -> frozenset[tuple[LetterKind, date]]:
        """What was done for the deadlines of a case."""
        query = sa.select(promise_marks.c.kind, promise_marks.c.day).where(promise_marks.c.case_id == case_id)
        return frozenset((LetterKind(row.kind), row.day) for row in self.connection.execute(query))
