"""Notices that the machine's clock was set back, for every job would wait until it has caught up.

APScheduler keeps the moment of each job's next run by the wall clock. Set back by an hour (a wrong time zone put right,
a virtual machine moved, a bad time server), it would make no pass for that hour.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.base import BaseScheduler

LOG = logging.getLogger("lyhord.clock")
LOOK_SECONDS = 2.0
# Time servers adjust by less; by so little a pass is late at most.
_NOTICED = 1.0


class ClockWatch:
    """Compares the wall clock with the machine's steady one, which only goes forward."""

    def __init__(
        self,
        scheduler: BaseScheduler,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scheduler, self._wall, self._steady = scheduler, wall, steady
        self._ahead = wall() - steady()

    def look(self) -> bool:
        """Let every job go now where the clock was set back since last time; whether it was."""
        ahead = self._wall() - self._steady()
        back, self._ahead = self._ahead - ahead, ahead
        if back < _NOTICED:
            return False
        LOG.warning("the clock was set back by %.0f seconds; every job goes now", back)
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
        return True
