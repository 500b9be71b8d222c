"""The small house, on each database."""

import pytest

from cases.ports import Store
from tests.steps.house import SmallHouse
from tests.steps.together import two

__all__ = ["house", "two"]


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return SmallHouse(store)
