"""The whole desk with its public pages."""

from dataclasses import replace

import pytest

from tests.desk.conftest import Surfer, make_app
from tests.desk.external.outside import PUBLIC, URL


@pytest.fixture
def public(house):
    """The whole desk with public pages, seen by a stranger; receipts carry links."""
    house.office = replace(house.office, public_url=URL)
    return Surfer(make_app(house, public=PUBLIC))
