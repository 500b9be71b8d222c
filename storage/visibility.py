"""Who may read a case, as one SQL predicate that every question of the desk carries (Rulings, Access)."""

import sqlalchemy as sa

from cases.access import Viewer
from cases.case import CaseStatus
from storage.tables import case_readers, cases

_Yes = sa.ColumnElement[bool]


def visible(viewer: Viewer) -> _Yes:
    """True for the rows of ``cases`` the viewer may read; a viewer without any right reads none.

    A whistle-blower's case is for that role and for persons added by name. A protected case is for the authority's
    diary, the unit's registrators and chefs, its handläggare and persons added. A case nobody has looked at yet
    counts as protected: what is not known must not leak. Everything else also for the unit's members and for a
    central registrator.
    """
    if viewer.system:
        return sa.true()
    added = _added(viewer)
    whistle = added if not viewer.whistle else sa.true()
    shielded = sa.or_(cases.c.protected, cases.c.status == CaseStatus.RECEIVED)
    need = sa.or_(_has_need(viewer), added)
    return sa.case(
        (cases.c.whistle, whistle),
        (shielded, need),
        else_=sa.or_(need, _sees_plain(viewer)),
    ).is_(sa.true())


def _added(viewer: Viewer) -> _Yes:
    if not viewer.user_id:
        return sa.false()
    own = sa.and_(case_readers.c.case_id == cases.c.id, case_readers.c.user_id == viewer.user_id)
    return sa.exists().where(own).correlate(cases)


def _has_need(viewer: Viewer) -> _Yes:
    units = _named(viewer.registrator_units | viewer.chef_units)
    authorities = _named(viewer.diary_authorities)
    assignee = cases.c.assignee_id == viewer.user_id if viewer.user_id else sa.false()
    return sa.or_(cases.c.unit_id.in_(units), cases.c.authority_id.in_(authorities), assignee)


def _sees_plain(viewer: Viewer) -> _Yes:
    everything = sa.true() if viewer.sees_unflagged else sa.false()
    return sa.or_(everything, cases.c.unit_id.in_(_named(viewer.member_units)))


def _named(ids: frozenset[str]) -> list[str]:
    # A case without a unit has an empty id, which must not be found by a viewer without one.
    return sorted(one for one in ids if one)
