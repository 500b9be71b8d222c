"""Which cases a list holds and in which order, as conditions on the table of cases."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from cases.calendar import STOCKHOLM
from cases.case import ENDED, CaseStatus
from cases.people.access import Viewer
from cases.store.views import ListFilter, ListKind, ListOrder, MeantUnit, OrderKey
from storage.database.engine import index_key
from storage.payloads import naming
from storage.tables.cases import cases, suggestions
from storage.tables.following import followers
from storage.tables.mail import messages
from storage.visibility import visible, within_reach

_c = cases.c
_Yes = sa.ColumnElement[bool]
_Column = sa.ColumnElement[Any]


def held_by(kind: ListKind, viewer: Viewer, filters: ListFilter) -> _Yes:
    """True for the cases a list holds for this viewer, of those the viewer may read."""
    near = within_reach(viewer) if kind is ListKind.ALL else sa.true()
    return sa.and_(_belongs(kind, viewer, filters), *_narrowed(filters), near, visible(viewer))


def _belongs(kind: ListKind, viewer: Viewer, filters: ListFilter) -> _Yes:
    match kind:
        case ListKind.TO_ROUTE:
            lost = sa.and_(_c.status == CaseStatus.REOPENED, _c.unit_id == "")
            # Each of them is open; said so that the index of the order of work is used.
            return sa.and_(_c.open, sa.or_(_c.status.in_((CaseStatus.RECEIVED, CaseStatus.SUGGESTED)), lost))
        case ListKind.MINE:
            return sa.and_(_c.assignee_id.in_(sorted(one for one in viewer.holders if one)), _c.open)
        case ListKind.FOLLOWED:
            own = sa.select(followers.c.case_id).where(followers.c.user_id == viewer.user_id)
            return _c.id.in_(own)
        case ListKind.UNIT:
            return sa.and_(_of_units(viewer), _c.open)
        case ListKind.LATE:
            return sa.and_(_c.open, _due(filters) < _late_on(filters))
        case ListKind.OPEN | ListKind.ALL:
            return _c.open if kind is ListKind.OPEN else sa.true()


def _late_on(filters: ListFilter) -> date:
    if filters.late_on is None:
        raise ValueError("the list of late cases needs filters.late_on, the day it is asked for")
    return filters.late_on


def _due(filters: ListFilter) -> _Column:
    """The nearest day of a case: what is promised, or what the law gives where that is nearer."""
    if not filters.law:
        return _c.due
    law = sa.case(dict(filters.law), value=_c.id)
    return sa.case((sa.or_(_c.due.is_(None), law < _c.due), law), else_=_c.due)


def _of_units(viewer: Viewer) -> _Yes:
    if viewer.system:
        return _c.unit_id != ""
    units = viewer.registrator_units | viewer.chef_units | viewer.member_units
    own = _c.unit_id.in_(sorted(one for one in units if one))
    # Whichever unit it was confirmed for, only the recipients work on it, and no other list of work holds it.
    return sa.or_(own, sa.and_(_c.whistle, _c.unit_id != "")) if viewer.whistle else own


def _narrowed(filters: ListFilter) -> list[_Yes]:
    equal = {
        _c.type: filters.type,
        _c.area: filters.area,
        _c.status: filters.status,
        _c.protected: filters.protected,
        _c.track: filters.track or None,
        _c.assignee_id: filters.assignee_id,
        _c.sender_key: index_key(filters.sender) or None,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if filters.unit_id:
        own = _c.unit_id == filters.unit_id
        found.append(sa.or_(own, _meant(filters.meant)) if filters.meant else own)
    found += received_in(filters.since, filters.until)
    # The list of late cases has its day already; on any other it narrows to what was due before it.
    if filters.late_on:
        found += [_BY_DAY, _due(filters) < filters.late_on]
    return found


def received_in(since: date | None, until: date | None) -> list[_Yes]:
    """Received from the one local day to the other, both included; none is no bound."""
    found = [_c.received_at >= midnight(since)] if since else []
    return [*found, _c.received_at < midnight(until + timedelta(days=1))] if until else found


# True of every case; said so that the index of open and ended ones by day, which holds few that have one, is used.
_BY_DAY = _c.open.in_((True, False))


def _meant(unit: MeantUnit) -> _Yes:
    """Of no unit yet, and suggested for this one: by name, or by its area where none other is named."""
    area = _c.area.in_(sorted(unit.areas))
    # One question a letter, for to look its suggestion up is what this costs.
    meant = sa.case({_OURS: sa.true(), _NONE: area}, value=sa.func.coalesce(_named(unit), _NONE), else_=sa.false())
    return sa.and_(_c.unit_id == "", _c.area.is_not(None), meant)


_NONE, _OURS, _THEIRS = range(3)


def _named(unit: MeantUnit) -> sa.ScalarSelect[int]:
    """Whose unit the suggestion a list shows, the latest of the first letter, names."""
    which = sa.case((_names(unit.names), _OURS), (_names(unit.others), _THEIRS), else_=_NONE)
    query = sa.select(which).join(messages, messages.c.id == suggestions.c.message_row_id)
    query = query.where(suggestions.c.case_id == _c.id)
    query = query.order_by(messages.c.received_at, messages.c.seq, suggestions.c.seq.desc())
    return query.limit(1).correlate(cases).scalar_subquery()


def _names(unit_ids: Collection[str]) -> _Yes:
    named = [suggestions.c.areas.contains(naming(one), autoescape=True) for one in sorted(unit_ids)]
    return sa.or_(sa.false(), *named)


def midnight(day: date) -> datetime:
    """The moment a Swedish day begins."""
    return datetime.combine(day, time(), STOCKHOLM)


# As numbers count: of one pattern the longer one comes after the shorter.
_NUMBER: tuple[_Column, ...] = (sa.func.length(_c.number), _c.number)


def newest_first() -> list[_Column]:
    """By when they came; a mailbox tells whole seconds, and of one second the higher number came later."""
    return [_c.received_at.desc(), *(one.desc() for one in _NUMBER)]


def order_of(kind: ListKind, filters: ListFilter, *, own: bool = False) -> list[_Column]:
    """As asked for, else (or where ``own``) the list's own.

    The register has the newest first, work the oldest promise, then the serious.
    """
    order, few = None if own else filters.order, few_at_most(kind, filters)
    due = _due(filters)
    usual = _own_order(kind, few, due)
    if order is None:
        return usual
    match order.key:
        case OrderKey.NUMBER:
            return _turned(order, *_sorted_apart(few, *_NUMBER))
        case OrderKey.RECEIVED:
            return _turned(order, *_sorted_apart(few, _c.received_at), *_NUMBER)
        case OrderKey.DUE:
            return [due.is_(None), *_turned(order, due), *usual]
        case OrderKey.UNIT:
            return [*_ranked(order, _c.unit_id, order.units), *usual]
        case OrderKey.STATUS:
            return [*_ranked(order, _c.status, tuple(CaseStatus)), *usual]


def few_at_most(kind: ListKind, filters: ListFilter) -> bool:
    """Whether a list holds no more than somebody's cases or the work at hand, of however many there ever were."""
    at_work = filters.status is not None and filters.status not in ENDED
    return kind is not ListKind.ALL or at_work or filters.late_on is not None or filters.assignee_id == ""


def _sorted_apart(few: bool, *columns: _Column) -> Sequence[_Column]:
    """Few cases are found by what makes them few and then sorted.

    By an index of their order every case there is would be read for them: the oldest letters are those long ended.
    """
    # The same value, of which no index knows the order.
    return [sa.func.coalesce(one, one) for one in columns] if few else columns


def _own_order(kind: ListKind, few: bool, due: _Column) -> list[_Column]:
    if kind is ListKind.ALL:
        newest = (*_sorted_apart(few, _c.received_at), *_NUMBER)
        return [one.desc() for one in newest]
    last = [_c.serious.desc(), _c.received_at]
    if kind in (ListKind.MINE, ListKind.FOLLOWED, ListKind.UNIT):
        # Found by whose they are and then sorted; the index below would read everybody's.
        return [sa.func.coalesce(due, date.max), *last, *_NUMBER]
    # As ix_cases_work has it but for the numbers, so that the first page is read and only what is else alike is sorted.
    return [due.is_(None), due, *last, *_NUMBER]


def _turned(order: ListOrder, *columns: _Column) -> list[_Column]:
    return [one.desc() for one in columns] if order.backwards else list(columns)


def _ranked(order: ListOrder, column: sa.ColumnElement[str], values: Sequence[str]) -> list[_Column]:
    """By the place of a value among these; of any other one last."""
    places = {value: place for place, value in enumerate(values[::-1] if order.backwards else values)}
    return [sa.case(places, value=column, else_=len(values))] if places else []


def parts_of(kind: ListKind, filters: ListFilter) -> OrderKey | None:
    """By what the register is asked part by part, each in the order of an index; nothing for a list asked as a whole.

    Sorted as a whole, 200,000 cases would be read for one page; of one unit's few have most of the states.
    """
    order = filters.order
    if order is None or few_at_most(kind, filters) or filters.assignee_id is not None:
        return None
    if order.key is OrderKey.STATUS:
        return None if filters.unit_id else order.key
    return order.key if order.key in (OrderKey.UNIT, OrderKey.DUE) else None


DATED, UNDATED = "dated", "undated"
"""The parts of the register by deadline: the few cases that have one, and all others."""


def part_values(filters: ListFilter) -> Sequence[str]:
    """The parts in their order: ids of units but for those that are no more and none at all, states, or the above."""
    order = filters.order
    if order is None:
        return ()
    if order.key is OrderKey.DUE:
        return DATED, UNDATED
    named = order.key is OrderKey.UNIT
    only, every = (filters.unit_id, order.units) if named else (filters.status, tuple(CaseStatus))
    return (only,) if only else every[::-1] if order.backwards else every


def part(key: OrderKey, *, dated: bool) -> _Yes:
    """The cases of one part, which the parameter ``value`` names where it is a unit or a state."""
    if key is not OrderKey.DUE:
        return {OrderKey.UNIT: _c.unit_id, OrderKey.STATUS: _c.status}[key] == sa.bindparam("value")
    return sa.and_(_BY_DAY, _c.due >= date.min) if dated else _c.due.is_(None)
