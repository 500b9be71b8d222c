"""One town a profile and module, which begins each test at the same Thursday morning; and the small house."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.ports import Store
from tests.rules.town import Town, a_town
from tests.steps.house import SmallHouse


@pytest.fixture(scope="module")
def whole_town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town of the module's ``PROFILE``."""
    profile = str(request.module.PROFILE)
    folder: Path = tmp_path_factory.mktemp(profile)
    with a_town(profile, folder) as town:
        yield town


@pytest.fixture
def town(whole_town: Town) -> Town:
    """The town on Thursday 26 November 2026 at ten, with nothing left from the test before."""
    whole_town.forget()
    return whole_town


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture
def on_both(store: Store) -> SmallHouse:
    """For what the database itself must guard: run on SQLite and on PostgreSQL."""
    return SmallHouse(store)
