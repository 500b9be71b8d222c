"""Who may read a case, as one SQL predicate that every question of the desk carries (Rulings, Access)."""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from cases.case import CaseStatus
from cases.people.access import Viewer
from cases.ties import TieKind
from storage.tables.cases import case_readers, cases
from storage.tables.incidents import case_ties

_Yes = sa.ColumnElement[bool]


@lru_cache(maxsize=256)
def visible(viewer: Viewer) -> _Yes:
    """True for the rows of ``cases`` the viewer may read; a viewer without any right reads none.

    A whistle-blower's case is for that role alone (Rulings), whoever was added before it was known for one. A protected
    case is for the authority's diary, the unit's registrators and chefs, its handläggare, their named substitute and
    persons added. A case nobody has looked at yet counts as protected: what is not known must not leak. Everything else
    also for the unit's members and for a central registrator, and while it has no unit for the registrators of the one
    that receives it first. Who reads a case reads those merged into it, a protected one only where both are, in one
    authority; of whistle-blowing none.
    """
    if viewer.system:
        return sa.true()
    return sa.or_(_own(viewer, cases), _merged(viewer))


def within_reach(viewer: Viewer) -> _Yes:
    """True for at least the rows that ``visible`` is true for, and besides it: it says where they are, by indexes.

    Who reads the cases of one small unit had every case there is looked at for a page, and again to count them.
    """
    if viewer.system or viewer.sees_unflagged:
        return sa.true()
    c, own = cases.c, sa.select(case_readers.c.case_id).where(case_readers.c.user_id == viewer.user_id)
    found = [
        *_has_need(viewer, cases),
        *_sees_plain(viewer, cases),
        c.status == CaseStatus.MERGED,
        # As an array, for PostgreSQL uses no index for one of several conditions that is a question.
        c.id == sa.func.any(sa.func.array(own.scalar_subquery())),
    ]
    return _WithStatistics(sa.or_(*found, c.whistle) if viewer.whistle else sa.or_(*found))


def entered(viewer: Viewer) -> _Yes:
    """True for what stands in a diary the viewer keeps for another authority and may not be read by them.

    Of whistle-blowing none, which is asked for by itself.
    """
    c = cases.c
    theirs = sa.or_(sa.false(), *_one_of(c.authority_id, viewer.entered_authorities))
    return sa.and_(theirs, c.registry_number != "", sa.not_(c.whistle), sa.not_(visible(viewer)))


class _WithStatistics(FunctionElement[bool]):
    """A condition for PostgreSQL alone, which knows whether it leaves few rows or most.

    SQLite knows that of no value, and would sort a whole unit's cases for the newest fifty.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(_WithStatistics)
def _said(element: _WithStatistics, compiler: SQLCompiler, **options: object) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(_WithStatistics, "sqlite")
def _unsaid(_element: _WithStatistics, _compiler: SQLCompiler, **_options: object) -> str:
    return "1"


def _own(viewer: Viewer, table: sa.FromClause) -> _Yes:
    c, added = table.c, _added(viewer, table)
    whistle = sa.true() if viewer.whistle else sa.false()
    shielded = sa.or_(c.protected, c.status == CaseStatus.RECEIVED)
    need = _has_need(viewer, table)
    return sa.case(
        (c.whistle, whistle),
        (shielded, sa.or_(*need, added)),
        else_=sa.true() if viewer.sees_unflagged else sa.or_(*need, *_sees_plain(viewer, table), added),
    ).is_(sa.true())


def _merged(viewer: Viewer) -> _Yes:
    """Whoever answers for both must see both."""
    main, own, tie = cases.alias("main_case"), cases.c, case_ties.c
    guarded = sa.and_(main.c.protected, main.c.authority_id == own.authority_id)
    shared = sa.and_(sa.not_(own.whistle), sa.or_(sa.not_(own.protected), guarded))
    hangs = sa.and_(tie.case_id == own.id, tie.kind == TieKind.MERGED, tie.other_id == main.c.id)
    inside = sa.exists().where(hangs, shared, _own(viewer, main)).correlate(cases)
    return sa.and_(own.status == CaseStatus.MERGED, inside)


def _added(viewer: Viewer, table: sa.FromClause) -> _Yes:
    if not viewer.user_id:
        return sa.false()
    # The same for every row, so that it is asked once a statement and not once a case.
    own = sa.select(case_readers.c.case_id).where(case_readers.c.user_id == viewer.user_id)
    return table.c.id.in_(own)


def _has_need(viewer: Viewer, table: sa.FromClause) -> list[_Yes]:
    found = [
        *_one_of(table.c.unit_id, viewer.registrator_units | viewer.chef_units),
        *_one_of(table.c.authority_id, viewer.diary_authorities),
    ]
    return [*found, *_one_of(table.c.assignee_id, viewer.holders)]


def _sees_plain(viewer: Viewer, table: sa.FromClause) -> list[_Yes]:
    to_route = [sa.and_(table.c.unit_id == "", mine) for mine in _one_of(table.c.first_unit, viewer.registrator_units)]
    return [*_one_of(table.c.unit_id, viewer.member_units), *to_route]


def _one_of(column: sa.ColumnElement[str], ids: frozenset[str]) -> list[_Yes]:
    """Nothing where there are none: databases ask an empty list of each row."""
    # A case without a unit has an empty id, which must not be found by a viewer without one.
    named = sorted(one for one in ids if one)
    return [column.in_(named)] if named else []
