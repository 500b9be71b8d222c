"""What every test may use: a store on either database, and examples that stay; and a second look at a browser."""

import gc
import os

import pytest
from hypothesis import settings

# As `classifier` has it, for sessions that need numpy before they need the classifier.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
pytest_plugins = ["tests.databases"]

# The same examples each time, and no clock of Hypothesis' own: what nobody touched must not fail on a busy machine, or
# by a rare draw. To look for that draw is a run of its own, which CONTRIBUTING.md tells of.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("steady")


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


def pytest_collection_finish() -> None:
    """What was collected stays to the end, and is much: to look through it again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
