"""A service says that it works on its database, for as long as it does, so that nobody rebuilds it meanwhile."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from cases.errors import ConfigError
from storage.database.locks import Lock
from storage.database.presence import open_presence

LOG = logging.getLogger("lyhord.running")
# A database that restarted has forgotten us; this is how soon we say it again.
_LOOKS_EVERY = 5.0


@contextmanager
def attending(url: str, role: str, every: float = _LOOKS_EVERY) -> Iterator[None]:
    """Be known as ``daemon`` or ``desk`` until the end, also after a lost connection: looked at each ``every`` seconds.

    A database that does not answer is no error here. Raises ConfigError while it is being rebuilt.
    """
    lock = open_presence(url, role, f"lyhord {role} ({socket.gethostname()}, process {os.getpid()})")
    if not _there(lock):
        raise ConfigError("Databasen byggs om just nu av lyhord db eller lyhord restore. Vänta, och starta sedan igen.")
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lock, stop, every), name=f"attending-{role}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(timeout=15)
        lock.release()


def _keep(lock: Lock, stop: threading.Event, every: float) -> None:
    refused = False
    while not stop.wait(every):
        before, refused = refused, not _there(lock)
        if refused and not before:
            LOG.error("the database is being rebuilt while this service runs")


def _there(lock: Lock) -> bool:
    """Whether nobody keeps us out; a database that is away keeps nobody out, and is asked again."""
    try:
        return lock.take()
    except (sa.exc.SQLAlchemyError, OSError):
        return True
