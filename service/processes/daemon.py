"""The daemon: one thread a mailbox, and APScheduler saying when to make each pass over what waits."""

import json
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from cases.errors import LyhordError
from cases.steps.receiving.receive import Outcome
from ingest.idle import MailboxState, Pace, run_mailbox
from ingest.mailbox import FailedMessage, ImapMailbox
from ingest.poller import poll_once
from ingest.quota import room_of
from service.backup.older_state import OlderState
from service.hooks import hooks_pass
from service.jobs import JOB, NOTE_EVERY, RULES, JobRun, noted, result_of
from service.logs import Seldom
from service.mail_doors import mailboxes
from service.monitoring.alarms import alarm_pass
from service.monitoring.alarms_post import teller
from service.monitoring.clock_watch import LOOK_SECONDS, ClockWatch
from service.monitoring.probe import probe_pass
from service.notes import LAST_PASS, MAILBOX_ROOM, MAILBOX_STATE, MAILBOX_STAYING, MAILBOX_UNTAKEN, note_of
from service.post_room import PostRoom
from service.report_rules import draft_pass
from service.retention import night_pass
from service.whole_house import WholeHouse
from storage.database.locks import Lock, open_lock
from storage.faults import kind_of

LOG = logging.getLogger("lyhord.daemon")
_RESTART_SECONDS = 10.0
# Another daemon reads the mailbox: how often to ask whether it still lives. With the lock's own patience this is the
# time a takeover needs.
STANDBY_SECONDS = 5.0
# Passes over the whole store, which gain nothing by being made on two machines at a time.
_ONE_AT_A_TIME = frozenset({"sweep", "promises", "compilations", "retention", "learn"})
# Daemons that take the same letters would count each other's tries as broken off, and ask the model twice. One may
# read while another asks the model.
_SHARED = frozenset({"read", "suggest"})
# Letters a pass asks for, and as many times at most while there are more: a stop waits for one pass alone.
_FULL_READ, _FULL_SUGGEST, _ROUNDS = 200, 32, 20


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between passes: ``work`` for reading, suggesting, sending; ``sweep`` for alarms; ``hour`` for drafts.

    ``standby`` is how often a daemon asks for a mailbox that another one reads.
    """

    work: float = 2.0
    sweep: float = 60.0
    hour: float = 3600.0
    standby: float = STANDBY_SECONDS


class ReaderLost(LyhordError):
    """We are no longer the one reader of a mailbox."""


class Daemon:
    """Everything that happens without a person. ``start`` returns at once; ``stop`` waits until all have let go."""

    def __init__(
        self,
        house: WholeHouse,
        rhythm: Rhythm | None = None,
        read: Callable[[datetime, int], Counter[Outcome]] | None = None,
    ) -> None:
        """``read`` makes a pass of reading as ``Stages.read`` does, which makes it where none is given."""
        self._house = house
        self._read_kept = read or house.stages.read
        self._rhythm = rhythm or Rhythm()
        self._stop = threading.Event()
        self._post = PostRoom(house)
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._noted: dict[str, JobRun] = {}
        self._room_due: dict[str, float] = {}
        self._counted: dict[str, int] = {}
        self._older = OlderState(house.store, [box.id for box in house.settings.mailboxes])
        self._seldom = Seldom()
        self._clock_watcher = threading.Thread(target=self._mind_the_clock, name="clock", daemon=True)
        boxes = zip(mailboxes(house.settings), house.settings.mailboxes, strict=True)
        self._watchers = [
            threading.Thread(
                target=self._watch,
                args=(box, Pace(poll=setting.poll_seconds)),
                name=f"mailbox-{setting.id}",
                daemon=True,
            )
            for box, setting in boxes
        ]

    def start(self) -> None:
        """Start watching and passing."""
        for name, job, seconds in self._jobs():
            # A pass that is late is made once, not as often as it was missed; two of one kind never run at a time.
            self._scheduler.add_job(
                self._guarded(name, job, seconds),
                "interval",
                seconds=seconds,
                id=name,
                max_instances=1,
                coalesce=RULES[name].coalesce,
                misfire_grace_time=RULES[name].grace,
                # By the scheduler's own clock: by another one the first pass could be hours away.
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        for watcher in (*self._watchers, self._clock_watcher):
            watcher.start()

    def stop(self) -> None:
        """Stop polling, let the running passes end, and close."""
        self._stop.set()
        self._house.paper.stop()
        self._house.model.stop()
        self._scheduler.shutdown(wait=True)
        for watcher in (*self._watchers, self._clock_watcher):
            watcher.join(timeout=15)

    def _mind_the_clock(self) -> None:
        watch = ClockWatch(self._scheduler)
        while not self._stop.wait(LOOK_SECONDS):
            watch.look()

    def _jobs(self) -> list[tuple[str, Callable[[datetime], object], float]]:
        stages, paper, rhythm = self._house.stages, self._house.paper, self._rhythm
        return [
            ("read", self._while_full(self._read_kept, _FULL_READ), rhythm.work),
            ("fetch paper", paper.fetch, rhythm.work),
            ("open paper", paper.open, rhythm.work),
            ("read documents", paper.read, rhythm.work),
            ("suggest", self._while_full(stages.suggest, _FULL_SUGGEST), rhythm.work),
            ("send", self._send_due, rhythm.work),
            ("sweep", stages.sweep, rhythm.sweep),
            ("promises", stages.promises, rhythm.sweep),
            ("probe", probe_pass(self._house), rhythm.sweep),
            ("alarms", alarm_pass(self._house, teller(self._house.settings, self._house.clock)), rhythm.sweep),
            ("compilations", draft_pass(self._house), rhythm.hour),
            ("retention", night_pass(self._house), rhythm.hour),
            ("learn", self._house.model.train, rhythm.hour / 4),
            ("webhooks", hooks_pass(self._house), rhythm.work),
        ]

    def _send_due(self, now: datetime) -> object:
        return self._post.send_due(now) if self._older.may_send() else None

    def _while_full(
        self, job: Callable[[datetime, int], Counter[Outcome] | int], full: int
    ) -> Callable[[datetime], int]:
        """The same again at once while as many letters waited as it takes, as after a day without network."""

        def run(now: datetime) -> int:
            total = 0
            for _ in range(_ROUNDS):
                made = job(now, full)
                done = made if isinstance(made, int) else made.total()
                total += done
                if done < full or self._stop.is_set():
                    break
            return total

        return run

    def _guarded(self, name: str, job: Callable[[datetime], object], every: float) -> Callable[[], None]:
        """A pass that fails is noted by kind, without what it was working on, and made again next time."""

        def run() -> None:
            now, began, result = self._house.clock(), time.monotonic(), ""
            try:
                result = result_of(self._make(name, job, now))
                error = ""
            except Exception as failure:  # noqa: BLE001 - the next pass must come whatever happened
                error = kind_of(failure)
            if self._seldom.tells(name, error, began):
                LOG.error("pass %s failed: %s", name, error)
            self._note(name, now, error)
            took = time.monotonic() - began
            self._note_run(JobRun(name, RULES[name].name, now, took, every, result, error))

        return run

    def _make(self, name: str, job: Callable[[datetime], object], now: datetime) -> object:
        """Make the pass, unless another daemon is making one of those that only one may make at a time."""
        if name not in _ONE_AT_A_TIME | _SHARED:
            return job(now)
        lock = self._lock(f"pass {name}")
        try:
            return job(now) if lock.take() else None
        finally:
            lock.release()

    def _lock(self, name: str) -> Lock:
        return open_lock(self._house.settings.database.url.reveal(), name)

    def _note(self, name: str, now: datetime, error: str) -> None:
        if not error and name not in ("sweep", "promises"):
            return
        try:
            with self._house.store.begin() as tx:
                tx.save_setting(LAST_PASS + name, json.dumps({"at": now.isoformat(), "error": error}))
        except Exception as failure:  # noqa: BLE001 - the database is down; the log says so
            self._could_not_note(failure)

    def _note_run(self, run: JobRun) -> None:
        """Keep what ``lyhord jobs`` tells; a run that did nothing new is noted now and then."""
        before = self._noted.get(run.key)
        alike = before is not None and (before.error, before.result) == (run.error, run.result)
        if alike and before is not None and before.at and run.at and run.at - before.at < NOTE_EVERY:
            return
        try:
            with self._house.store.begin() as tx:
                tx.save_setting(JOB + run.key, noted(run))
            self._noted[run.key] = run
        except Exception as failure:  # noqa: BLE001 - the database is down; the log says so
            self._could_not_note(failure)

    def _could_not_note(self, failure: Exception) -> None:
        if self._seldom.tells("notes", kind_of(failure), time.monotonic()):
            LOG.error("could not note how the passes go: %s", kind_of(failure))

    def _watch(self, mailbox: ImapMailbox, pace: Pace) -> None:
        """Read a mailbox while we are its one reader, and stand by while another daemon is."""
        lock = self._lock(f"mailbox {mailbox.address.name}")
        while not self._stop.is_set():
            try:
                if lock.take():
                    self._read(mailbox, pace, lock)
                else:
                    self._stop.wait(self._rhythm.standby)
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
            lambda: self._poll(mailbox, lock),
            self._stop,
            pace=pace,
            on_state=partial(self._state, mailbox.address.name),
            jitter=lambda: random.uniform(0.5, 1.5),  # noqa: S311 - spreads retries, hides nothing
            monotonic=time.monotonic,
        )

    def _poll(self, mailbox: ImapMailbox, lock: Lock) -> str:
        # Two readers for a moment would lose nothing and keep nothing twice (the store knows each UID), only work.
        if not lock.held():
            raise ReaderLost(f"Brevlådan {mailbox.address.name} läses kanske av en annan tjänst.")
        now = self._house.clock()
        self._older.look(mailbox, now)
        report = poll_once(mailbox, self._house.store, now=now, new_id=self._house.new_id)
        self._older.note(mailbox)
        for problem in (*report.unread, *report.problems):
            LOG.warning("%s: %s", mailbox.address.name, problem)
        self._note_untaken(mailbox.address.name, report.failed)
        self._note_count(MAILBOX_STAYING + mailbox.address.name, report.staying)
        self._note_room(mailbox)
        return next(iter(report.unread), "")

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
        self._room_due[name] = now + self._rhythm.hour
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
