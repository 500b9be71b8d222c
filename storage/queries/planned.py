"""What the sweep of promises asks: whose day is near, who let an offered case lie, and what was done already."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cases.calendar import local_day
from cases.case import Case, CaseStatus
from cases.errors import StaleVersion
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.parts import in_parts
from cases.people.access import Viewer
from cases.ports import Analyser
from cases.promises import PromiseKind
from cases.records.law_days import DECIDED_TRACKS
from cases.records.whistle import TELLING, Told, told_by
from storage.cases import CasePart
from storage.refusals import decided
from storage.tables.cases import case_deadlines, case_readers, cases, journal, promise_marks, settings
from storage.tables.mail import outbox
from storage.visibility import visible

_m = promise_marks.c
# What is asked of every case is built once.
_MARKS = sa.select(_m.kind, _m.day).where(_m.case_id == sa.bindparam("its_case"))
_IDS: sa.BindParameter[list[str]] = sa.bindparam("ids", expanding=True)
_AT_ONCE = 500
_KEY = ("case_id", "kind", "day")
_Mark = tuple[LetterKind, date]
_NEAR = (
    sa.select(cases.c.id)
    .where(cases.c.open, cases.c.due <= sa.bindparam("until", type_=cases.c.due.type))
    .order_by(cases.c.due, cases.c.id)
)
_OWED = sa.select(case_deadlines.c.case_id).where(
    case_deadlines.c.case_id.in_(_IDS), case_deadlines.c.met_at.is_(None), case_deadlines.c.kind != PromiseKind.RECEIPT
)
_NOTED = sa.select(journal.c.case_id, journal.c.kind, journal.c.text, journal.c.at).where(
    journal.c.case_id.in_(_IDS), journal.c.kind.in_((EventKind.NOTE, EventKind.ANSWERED))
)
_LEFT = sa.select(outbox.c.case_id, outbox.c.sent_at).where(
    outbox.c.case_id.in_(_IDS),
    outbox.c.kind.in_(sorted(TELLING)),
    outbox.c.status.in_((OutboxStatus.SENT, OutboxStatus.POSTED)),
    outbox.c.copy_of == "",
    outbox.c.sent_at.is_not(None),
)
_MARKS_OF = sa.select(_m.case_id, _m.kind, _m.day).where(_m.case_id.in_(_IDS))


class PlannedPart(CasePart):
    """The whole of ``Promises``."""

    def __init__(self, connection: sa.Connection, analyser: Analyser) -> None:
        super().__init__(connection, analyser)
        self._marked: dict[str, set[_Mark]] = {}

    def cases_due(self, until: date) -> Sequence[str]:
        """Ids of open cases with a status or an answer still owed whose nearest day is this one or before it."""
        near = list(self.connection.execute(_NEAR, {"until": until}).scalars())
        owed: set[str] = set()
        # Apart, and a part at a time: PostgreSQL, asked for both at once, read every deadline there ever was.
        for some in in_parts(near, _AT_ONCE):
            owed.update(self.connection.execute(_OWED, {"ids": some}).scalars())
        return [case_id for case_id in near if case_id in owed]

    def promised(self, case_ids: Sequence[str]) -> Sequence[tuple[Case, frozenset[_Mark]]]:
        """These cases, in this order, with what was done for their deadlines; those that are gone are left out.

        Four questions however many they are; each case is then at hand for the rest of the transaction.
        """
        self.read_cases(case_ids)
        done: dict[str, set[_Mark]] = defaultdict(set)
        for mark in self.after(promise_marks).execute(_MARKS_OF, {"ids": list(case_ids)}):
            done[mark.case_id].add((LetterKind(mark.kind), mark.day))
        found = [one for one in case_ids if one in self._seen]
        self._marked.update((one, done[one]) for one in found)
        return [(self._seen[one], frozenset(done[one])) for one in found]

    def assigned_before(self, moment: datetime, case_id: str = "") -> Sequence[str]:
        """Ids of cases offered to somebody before then and not yet accepted, the longest first; or that one alone."""
        offered = sa.select(sa.func.max(journal.c.at)).where(journal.c.case_id == cases.c.id)
        offered = offered.where(journal.c.kind == EventKind.ASSIGNED)
        last = offered.scalar_subquery()
        query = sa.select(cases.c.id).where(cases.c.status == CaseStatus.ASSIGNED, last < moment)
        if case_id:
            query = query.where(cases.c.id == case_id)
        return list(self.connection.execute(query.order_by(last, cases.c.id)).scalars())

    def whistle_waiting(self) -> Sequence[str]:
        """Ids of the open whistle-blowers' cases whose sender can be told something."""
        waits = (cases.c.whistle, cases.c.open, ~cases.c.sender_anonymous)
        return list(self.connection.execute(sa.select(cases.c.id).where(*waits).order_by(cases.c.id)).scalars())

    def whistle_closed(self, before: datetime) -> Sequence[str]:
        """Ids of the whistle-blowers' cases that were closed before then and are not erased."""
        kept = (cases.c.whistle, cases.c.status == CaseStatus.CLOSED, cases.c.disposed_at.is_(None))
        query = sa.select(cases.c.id).where(*kept, cases.c.closed_at < before).order_by(cases.c.id)
        return list(self.connection.execute(query).scalars())

    def on_tracks(self, tracks: Sequence[str]) -> Sequence[str]:
        """Ids of the open cases on one of these special tracks that have no outcome yet.

        An appeal that is noted with its decision is watched there, and so is a request that was decided.
        """
        waits = sa.and_(cases.c.open, cases.c.track.in_(tracks), cases.c.outcome.is_(None))
        over = sa.and_(cases.c.track.in_(DECIDED_TRACKS), decided(cases.c.id))
        return list(self.connection.execute(sa.select(cases.c.id).where(waits, ~over).order_by(cases.c.id)).scalars())

    def whistle_said(self, case_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Told, date]]]:
        """What the senders of these cases were told, by case, and on which local day, as journal and letters say."""
        found: dict[str, list[tuple[Told, date]]] = defaultdict(list)
        for some in in_parts(case_ids, _AT_ONCE):
            for row in self.after(journal).execute(_NOTED, {"ids": some}):
                if told := told_by(EventKind(row.kind), row.text):
                    found[row.case_id].append((told, local_day(row.at)))
            for case_id, sent_at in self.after(outbox).execute(_LEFT, {"ids": some}):
                found[case_id].append((Told.CONFIRMED, local_day(sent_at)))
        return found

    def mark(self, case_id: str, kind: LetterKind, day: date, at: datetime) -> bool:
        """Remember that this was done for a deadline; False, on whatever machine, where it was remembered before."""
        row = {"case_id": case_id, "kind": kind, "day": day, "at": at}
        if case_id not in self._ours or case_id not in self._marked:
            return self.insert_new(promise_marks, row, _KEY)
        # Whoever marks holds the case, and we do: what was read is all there is, and the row may wait for others.
        if (kind, day) in self._marked[case_id]:
            return False
        self._marked[case_id].add((kind, day))
        self.insert_later(promise_marks, row, once=_KEY)
        return True

    def written(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], count: int) -> None:
        """Raises StaleVersion where a mark of these was set meanwhile after all: everything is done anew then."""
        if table is promise_marks and count < len(rows):
            raise StaleVersion("Löftet hölls av en annan process i samma stund. Nästa genomgång ser efter igen.")
        super().written(table, rows, count)

    def readable(self, case_ids: Sequence[str], viewer: Viewer) -> frozenset[str]:
        """Those of these cases that the viewer may read."""
        found = set[str]()
        for some in in_parts(case_ids, _AT_ONCE):
            query = sa.select(cases.c.id).where(cases.c.id.in_(some), visible(viewer))
            found.update(self.after(cases, case_readers).execute(query).scalars())
        return frozenset(found)

    def claim_day(self, key: str, day: date) -> bool:
        """Remember that this was done on a day; False, on whatever machine, where it was that day or later already."""
        kept = settings.c
        later = settings.update().where(kept.key == key, kept.value < day.isoformat()).values(value=day.isoformat())
        if self.connection.execute(later).rowcount:
            return True
        return self.insert_new(settings, {"key": key, "value": day.isoformat()}, ["key"])

    def marks(self, case_id: str) -> frozenset[tuple[LetterKind, date]]:
        """What was done for the deadlines of a case."""
        rows = self.connection.execute(_MARKS, {"its_case": case_id})
        return frozenset((LetterKind(row.kind), row.day) for row in rows)
