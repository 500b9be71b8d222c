"""Ended cases that are not erased yet: which they are, how many of each kind, and which hang together."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cases.case import ENDED, Outcome
from cases.journal import EventKind
from cases.people.access import Viewer
from cases.records.retention import EndedCase, EndedKind
from cases.routing.suggestion import CaseType
from storage.cases import CasePart
from storage.queries.lists import midnight
from storage.rows import Row, maybe
from storage.tables.cases import cases, journal
from storage.tables.incidents import case_ties
from storage.tables.refusals import refusals
from storage.visibility import visible

# What is done with a case that has ended long ago does not make it young again.
_LATER = (
    EventKind.ARCHIVED,
    EventKind.CORRECTED,
    EventKind.DISCLOSED,
    EventKind.EXTRACTED,
    EventKind.READ,
    EventKind.SPARED,
)
_COLUMNS = (
    "id", "number", "registry_number", "type", "outcome", "received_at", "protected", "version",
)  # fmt: skip


class EndedPart(CasePart):
    """The questions of ``Retention``."""

    def ended_cases(
        self,
        viewer: Viewer,
        before: datetime,
        limit: int,
        *,
        protected: bool = True,
        registered: bool = True,
        types: Collection[CaseType] = (),
    ) -> Sequence[EndedCase]:
        """Cases the viewer may read that ended before then and are not erased yet, the longest ended first."""
        query = sa.select(*(cases.c[name] for name in _COLUMNS), _ENDED.label("ended_at"))
        # None ended before it came: said so that the index by state and receipt finds the old ones.
        query = query.where(*_left(viewer), cases.c.received_at < before, before > _ENDED)
        if not protected:
            query = query.where(sa.not_(cases.c.protected))
        if not registered:
            query = query.where(cases.c.registry_number == "")
        if types:
            query = query.where(cases.c.type.in_(sorted(types)))
        query = query.order_by(_ENDED, cases.c.id).limit(limit)
        ties = self._ties()
        return [_ended(row, ties) for row in self.connection.execute(query).mappings()]

    def count_ended(self, viewer: Viewer, days: Sequence[date]) -> Mapping[EndedKind, int]:
        """How many ended cases that are not erased yet the viewer may read, by what a rule looks at."""
        each = sa.select(*_looked_at(days)).where(*_left(viewer)).subquery()
        kinds = sa.select(*each.c, sa.func.count().label("many")).group_by(*each.c)
        return {_kind(row, days): row["many"] for row in self.connection.execute(kinds).mappings()}

    def _ties(self) -> dict[str, set[str]]:
        """The cases that each hangs with, either way, and that are not erased."""
        found = defaultdict[str, set[str]](set)
        gone = sa.exists().where(
            cases.c.id.in_([case_ties.c.case_id, case_ties.c.other_id]), cases.c.disposed_at.is_not(None)
        )
        for one, other in self.connection.execute(sa.select(case_ties.c.case_id, case_ties.c.other_id).where(~gone)):
            found[one].add(other)
            found[other].add(one)
        return found


def _when_ended() -> sa.ColumnElement[datetime]:
    """When a case was closed, else when the last was done that is not of a time after its end, else when it came."""
    done = sa.select(sa.func.max(journal.c.at)).where(journal.c.case_id == cases.c.id, journal.c.kind.not_in(_LATER))
    ended = sa.func.coalesce(cases.c.closed_at, done.scalar_subquery(), cases.c.received_at)
    return sa.type_coerce(ended, cases.c.received_at.type)


_ENDED = _when_ended()


def _left(viewer: Viewer) -> Iterator[sa.ColumnElement[bool]]:
    """Ended cases that the viewer may read and that are there."""
    yield cases.c.status.in_(sorted(ENDED))
    yield cases.c.disposed_at.is_(None)
    yield visible(viewer)
    # While an appeal may come or waits, nothing of what was asked for may go (JO).
    yield ~sa.exists().where(refusals.c.case_id == cases.c.id, sa.not_(refusals.c.settled))


def _looked_at(days: Sequence[date]) -> Iterator[sa.SQLColumnExpression[object]]:
    """What a rule looks at in a case; ``day`` is the place among ``days`` of the first by which it had ended."""
    yield from (cases.c.type, cases.c.outcome, cases.c.protected)
    yield (cases.c.registry_number != "").label("registered")
    by = [(midnight(day + timedelta(days=1)) > _ENDED, place) for place, day in enumerate(days)]
    yield sa.type_coerce(sa.case(*by, else_=None) if by else sa.null(), sa.Integer).label("day")


def _kind(row: Row, days: Sequence[date]) -> EndedKind:
    return EndedKind(
        type=maybe(CaseType, row["type"]),
        outcome=maybe(Outcome, row["outcome"]),
        protected=row["protected"],
        registered=row["registered"],
        by=None if row["day"] is None else days[row["day"]],
    )


def _ended(row: Row, ties: Mapping[str, set[str]]) -> EndedCase:
    return EndedCase(
        id=row["id"],
        number=row["number"],
        registry_number=row["registry_number"],
        type=maybe(CaseType, row["type"]),
        outcome=maybe(Outcome, row["outcome"]),
        received_at=row["received_at"],
        ended_at=row["ended_at"],
        protected=row["protected"],
        version=row["version"],
        tied=frozenset(ties.get(row["id"], ())),
    )
