"""Making the daemon's passes: whatever happens in one the next one comes, and how it went is noted."""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from cases.steps.receiving.receive import Outcome
from service.bootstrap import House
from service.jobs import JOB, NOTE_EVERY, RULES, JobRun, noted, result_of
from service.logs import Seldom
from service.notes import LAST_PASS
from storage.database.locks import open_lock
from storage.faults import kind_of

LOG = logging.getLogger("lyhord.daemon")
# Passes over the whole store, which gain nothing by being made on two machines at a time.
_ONE_AT_A_TIME = frozenset({"sweep", "promises", "compilations", "retention", "learn"})
# Daemons that take the same letters would count each other's tries as broken off, and ask the model twice. One may
# read while another asks the model.
_SHARED = frozenset({"read", "suggest"})
# So often at most while there are more letters: a stop waits for one pass alone.
_ROUNDS = 20


class Passes:
    """Makes the passes of one house, until ``stop`` is set."""

    def __init__(self, house: House, stop: threading.Event) -> None:
        self._house = house
        self._stop = stop
        self._noted: dict[str, JobRun] = {}
        self._seldom = Seldom()

    def while_full(
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

    def guarded(self, name: str, job: Callable[[datetime], object], every: float) -> Callable[[], None]:
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
        lock = open_lock(self._house.settings.database.url.reveal(), f"pass {name}")
        try:
            return job(now) if lock.take() else None
        finally:
            lock.release()

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
