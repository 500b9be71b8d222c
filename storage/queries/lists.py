"""Which cases a list holds and in which order, as conditions on the table of cases."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from cases.calendar import STOCKHOLM
from cases.case import CaseStatus
from cases.people.access import Viewer
from cases.store.views import ListFilter, ListKind, ListOrder, MeantUnit, OrderKey
from storage.payloads import naming
from storage.tables.cases import cases, suggestions
from storage.tables.following import followers
from storage.tables.mail import messages
from storage.visibility import visible

_c = cases.c
_Yes = sa.ColumnElement[bool]
_Column = sa.ColumnElement[Any]


def held_by(kind: ListKind, viewer: Viewer, filters: ListFilter) -> _Yes:
    """True for the cases a list holds for this viewer, of those the viewer may read."""
    return sa.and_(_belongs(kind, viewer, filters), *_narrowed(filters), visible(viewer))


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
            return sa.and_(_c.open, _c.due < _late_on(filters))
        case ListKind.OPEN | ListKind.ALL:
            return _c.open if kind is ListKind.OPEN else sa.true()


def _late_on(filters: ListFilter) -> date:
    if filters.late_on is None:
        raise ValueError("the list of late cases needs filters.late_on, the day it is asked for")
    return filters.late_on


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
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if filters.unit_id:
        own = _c.unit_id == filters.unit_id
        found.append(sa.or_(own, _meant(filters.meant)) if filters.meant else own)
    if filters.since:
        found.append(_c.received_at >= midnight(filters.since))
    if filters.until:
        found.append(_c.received_at < midnight(filters.until + timedelta(days=1)))
    # The list of late cases has its day already; on any other it narrows to what was due before it.
    if filters.late_on:
        found.append(_c.due < filters.late_on)
    return found


def _meant(unit: MeantUnit) -> _Yes:
    """Of no unit yet, and suggested for this one: by name, or by its area where none other is named."""
    area = sa.and_(_c.area.in_(sorted(unit.areas)), sa.not_(_suggests(unit.others)))
    named = sa.and_(_c.area.is_not(None), _suggests(unit.names))
    return sa.and_(_c.unit_id == "", sa.or_(area, named))


def _suggests(unit_ids: Collection[str]) -> _Yes:
    """Whether the suggestion a list shows, the latest of the first letter, names one of these units."""
    newest = suggestions.alias("newest")
    order = (messages.c.received_at, messages.c.seq, newest.c.seq.desc())
    latest = (
        sa.select(newest.c.seq)
        .join(messages, messages.c.id == newest.c.message_row_id)
        .where(newest.c.case_id == _c.id)
        .order_by(*order)
        .limit(1)
        .correlate(cases)
        .scalar_subquery()
    )
    own = [suggestions.c.areas.contains(naming(one), autoescape=True) for one in sorted(unit_ids)]
    return sa.exists().where(suggestions.c.seq == latest, sa.or_(sa.false(), *own)).correlate(cases)


def midnight(day: date) -> datetime:
    """The moment a Swedish day begins."""
    return datetime.combine(day, time(), STOCKHOLM)


# As numbers count: of one pattern the longer one comes after the shorter.
_NUMBER: tuple[_Column, ...] = (sa.func.length(_c.number), _c.number)


def newest_first() -> list[_Column]:
    """By when they came; a mailbox tells whole seconds, and of one second the higher number came later."""
    return [_c.received_at.desc(), *(one.desc() for one in _NUMBER)]


def order_of(kind: ListKind, order: ListOrder | None = None) -> list[_Column]:
    """As asked for, else the list's own: the register newest first, work by the oldest promise, then the serious."""
    own = _own_order(kind)
    if order is None:
        return own
    match order.key:
        case OrderKey.NUMBER:
            return _turned(order, *_NUMBER)
        case OrderKey.RECEIVED:
            return _turned(order, _c.received_at, *_NUMBER)
        case OrderKey.DUE:
            return [_c.due.is_(None), *_turned(order, _c.due), *own]
        case OrderKey.UNIT:
            return [*_ranked(order, _c.unit_id, order.units), *own]
        case OrderKey.STATUS:
            return [*_ranked(order, _c.status, tuple(CaseStatus)), *own]


def _own_order(kind: ListKind) -> list[_Column]:
    if kind is ListKind.ALL:
        return newest_first()
    last = [_c.serious.desc(), _c.received_at]
    if kind in (ListKind.MINE, ListKind.FOLLOWED, ListKind.UNIT):
        # Found by whose they are and then sorted; the index below would read everybody's.
        return [sa.func.coalesce(_c.due, date.max), *last, *_NUMBER]
    # As ix_cases_work has it but for the numbers, so that the first page is read and only what is else alike is sorted.
    return [_c.due.is_(None), _c.due, *last, *_NUMBER]


def _turned(order: ListOrder, *columns: _Column) -> list[_Column]:
    return [one.desc() for one in columns] if order.backwards else list(columns)


def _ranked(order: ListOrder, column: sa.ColumnElement[str], values: Sequence[str]) -> list[_Column]:
    """By the place of a value among these; of any other one last."""
    places = {value: place for place, value in enumerate(values[::-1] if order.backwards else values)}
    return [sa.case(places, value=column, else_=len(values))] if places else []


def grouped_by(kind: ListKind, filters: ListFilter) -> str:
    """The column by whose values the register is asked part by part, each in the order of an index; empty for whole.

    Sorted as a whole, 200,000 cases would be read for one page; of one unit's few have most of the states.
    """
    order = filters.order
    if order is None or kind is not ListKind.ALL or order.key not in (OrderKey.UNIT, OrderKey.STATUS):
        return ""
    if order.key is OrderKey.UNIT:
        return _c.unit_id.name
    return "" if filters.unit_id else _c.status.name


def group_values(filters: ListFilter) -> Sequence[str]:
    """The values of that column in their order, but for units that are no more and none at all."""
    order = filters.order
    if order is None:
        return ()
    named = order.key is OrderKey.UNIT
    only, every = (filters.unit_id, order.units) if named else (filters.status, tuple(CaseStatus))
    return (only,) if only else every[::-1] if order.backwards else every
