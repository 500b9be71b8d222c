"""The whole daemon with a clock that the soak turns and letters that crash it: ``python -m tests.soak.daemoning``.

The profile is ``demo``; ``SOAK_FOLDER`` holds ``clock``, seconds to add to the time, and gets ``daemon.log``.
"""

import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from unittest.mock import patch

from cases.messages import InboundMessage
from config import load
from ingest.idle import Pace
from service import daemon
from service.bootstrap import build, warm_up
from tests.steps.house import ScriptedModel

RAISES, CRASHES = b"X-Gift: raises", b"X-Gift: crashes"
Parse = Callable[[bytes], InboundMessage]


def main() -> None:
    """Poll, read, suggest and send until killed."""
    folder = Path(os.environ["SOAK_FOLDER"])
    logging.raiseExceptions = False  # a full disk is one of the faults
    logging.basicConfig(filename=folder / "daemon.log", format="%(asctime)s %(process)d %(name)s %(message)s")
    # What each thread is doing, for the soak to ask where there is no peace.
    threads = (folder / "threads.log").open("w")
    faulthandler.register(signal.SIGUSR1, file=threads)
    warm_up()
    house = build(load("demo", os.environ), clock=partial(_turned, folder / "clock"))
    model = ScriptedModel()
    stages = replace(house.stages, classifier=lambda: model, parse=partial(_parse, house.stages.parse))
    # A faulty network would soon make the waits minutes.
    with patch.object(daemon, "Pace", partial(Pace, first_wait=0.2, longest_wait=1.0, refused_wait=0.5)):
        running = daemon.Daemon(replace(house, stages=stages), daemon.Rhythm(work=0.2, sweep=5, standby=0.5))
    running.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Event().wait()


def _turned(file: Path) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))


def _parse(parse: Parse, raw: bytes) -> InboundMessage:
    start = raw[:1000]
    if RAISES in start:
        raise ZeroDivisionError
    if CRASHES in start:
        # To this very thread: sent to the process, it waits for another thread's turn, and this one reads on meanwhile.
        signal.raise_signal(signal.SIGSEGV)
    return parse(raw)


if __name__ == "__main__":
    main()
