"""The daemon: one thread a mailbox, and APScheduler saying when to make each pass over what waits."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from cases.steps.receiving.receive import Outcome
from ingest.idle import Pace
from service.backup.older_state import OlderState
from service.hooks import hooks_pass
from service.jobs import RULES
from service.mail_doors import mailboxes
from service.monitoring.alarms import alarm_pass
from service.monitoring.alarms_post import teller
from service.monitoring.clock_watch import LOOK_SECONDS, ClockWatch
from service.monitoring.probe import probe_pass
from service.post_room import PostRoom
from service.processes.mailbox_watch import MailboxWatch
from service.processes.passes import Passes
from service.report_rules import draft_pass
from service.retention import night_pass
from service.whole_house import WholeHouse

# Another daemon reads the mailbox: how often to ask whether it still lives. With the lock's own patience this is the
# time a takeover needs.
STANDBY_SECONDS = 5.0
# Letters a pass asks for.
_FULL_READ, _FULL_SUGGEST = 200, 32


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between passes: ``work`` for reading, suggesting, sending; ``sweep`` for alarms; ``hour`` for drafts.

    ``standby`` is how often a daemon asks for a mailbox that another one reads.
    """

    work: float = 2.0
    sweep: float = 60.0
    hour: float = 3600.0
    standby: float = STANDBY_SECONDS


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
        self._passes = Passes(house, self._stop)
        self._older = OlderState(house.store, [box.id for box in house.settings.mailboxes])
        self._mailboxes = MailboxWatch(
            house, self._older, self._stop, standby=self._rhythm.standby, hour=self._rhythm.hour
        )
        self._clock_watcher = threading.Thread(target=self._mind_the_clock, name="clock", daemon=True)
        boxes = zip(mailboxes(house.settings), house.settings.mailboxes, strict=True)
        self._watchers = [
            threading.Thread(
                target=self._mailboxes.watch,
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
                self._passes.guarded(name, job, seconds),
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
            ("read", self._passes.while_full(self._read_kept, _FULL_READ), rhythm.work),
            ("fetch paper", paper.fetch, rhythm.work),
            ("open paper", paper.open, rhythm.work),
            ("read documents", paper.read, rhythm.work),
            ("suggest", self._passes.while_full(stages.suggest, _FULL_SUGGEST), rhythm.work),
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
        return self._post.send_due(now) if self._older.may_send() else self._post.recall(now)
