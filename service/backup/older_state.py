"""A database that was put back without us: known by letters in the done folder that it has never heard of."""

import json
import logging
from dataclasses import asdict
from datetime import datetime
from threading import Lock

from cases.letters.outgoing import SENDING_HELD
from cases.ports import Tx
from ingest.mailbox import ImapMailbox
from ingest.marks import Mark, done_mark, holds_unknown
from storage import SqlStore
from storage.database.timeline import timeline

LOG = logging.getLogger("lyhord.state")
_MARK = "mailbox:done:"


def noted_mark(tx: Tx, name: str) -> Mark | None:
    """How far a mailbox's done folder had come when the database was last told."""
    read = json.loads(tx.setting(_MARK + name) or "null")
    return Mark(**read) if read else None


def begin_anew(tx: Tx, names: list[str]) -> None:
    """Take the mailboxes as they are: a person has said what the unknown letters are."""
    tx.save_setting(SENDING_HELD, "")
    for name in names:
        tx.save_setting(_MARK + name, "")


class OlderState:
    """Sees whether the database has lost what it knew of the mailboxes, and holds the letters out meanwhile.

    Nothing leaves before each mailbox has been looked at once or could not be opened: of a restored database's
    letters nobody knows which have gone. The same when PostgreSQL begins another timeline, as a standby does that
    takes over and may lack what was committed last. Any thread may ask.
    """

    def __init__(self, store: SqlStore, names: list[str]) -> None:
        self._store = store
        self._names = names
        self._marks: dict[str, Mark | None] = {}
        self._unlooked = set(names)
        self._timeline = ""
        self._lock = Lock()

    def may_send(self) -> bool:
        """Whether letters may leave."""
        now = timeline(self._store.engine)
        with self._lock:
            if self._timeline and now and now != self._timeline:
                LOG.warning("another database server has taken over; no letter leaves before the mailboxes are read")
                self._unlooked = set(self._names)
            self._timeline = now or self._timeline
            if self._unlooked:
                return False
        with self._store.read() as tx:
            return not tx.setting(SENDING_HELD)

    def passed(self, name: str) -> None:
        """This mailbox has been looked at, or cannot be, or another daemon does."""
        with self._lock:
            self._unlooked.discard(name)

    def seen(self, name: str) -> Mark | None:
        """How far a mailbox's done folder had come at our last look."""
        return self._marks.get(name)

    def look(self, mailbox: ImapMailbox, now: datetime) -> None:
        """Before a poll: where the note is not the one we wrote, hold the folder against it. Raises MailboxError."""
        name = mailbox.address.name
        with self._store.read() as tx:
            noted, suspected = noted_mark(tx, name), tx.setting(SENDING_HELD)
        if not suspected and (name not in self._marks or self._marks[name] != noted):
            there = done_mark(mailbox)
            if noted and there and there.uidnext > noted.uidnext and holds_unknown(mailbox, self._store, noted, now):
                self._suspect(name)
            else:
                self._note(name, there)
        self.passed(name)

    def note(self, mailbox: ImapMailbox) -> None:
        """After a poll: what lies in the folder now is known. Raises MailboxError."""
        name = mailbox.address.name
        there = done_mark(mailbox)
        if there != self._marks.get(name):
            self._note(name, there)

    def _note(self, name: str, there: Mark | None) -> None:
        with self._store.begin() as tx:
            # As long as a person has not said what they are, the unknown letters stay beyond the mark.
            if tx.setting(SENDING_HELD):
                return
            tx.save_setting(_MARK + name, json.dumps(asdict(there)) if there else "")
        self._marks[name] = there

    def _suspect(self, name: str) -> None:
        LOG.error("%s: the done folder holds letters that the database does not know; no letter leaves", name)
        with self._store.begin() as tx:
            tx.save_setting(SENDING_HELD, name)
