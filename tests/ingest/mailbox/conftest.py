"""Fixtures of the mailbox tests."""

from collections.abc import Iterator

import pytest

from storage import SqlStore
from tests.servers.dovecot import box, dovecot_server, new_dovecot

__all__ = ["box", "dovecot_server", "new_dovecot", "store"]


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    """The house's store on an empty SQLite file."""
    kept = SqlStore(sqlite_url, analyser=str.split)
    yield kept
    kept.close()
