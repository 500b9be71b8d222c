"""Several processes behind one listening socket: forked from one that has everything loaded, watched and replaced."""

import logging
import os
import select
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from types import FrameType
from typing import NoReturn

from service.processes.web import DeskServer
from service.stopping import STOPS, status_after

LOG = logging.getLogger("lyhord.desk")
MOST = 16
_USUAL = 2
# A process that cannot serve dies at once, again and again: then whoever started us should know.
_DEATHS, _WITHIN_SECONDS = 5, 60.0
_LOOKS_EVERY = 1.0


def usual_count() -> int:
    """As many processes as the machine has cores for, two at the most: more gain little for a town hall."""
    return min(len(os.sched_getaffinity(0)), _USUAL)


class Workers:
    """``count`` children that each serve what ``serving`` listens for, until told to stop.

    Made by fork, so that what is loaded before (word lists, model) is in memory once; there must be no other thread and
    no open connection of a database then. A child that dies is replaced; where they keep dying all are stopped. The
    children end with their parent, however it ends. ``attend`` is entered by each child while it serves.
    """

    def __init__(
        self,
        count: int,
        serving: DeskServer,
        close: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
        attend: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._count = count
        self._serving = serving
        self._close = close
        self._monotonic = monotonic
        self._attend = attend
        self._children: set[int] = set()
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._stopping, self._told = False, 0
        # Nobody writes into it: its end is what a child reads when the parent is gone.
        self._ours, self._theirs = os.pipe()

    def run(self) -> int:
        """Serve until told to stop; the exit status is 1 where children died faster than is any use."""
        for number in STOPS:
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._begin()
        failed = False
        while self._children:
            failed = self._bury(*os.wait()) or failed
        return int(failed) or status_after(self._told)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopping, self._told = True, number
        for child in self._children:
            # One that ended this moment is buried soon.
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    def _begin(self) -> None:
        with _undisturbed():
            if self._stopping:
                return
            child = os.fork()
            if child == 0:
                self._work()
            self._children.add(child)

    def _bury(self, child: int, status: int) -> bool:
        """Replace a child that died; True where it was one too many, and all are told to stop."""
        with _undisturbed():
            self._children.discard(child)
        if self._stopping:
            return False
        LOG.error("desk process %s ended (%s), another takes its place", child, os.waitstatus_to_exitcode(status))
        now = self._monotonic()
        self._deaths.append(now)
        if len(self._deaths) == _DEATHS and now - self._deaths[0] < _WITHIN_SECONDS:
            LOG.error("desk processes end as soon as they begin: stopping")
            self._stop(signal.SIGTERM, None)
            return True
        self._begin()
        return False

    def _work(self) -> NoReturn:
        """The whole life of a child."""
        code = 1
        try:
            os.close(self._theirs)
            woken, waker = os.pipe()
            os.set_blocking(waker, False)
            signal.set_wakeup_fd(waker)
            for number in STOPS:
                signal.signal(number, _noted)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
            with self._attend():
                code = self._serve(woken)
        except Exception as failure:  # noqa: BLE001 - the child is over; its parent must not go on in it
            LOG.error("desk process could not serve: %s", type(failure).__name__)  # noqa: TRY400 - a traceback may quote
        finally:
            # Never back into what the parent was doing.
            os._exit(code)

    def _serve(self, woken: int) -> int:
        self._serving.start()
        told: list[int] = []
        while not told and self._serving.alive:
            told, _, _ = select.select([woken, self._ours], [], [], _LOOKS_EVERY)
        self._serving.stop()
        self._close()
        return 0 if told else 1


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The number of the signal is in the pipe already."""


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No signal to stop arrives here, so that none finds a child begun and not yet known."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
