"""The small house, on each database."""

import pytest

from cases.ports import Store
from tests.steps.house import SmallHouse


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return SmallHouse(store)
