"""What the poller asks of a store, on SQLite's own driver, until the house's store answers it."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.messages import RawMessage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS raw (id TEXT PRIMARY KEY, mailbox TEXT, folder TEXT, uidvalidity INT, uid INT, received TEXT,
 sha256 TEXT, content BLOB, error TEXT DEFAULT '', UNIQUE (mailbox, folder, uidvalidity, uid))
"""


class KeepingStore:
    """Keeps raw messages; everything else of the Store is not there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._open() as connection:
            connection.execute(_SCHEMA)

    @contextmanager
    def begin(self) -> Iterator[Any]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield _Tx(connection)
            connection.execute("COMMIT")

    read = begin

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            yield connection
        finally:
            connection.close()


class _Tx:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def keep_raw(self, raw: RawMessage, raw_id: str, now: datetime) -> bool:
        place = (raw.mailbox, raw.folder, raw.uidvalidity, raw.uid)
        row = (raw_id, *place, raw.received_at.isoformat(), raw.sha256, raw.content)
        done = self._db.execute("INSERT INTO raw VALUES (?,?,?,?,?,?,?,?,'') ON CONFLICT DO NOTHING", row)
        return done.rowcount == 1

    def kept_uids(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> Collection[int]:
        sql = "SELECT uid FROM raw WHERE mailbox=? AND folder=? AND uidvalidity=?"
        return {uid for (uid,) in self._db.execute(sql, (mailbox, folder, uidvalidity))} & set(uids)

    def raw_known(self, raw: RawMessage) -> bool:
        sql = "SELECT 1 FROM raw WHERE mailbox=? AND sha256=? AND received=? AND (folder, uidvalidity) != (?, ?)"
        row = (raw.mailbox, raw.sha256, raw.received_at.isoformat(), raw.folder, raw.uidvalidity)
        return self._db.execute(sql, row).fetchone() is not None

    def mark_unreadable(self, raw_id: str, error: str, attempts: int, retry_at: datetime | None) -> None:
        assert retry_at is None
        self._db.execute("UPDATE raw SET error=? WHERE id=?", (error, raw_id))
