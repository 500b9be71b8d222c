"""Fixtures of the mailbox tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import SqlStore
from storage.migrate import upgrade
from tests.servers.dovecot import box, dovecot_server, new_dovecot

__all__ = ["box", "dovecot_server", "new_dovecot", "store"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """The house's store on an empty SQLite file."""
    url = f"sqlite:///{tmp_path / 'lyhord.db'}"
    upgrade(url)
    kept = SqlStore(url, analyser=str.split)
    yield kept
    kept.close()
