"""The working copy as tests that read code see it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cases", "config", "storage", "ingest", "classifier", "notifier", "reports", "desk", "service")


def sources(*rooms: str) -> list[Path]:
    """The modules of these rooms, of all where none is named."""
    return [file for room in rooms or ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


def tracked() -> list[Path]:
    """The files that git keeps; the test is skipped outside a checkout."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
