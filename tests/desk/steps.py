"""Steps of a case as its page takes them, for tests."""

import pytest

from cases.people.access import SYSTEM
from cases.steps.routing.confirm import confirm
from cases.steps.routing.suggested import as_suggested
from tests.desk import house as h


def routed(house: h.House, case):
    """The case confirmed as suggested, by the registrator."""
    with house.store.begin() as tx:
        request = as_suggested(tx.get_case(case.id, SYSTEM), house.office)
        return confirm(tx, case.id, request, h.PEOPLE["registrator"], house.office, house.clock())


def step(page, house, case, path: str, **fields):
    """Open the page and send one of its forms, as it was shown."""
    page.get(f"/arenden/{case.id}")
    return page.post(f"/arenden/{case.id}/{path}", version=house.case(case.id).version, **fields)


@pytest.fixture
def cases(house):
    """A lamp that anybody may read of, and a pupil."""
    lamp, school = routed(house, h.lamp(house)), routed(house, h.school(house))
    return {"lamp": lamp, "school": house.case(school.id)}
