"""``lyhord daemon`` with a clock that the soak turns and letters that crash it, for ``tests.servers.killing``.

The profile is ``demo``; ``SOAK_FOLDER`` holds ``clock``, seconds to add to the time, and gets ``daemon.log``, and
``reading`` for as long as a pass of reading has letters.
"""

import faulthandler
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from cases.inbound.messages import InboundMessage
from cases.steps.receiving.receive import Outcome
from config import Settings, load
from ingest.idle import Pace
from service.processes import daemon, running
from service.processes.daemon import Daemon, Rhythm
from service.processes.reading_room import ReadingRoom
from service.whole_house import WholeHouse, build_whole, warm_up
from tests.soak.keys import with_tokens
from tests.steps.house import ScriptedModel

RAISES, CRASHES = b"X-Gift: raises", b"X-Gift: crashes"
Parse = Callable[[bytes], InboundMessage]
Read = Callable[[datetime, int], Counter[Outcome]]


class _Daemon(Daemon):
    """The daemon, which says when it works, and hurries."""

    def __init__(self, house: WholeHouse, read: Read) -> None:
        super().__init__(house, Rhythm(work=0.2, sweep=5, standby=0.5), read)

    def start(self) -> None:
        super().start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def prepare() -> None:
    """What a start of it loads."""
    warm_up()


def main() -> int:
    """Poll, read, suggest and send until killed, or until nobody is left who reads."""
    folder = Path(os.environ["SOAK_FOLDER"])
    logging.raiseExceptions = False  # a full disk is one of the faults
    logging.basicConfig(filename=folder / "daemon.log", format="%(asctime)s %(process)d %(name)s %(message)s")
    # What each thread is doing, for the soak to ask where there is no peace; the reader's as well.
    threads = (folder / "threads.log").open("w")
    faulthandler.register(signal.SIGUSR1, file=threads)
    with (
        patch.object(running, "build_whole", partial(_built, folder)),
        patch.object(running, "Daemon", _Daemon),
        patch.object(running, "ReadingRoom", partial(_room, folder / "reading")),
        # A faulty network would soon make the waits minutes.
        patch.object(daemon, "Pace", partial(Pace, first_wait=0.2, longest_wait=1.0, refused_wait=0.5)),
    ):
        settings = with_tokens(load("demo", os.environ), os.environ["SOAK_AUTHORITY"], folder)
        return running.run_until_stopped(settings, daemon=True, desk=False)


def _built(folder: Path, settings: Settings) -> WholeHouse:
    house = build_whole(settings, clock=partial(_turned, folder / "clock"))
    model = ScriptedModel()
    parse = partial(_parse, house.stages.parse, folder / "reading")
    return replace(house, stages=replace(house.stages, classifier=lambda: model, parse=parse))


def _room(mark: Path, read: Read, lost: Callable[[], None]) -> ReadingRoom:
    return ReadingRoom(partial(_marked, mark, read), lost)


def _marked(mark: Path, read: Read, now: datetime, limit: int) -> Counter[Outcome]:
    """A pass that the soak can see, if it has letters: each that it parses makes the mark."""
    mark.unlink(missing_ok=True)
    try:
        return read(now, limit)
    finally:
        mark.unlink(missing_ok=True)


def _turned(file: Path) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))


def _parse(parse: Parse, mark: Path, raw: bytes) -> InboundMessage:
    mark.touch()
    start = raw[:1000]
    if RAISES in start:
        raise ZeroDivisionError
    if CRASHES in start:
        # To this very thread: sent to the process, it could wait for another thread's turn while this one reads on.
        signal.raise_signal(signal.SIGSEGV)
    return parse(raw)
