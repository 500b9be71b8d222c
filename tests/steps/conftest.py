"""The small house, on each database."""

import pytest

from cases.ports import Store
from tests.steps.deciding import assigned
from tests.steps.house import SmallHouse
from tests.steps.together import two

__all__ = ["house", "two"]


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return SmallHouse(store)


@pytest.fixture
def on_either(store: Store) -> SmallHouse:
    """With a case in somebody's hands. Without a secret no signed address is made: the thread alone tells."""
    made = SmallHouse(store)
    assigned(made)
    return made
