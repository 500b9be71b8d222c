"""What tests of paper share: whether Tesseract is here, and a folder for its pictures."""

import shutil
import subprocess

import pytest

from ingest.paper.limits import Limits


def _languages() -> set[str]:
    path = shutil.which("tesseract")
    if path is None:
        return set()
    listed = subprocess.run([path, "--list-langs"], capture_output=True, check=False, text=True)
    return set(listed.stdout.split())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, with the reason, what needs Tesseract where it is missing."""
    wanted = [item for item in items if item.get_closest_marker("tesseract")]
    if wanted and not {"swe", "eng"} <= _languages():
        skip = pytest.mark.skip(reason="needs tesseract: apt-get install tesseract-ocr tesseract-ocr-swe")
        for item in wanted:
            item.add_marker(skip)


@pytest.fixture
def limits() -> Limits:
    """The shipped limits with time for a busy machine."""
    return Limits(seconds=300.0)


@pytest.fixture
def no_tesseract() -> Limits:
    """As where Tesseract was never installed."""
    return Limits(tesseract="lyhord-no-such-tesseract")
