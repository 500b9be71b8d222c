"""The lines of cases: a list of them in its order, a part of it, how many it holds; each authorised in its query."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

import sqlalchemy as sa

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import Viewer
from cases.routing.flags import FlagKind, FlagState
from cases.routing.suggestion import Severity
from cases.store.views import CaseGlance, CaseLine, ListFilter, ListKind, OrderKey
from storage.cases import CasePart
from storage.database.questions import KEYS
from storage.queries.lists import DATED, held_by, order_of, part, part_values, parts_of
from storage.queries.rules import RulePart
from storage.rows import LINE_COLUMNS, awaits_routing, line_from_row, maybe
from storage.tables.cases import case_flags, case_readers, cases, journal, suggestions, users
from storage.tables.mail import messages
from storage.visibility import visible

_T = TypeVar("_T")
_LINE = (*(cases.c[name] for name in LINE_COLUMNS), users.c.name.label("assignee_name"))
CASE_LINES = sa.select(*_LINE).select_from(cases.outerjoin(users, users.c.id == cases.c.assignee_id))
# What is asked for every page is built once: to build a question takes longer than to ask it.
_DOUBTED = sa.and_(suggestions.c.content.contains('"doubt":"'), sa.not_(suggestions.c.content.contains('"doubt":""')))
_AREAS = (
    sa.select(suggestions.c.case_id, suggestions.c.message_row_id, suggestions.c.areas, _DOUBTED.label("doubted"))
    .join(messages, messages.c.id == suggestions.c.message_row_id)
    .where(suggestions.c.case_id.in_(KEYS))
    .order_by(messages.c.received_at, messages.c.seq, suggestions.c.seq)
)
# Backwards, so that the first letter is the one that stays.
_EXCERPTS = (
    sa.select(messages.c.case_id, messages.c.excerpt)
    .where(messages.c.case_id.in_(KEYS), messages.c.direction == "in")
    .order_by(messages.c.received_at.desc(), messages.c.seq.desc())
)
_GLANCE = ("id", "unit_id", "assignee_id", "status", "severity", "due")
_THREATS = sa.select(case_flags.c.case_id).where(
    case_flags.c.case_id.in_(KEYS), case_flags.c.kind == FlagKind.HOT_VALD, case_flags.c.state != FlagState.CLEARED
)
_LAST = (
    sa.select(journal.c.case_id, journal.c.kind)
    .where(journal.c.case_id.in_(KEYS), journal.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(journal.c.at, journal.c.seq)
)


class LinePart(CasePart, RulePart):
    """Cases as lists show them."""

    def lines(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> Sequence[CaseLine]:
        """A list of cases, in the order the list promises."""
        # First which, then what: SQLite sorts whole rows, and of thousands only a page is read.
        return self.lines_by_id(self._page_of(kind, viewer, filters), viewer)

    def _page_of(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> list[str]:
        ahead = self.after(cases, case_readers)
        if parts_of(kind, filters) is None:
            return list(ahead.execute(_held(kind, viewer, filters)).scalars())
        found, most = list[str](), filters.offset + filters.limit
        for value in self._parts(filters):
            query = _part(kind, viewer, filters, dated=value == DATED)
            found += ahead.execute(query, {"value": value, "left": most - len(found)}).scalars()
            if len(found) == most:
                break
        return found[filters.offset :]

    def _parts(self, filters: ListFilter) -> Iterator[str]:
        """The parts of the register in order; what is of no unit, and of one that is no more, comes last."""
        yield from (known := part_values(filters))
        if filters.order and filters.order.key is OrderKey.UNIT and not filters.unit_id:
            others = set(self.connection.execute(sa.select(cases.c.unit_id).distinct()).scalars()) - {*known}
            yield from sorted(others, reverse=True)

    def lines_by_id(self, ids: Sequence[str], viewer: Viewer) -> list[CaseLine]:
        """The lines of these cases, in this order; those that the viewer may not read are left out."""
        found = {line.id: line for line in self.lines_of(_by_id(viewer), {"keys": ids})} if ids else {}
        return [found[one] for one in ids if one in found]

    def glances(self, kind: ListKind, viewer: Viewer, filters: ListFilter) -> list[CaseGlance]:
        """The list with only what an overview is made of: hundreds of whole lines would take most of its time."""
        rows = self.after(cases, case_readers).execute(_glanced(kind, viewer, filters)).all()
        threats = (
            set(self.connection.execute(_THREATS, {"keys": [row.id for row in rows]}).scalars()) if rows else set()
        )
        return [
            CaseGlance(
                row.id,
                row.unit_id,
                row.assignee_id,
                CaseStatus(row.status),
                maybe(Severity, row.severity),
                row.due,
                row.id in threats,
            )
            for row in rows
        ]

    def count(self, kind: ListKind, viewer: Viewer, filters: ListFilter, most: int | None = None) -> int:
        """How many the list would hold without limit; with ``most`` it stops counting there."""
        return int(self.connection.execute(_counted(kind, viewer, filters, most)).scalar_one())

    def lines_of(
        self, query: sa.Select[tuple[object, ...]], asked: Mapping[str, object] | None = None
    ) -> list[CaseLine]:
        """The lines of rows chosen already, with what other tables add fetched for all of them at once."""
        rows = self.connection.execute(query, asked).mappings().all()
        guarded = [row["id"] for row in rows]
        waiting = [row["id"] for row in rows if awaits_routing(row)]
        flags = self.flags_of(guarded) if guarded else {}
        suggested, excerpts = (self._suggested(waiting), self._excerpts(waiting)) if waiting else ({}, {})
        rules = self.rules_of(waiting) if waiting else {}
        return [
            line_from_row(
                row,
                tuple(flags.get(row["id"], ())),
                *suggested.get(row["id"], ({}, False)),
                excerpts.get(row["id"], ""),
                rules.get(row["id"], ""),
            )
            for row in rows
        ]

    def _suggested(self, case_ids: Sequence[str]) -> dict[str, tuple[Mapping[str, float], bool]]:
        """How sure is what, and whether the suggestion is to be trusted at all, by case."""
        first: dict[str, str] = {}
        found: dict[str, tuple[Mapping[str, float], bool]] = {}
        # In order of letters, then of writing: the latest suggestion of the first letter is the one that stays.
        for row in self.connection.execute(_AREAS, {"keys": case_ids}):
            if first.setdefault(row.case_id, row.message_row_id) == row.message_row_id:
                found[row.case_id] = dict(json.loads(row.areas)), bool(row.doubted)
        return found

    def _excerpts(self, case_ids: Sequence[str]) -> dict[str, str]:
        return {row.case_id: row.excerpt for row in self.connection.execute(_EXCERPTS, {"keys": case_ids})}

    def last_of(self, case_ids: Sequence[str], kinds: Collection[EventKind]) -> Mapping[str, EventKind]:
        """The latest of these kinds in the journals of cases somebody may read; none where there is none."""
        rows = self.connection.execute(_LAST, {"keys": case_ids, "kinds": sorted(kinds)})
        return {row.case_id: EventKind(row.kind) for row in rows}


# What somebody may read stands in the question, never its answer.
@lru_cache(maxsize=512)
def _held(kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[str]:
    return _page(sa.select(cases.c.id), kind, viewer, filters)


@lru_cache(maxsize=256)
def _part(kind: ListKind, viewer: Viewer, filters: ListFilter, *, dated: bool) -> sa.Select[str]:
    """A part of the list, in its own order or by its days."""
    key = parts_of(kind, filters)
    here = sa.true() if key is None else part(key, dated=dated)
    query = sa.select(cases.c.id).where(held_by(kind, viewer, filters), here)
    return query.order_by(*order_of(kind, filters, own=not dated)).limit(sa.bindparam("left"))


@lru_cache(maxsize=512)
def _glanced(kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[tuple[object, ...]]:
    return _page(sa.select(*(cases.c[name] for name in _GLANCE)), kind, viewer, filters)


def _page(query: sa.Select[_T], kind: ListKind, viewer: Viewer, filters: ListFilter) -> sa.Select[_T]:
    held = query.where(held_by(kind, viewer, filters)).order_by(*order_of(kind, filters))
    return held.limit(filters.limit).offset(filters.offset)


@lru_cache(maxsize=256)
def _by_id(viewer: Viewer) -> sa.Select[tuple[object, ...]]:
    return CASE_LINES.where(cases.c.id.in_(KEYS), visible(viewer))


@lru_cache(maxsize=512)
def _counted(kind: ListKind, viewer: Viewer, filters: ListFilter, most: int | None) -> sa.Select[int]:
    held = sa.select(sa.literal(1)).select_from(cases).where(held_by(kind, viewer, filters)).limit(most)
    return sa.select(sa.func.count()).select_from(held.subquery())
