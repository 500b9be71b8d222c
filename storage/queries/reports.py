"""The read-only questions of compilations, each over the cases the viewer answers for and no others."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.case import CaseStatus, Channel, Outcome
from cases.compilations.reporting import Agreement, Asked, ReportCase
from cases.journal import EventKind
from cases.letters.letter import FINAL, NEVER_LEFT, OutboxStatus
from cases.people.access import Viewer
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.learning import AUTOMATIC
from cases.routing.suggestion import CaseType
from storage.database.engine import Part
from storage.rows import Row
from storage.tables.absences import case_hallmarks
from storage.tables.cases import case_deadlines, cases, decisions, journal, settings
from storage.tables.mail import outbox
from storage.tables.public import citizen_links
from storage.tables.rules import RULED

_Yes = sa.ColumnElement[bool]
# What was no case, or is counted in another one, is not reported (O12).
_UNCOUNTED = (CaseStatus.NOT_A_CASE, CaseStatus.MERGED, CaseStatus.SPLIT)
# Nothing is promised to the anonymous (O11), and a receipt goes by mail or not at all; what was erased is not asked.
_PROMISED = sa.and_(
    ~cases.c.sender_anonymous,
    sa.or_(case_deadlines.c.kind != PromiseKind.RECEIPT, cases.c.sender_email != "", cases.c.disposed_at.is_not(None)),
)


def covered(viewer: Viewer) -> _Yes:
    """True for the cases a compilation of this viewer counts (``cases.compilations.reporting.Reports``)."""
    if viewer.system:
        return ~cases.c.whistle
    units = sorted(one for one in viewer.registrator_units | viewer.chef_units if one)
    own = sa.or_(cases.c.unit_id.in_(units), cases.c.authority_id.in_(sorted(viewer.diary_authorities)))
    if viewer.sees_unflagged:
        # A case nobody has looked at yet counts as protected, as in every list.
        own = sa.or_(own, sa.and_(~cases.c.protected, cases.c.status != CaseStatus.RECEIVED))
    return sa.and_(~cases.c.whistle, own)


def _reported(viewer: Viewer) -> _Yes:
    return sa.and_(covered(viewer), cases.c.status.not_in(_UNCOUNTED))


class ReportPart(Part):
    """The whole of ``Reports``."""

    def report_cases(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[ReportCase]:
        """The cases received from ``since`` up to but not at ``until``, oldest first."""
        which = sa.and_(_reported(viewer), cases.c.received_at >= since, cases.c.received_at < until)
        query = sa.select(*(cases.c[name] for name in _COLUMNS)).where(which)
        rows = self.connection.execute(query.order_by(cases.c.received_at, cases.c.id)).mappings()
        deadlines, marks, answers = self._deadlines(which), self._marks(which), self._answers(which)
        return [_report_case(row, deadlines[row["id"]], marks[row["id"]], answers.get(row["id"])) for row in rows]

    def _answers(self, which: _Yes) -> dict[str, datetime]:
        """When each case was first answered: a letter when it left or will, and none that was taken back."""
        found = dict[str, datetime]()
        same = sa.and_(outbox.c.case_id == journal.c.case_id, outbox.c.created_at == journal.c.at)
        letter = sa.and_(same, outbox.c.kind.in_(FINAL), outbox.c.copy_of == "")
        query = sa.select(journal.c.case_id, journal.c.at, outbox.c.status, outbox.c.sent_at, outbox.c.not_before)
        query = query.join(cases, cases.c.id == journal.c.case_id).outerjoin(outbox, letter)
        for row in self.connection.execute(query.where(which, journal.c.kind == EventKind.ANSWERED)):
            if row.status not in NEVER_LEFT:
                told = row.sent_at or row.not_before or row.at
                found[row.case_id] = min(told, found.get(row.case_id, told))
        return found

    def _marks(self, which: _Yes) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        query = sa.select(case_hallmarks).join(cases, cases.c.id == case_hallmarks.c.case_id).where(which)
        for row in self.connection.execute(query.order_by(case_hallmarks.c.hallmark)):
            found[row.case_id].append(row.hallmark)
        return found

    def _deadlines(self, which: _Yes) -> dict[str, list[Deadline]]:
        found = defaultdict[str, list[Deadline]](list)
        query = sa.select(case_deadlines).join(cases, cases.c.id == case_deadlines.c.case_id).where(which, _PROMISED)
        for row in self.connection.execute(query.order_by(case_deadlines.c.case_id, case_deadlines.c.position)):
            found[row.case_id].append(Deadline(PromiseKind(row.kind), row.due, row.rule, row.met_at))
        return found

    def agreements(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Agreement]:
        """The first routing of each covered case that had a suggestion, decided in that time."""
        firsts = sa.select(sa.func.min(decisions.c.seq)).where(decisions.c.choice == RoutingChoice.UNIT)
        # What was confirmed automatically agrees with itself and tells nothing.
        firsts = firsts.where(decisions.c.suggested_area.is_not(None), decisions.c.decided_by != AUTOMATIC)
        # Nor is what a rule put first the model's.
        firsts = firsts.where(decisions.c.case_id.not_in(RULED)).group_by(decisions.c.case_id)
        query = sa.select(decisions.c.unit_id, decisions.c.agreed).join(cases, cases.c.id == decisions.c.case_id)
        query = query.where(_reported(viewer), decisions.c.decided_at >= since, decisions.c.decided_at < until)
        query = query.where(decisions.c.seq.in_(firsts)).order_by(decisions.c.seq)
        return [Agreement(row.unit_id, row.agreed) for row in self.connection.execute(query)]

    def asked_if_helped(self, viewer: Viewer, since: datetime, until: datetime) -> Sequence[Asked]:
        """A letter that bounced or was taken back asked nobody."""
        query = sa.select(citizen_links.c.unit_id, citizen_links.c.helped)
        query = query.join(outbox, outbox.c.id == citizen_links.c.entry_id)
        query = query.join(cases, cases.c.id == citizen_links.c.case_id).where(covered(viewer))
        query = query.where(outbox.c.status == OutboxStatus.SENT, outbox.c.sent_at >= since, outbox.c.sent_at < until)
        return [Asked(row.unit_id, row.helped) for row in self.connection.execute(query)]

    def claim_setting(self, key: str, value: str) -> bool:
        """Keep a small fact where there is none; False, on whatever machine, where it stood there already."""
        return self.insert_new(settings, {"key": key, "value": value}, ["key"])


_COLUMNS = (
    "id",
    "number",
    "received_at",
    "channel",
    "status",
    "authority_id",
    "unit_id",
    "type",
    "area",
    "outcome",
    "register_subject",
    "improvement",
    "protected",
    "closed_at",
)


def _report_case(
    row: Row, deadlines: Sequence[Deadline], marks: Sequence[str], answered_at: datetime | None
) -> ReportCase:
    plain = {name: row[name] for name in ("number", "received_at", "authority_id", "unit_id", "register_subject")}
    return ReportCase(
        **plain,
        channel=Channel(row["channel"]),
        status=CaseStatus(row["status"]),
        type=CaseType(row["type"]) if row["type"] else None,
        area=Area(row["area"]) if row["area"] else None,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        improvement=row["improvement"],
        protected=row["protected"],
        answered_at=answered_at,
        closed_at=row["closed_at"],
        deadlines=tuple(deadlines),
        hallmarks=tuple(marks),
    )
