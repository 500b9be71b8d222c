"""What every test may use: a store on either database; and a second look where a browser was in a hurry."""

from collections.abc import Iterable

import pytest

pytest_plugins = ["tests.databases"]


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """A browser on a busy machine now and then paints late: tried once more, and the report names it as rerun."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
