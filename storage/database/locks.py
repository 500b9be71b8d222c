"""Locks that several processes on several machines share: who reads a mailbox, makes a pass, or is there at all."""

import fcntl
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from storage.database.engine import postgresql_url

# A machine that died without a word is noticed by its peer: 5 s of silence, then three probes 3 s apart. libpq takes
# these for our end; the server's defaults for its end are two hours, so that the session sets them too.
_OURS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 14_000,
}
_THEIRS = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 3",
    "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 14000",
    "SET idle_session_timeout = 0",
)
# Municipalities that share a database each have a schema: the same name there is another lock.
_KEY = "hashtextextended('lyhord ' || coalesce(current_schema(), '') || ' ' || :name, 0)"


# Those who hold it, by the name each gave its session.
_HOLDERS = f"""
    SELECT DISTINCT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = {_KEY} ORDER BY 1
"""  # noqa: S608 - the key is a constant, its name a parameter


class Lock(Protocol):
    """Held by at most one process, or by any number that share it; given up by whoever dies."""

    def take(self) -> bool:
        """Whether it is ours now; never waits for another holder. Taking it again is no harm."""

    def held(self) -> bool:
        """Whether it still is ours: asks the database, for a cut connection loses the lock without a word."""

    def release(self) -> None:
        """Give it up; no harm where it is not held."""

    def holders(self) -> Sequence[str]:
        """The labels of those who hold it; on SQLite only the last one to take it."""


def open_lock(url: str, name: str, *, shared: bool = False, label: str = "") -> Lock:
    """A lock not yet taken: a session's advisory lock on PostgreSQL, a file beside the database on SQLite.

    One that is ``shared`` keeps out only those who would have it alone. ``label`` is what ``holders`` tells of us, in
    ASCII. ``take`` raises SQLAlchemyError or OSError where the database cannot be reached at all.
    """
    file = lock_file(url, name)
    if file is not None:
        return FileLock(file, shared=shared, label=label)
    return SessionLock(url, name, shared=shared, label=label)


def lock_file(url: str, name: str) -> Path | None:
    """The file that is a lock's on SQLite, there once it was taken; None on PostgreSQL."""
    target = sa.make_url(url)
    if target.get_backend_name() != "sqlite":
        return None
    database = Path(target.database or "lyhord")
    return database.with_name(f"{database.name}.{re.sub(r'[^a-z0-9]+', '-', name.lower())}.lock")


class FileLock:
    """``flock`` on a file, which the kernel gives up with the process. The file stays: removing it would race."""

    def __init__(self, path: Path, *, shared: bool = False, label: str = "") -> None:
        self._path = path
        self._how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._label = label
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether it is ours now. Raises OSError where the folder cannot be written."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, self._how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        if self._label:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, self._label.encode("ascii", "replace"), 0)
        self._descriptor = descriptor
        return True

    def held(self) -> bool:
        """Whether we took it."""
        return self._descriptor is not None

    def release(self) -> None:
        """Give it up."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def holders(self) -> Sequence[str]:
        """What the last one to take it wrote; it may have given it up. Nobody before the first one has written."""
        written = self._path.read_text("ascii", "replace") if self._path.exists() else ""
        return [written] if written else []


class SessionLock:
    """PostgreSQL's advisory lock on a connection of its own: it lives and dies with that session.

    A pooler that hands sessions around (PgBouncer's transaction mode) cannot keep it; connect to the server itself.
    """

    def __init__(self, url: str, name: str, *, shared: bool = False, label: str = "") -> None:
        self._name = name
        self._function = f"pg_try_advisory_lock{'_shared' if shared else ''}"
        ours = _OURS | ({"application_name": label} if label else {})
        self._engine = sa.create_engine(
            postgresql_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=ours
        )
        self._connection: sa.Connection | None = None

    def take(self) -> bool:
        """Whether it is ours now. Raises SQLAlchemyError where the server does not answer."""
        if self.held():
            return True
        connection = self._engine.connect()
        try:
            for statement in _THEIRS:
                connection.exec_driver_sql(statement)
            asked = sa.text(f"SELECT {self._function}({_KEY})")
            taken = bool(connection.execute(asked, {"name": self._name}).scalar_one())
        except BaseException:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True

    def held(self) -> bool:
        """Whether the session that holds it still answers."""
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except sa.exc.SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it up, and end the session: the server does that some moments later, and another may take it now."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sa.exc.SQLAlchemyError), connection:
                if not connection.invalidated:
                    connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")

    def holders(self) -> Sequence[str]:
        """The labels of all sessions that hold it now."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.text(_HOLDERS), {"name": self._name}).scalars())
