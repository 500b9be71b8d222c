"""Watching the mailboxes: each read by one daemon, which notes how that goes for health and alarms."""

import json
import logging
import random
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from cases.errors import LyhordError
from ingest.idle import MailboxState, Pace, run_mailbox
from ingest.mailbox import FailedMessage, ImapMailbox
from ingest.marks import done_mark
from ingest.poller import poll_once
from ingest.quota import room_of
from ingest.recover import keep_laid
from service.backup.older_state import OlderState
from service.bootstrap import House
from service.notes import MAILBOX_ROOM, MAILBOX_STATE, MAILBOX_STAYING, MAILBOX_UNTAKEN, note_of
from storage.database.locks import Lock, open_lock
from storage.faults import kind_of

LOG = logging.getLogger("lyhord.daemon")
_RESTART_SECONDS = 10.0


class ReaderLost(LyhordError):
    """We are no longer the one reader of a mailbox."""


class MailboxWatch:
    """What the threads of the mailboxes do until ``stop`` is set; ``older`` sees whether the database was put back.

    ``standby`` is how many seconds lie between two asks for a mailbox that another daemon reads, ``hour`` between two
    looks at how full one is.
    """

    def __init__(self, house: House, older: OlderState, stop: threading.Event, *, standby: float, hour: float) -> None:
        self._house = house
        self._older = older
        self._stop = stop
        self._standby = standby
        self._hour = hour
        self._room_due: dict[str, float] = {}
        self._counted: dict[str, int] = {}
        self._passed: dict[str, datetime] = {}

    def watch(self, mailbox: ImapMailbox, pace: Pace) -> None:
        """Read a mailbox while we are its one reader, and stand by while another daemon is."""
        lock = open_lock(self._house.settings.database.url.reveal(), f"mailbox {mailbox.address.name}")
        while not self._stop.is_set():
            try:
                if lock.take():
                    self._read(mailbox, pace, lock)
                else:
                    self._stop.wait(self._standby)
                    self._older.passed(mailbox.address.name)
            except ReaderLost:
                LOG.warning("%s: the lock of its reader was lost; asking for it anew", mailbox.address.name)
            except Exception as error:  # noqa: BLE001 - the store's errors come through; the watcher must come back
                LOG.error("watching %s failed: %s", mailbox.address.name, kind_of(error))  # noqa: TRY400
                self._older.passed(mailbox.address.name)
                self._stop.wait(_RESTART_SECONDS)
        lock.release()

    def _read(self, mailbox: ImapMailbox, pace: Pace, lock: Lock) -> None:
        run_mailbox(
            mailbox,
            lambda: self.look_through(mailbox, lock),
            self._stop,
            pace=pace,
            on_state=partial(self._state, mailbox.address.name),
            jitter=lambda: random.uniform(0.5, 1.5),  # noqa: S311 - spreads retries, hides nothing
            monotonic=time.monotonic,
        )

    def look_through(self, mailbox: ImapMailbox, lock: Lock) -> str:
        """Take in what there is, and note how that went; returns why a folder could not be read, if one could not.

        Raises ReaderLost, MailboxError and what the store raises.
        """
        # Two readers for a moment would lose nothing and keep nothing twice (the store knows each UID), only work.
        if not lock.held():
            raise ReaderLost(f"Brevlådan {mailbox.address.name} läses kanske av en annan tjänst.")
        now = self._house.clock()
        self._older.look(mailbox, now)
        report = poll_once(mailbox, self._house.store, now=now, new_id=self._house.new_id)
        self._take_laid(mailbox, report.moved, now)
        self._older.note(mailbox)
        self._passed[mailbox.address.name] = now
        for problem in (*report.unread, *report.problems):
            LOG.warning("%s: %s", mailbox.address.name, problem)
        self._note_untaken(mailbox.address.name, report.failed)
        self._note_count(MAILBOX_STAYING + mailbox.address.name, report.staying)
        self._note_room(mailbox)
        return next(iter(report.unread), "")

    def _take_laid(self, mailbox: ImapMailbox, moved: int, now: datetime) -> None:
        """Take in what was laid among the taken letters before it was one: the folder grew by more than ours."""
        name = mailbox.address.name
        mark, passed = self._older.seen(name), self._passed.get(name)
        there = done_mark(mailbox) if mark and passed else None
        if not (mark and passed and there) or there.uidnext - mark.uidnext <= moved or not self._older.may_send():
            return
        new_id = self._house.new_id
        laid = keep_laid(mailbox, self._house.store, mark=mark, passed=passed, now=now, new_id=new_id)
        if laid.kept:
            LOG.warning("%s: %d letters were laid in the done folder untaken, and are taken now", name, laid.kept)

    def _note_untaken(self, name: str, failed: Sequence[FailedMessage]) -> None:
        """How many letters the mail server keeps back, for the alarms; of one that failed once the next poll tells."""
        count = sum(one.again for one in failed)
        if count or not failed:
            self._note_count(MAILBOX_UNTAKEN + name, count)

    def _note_count(self, key: str, count: int) -> None:
        if self._counted.get(key) == count:
            return
        with self._house.store.begin() as tx:
            tx.save_setting(key, json.dumps({"count": count}))
        self._counted[key] = count

    def _note_room(self, mailbox: ImapMailbox) -> None:
        """Once an hour how full the mailbox is, for the alarms."""
        name, now = mailbox.address.name, time.monotonic()
        if now < self._room_due.get(name, now):
            return
        self._room_due[name] = now + self._hour
        room = room_of(mailbox)
        with self._house.store.begin() as tx:
            tx.save_setting(MAILBOX_ROOM + name, json.dumps({"used": room.used, "limit": room.limit} if room else {}))

    def _state(self, name: str, state: MailboxState, error: str) -> None:
        self._older.passed(name)
        now = self._house.clock().isoformat()
        with self._house.store.begin() as tx:
            # An alarm asks how long ago it last went well, whatever was tried since.
            before = note_of(tx.setting(MAILBOX_STATE + name))
            read = now if state is MailboxState.OK else before.get("read", "")
            since = before.get("since", now) if before.get("state") == state else now
            noted = {"at": now, "state": str(state), "error": error, "read": read, "since": since}
            tx.save_setting(MAILBOX_STATE + name, json.dumps(noted))
