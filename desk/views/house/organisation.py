"""Enheter: the organisation and which unit answers for what, as the configuration says; read here, changed there."""

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day
from cases.people.access import User
from cases.routing.areas import AREA_NAMES
from desk.context import Admin
from desk.people import scope_names

router = APIRouter()


@router.get("/enheter")
def units(person: Admin) -> Response:
    tree = person.office.organisation
    with person.desk.store.read() as tx:
        users = [user for user in tx.users() if user.works_on(local_day(person.now))]
    rows = [(unit, tree.departments[unit.department_id], _who(users, unit.id)) for unit in tree.units.values()]
    areas = [(AREA_NAMES[area], tree.units[unit].name) for area, unit in tree.area_units.items()]
    return person.page("house/units.html", rows=rows, areas=areas, names=scope_names(person.office))


def _who(users: list[User], unit_id: str) -> list[User]:
    """Those who hold a role for exactly this unit."""
    return [user for user in users if any(grant.scope == unit_id for grant in user.grants)]
