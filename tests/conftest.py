"""What every test may use: a store on either database; and a second look where a browser was in a hurry."""

import pytest

pytest_plugins = ["tests.databases"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A browser on a busy machine now and then paints late: tried once more, and the report names it as rerun.

    Where files are spread over processes, those with slow tests go first: one left for the end keeps others waiting.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)
