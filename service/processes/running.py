"""Running until told to stop: what ``lyhord run``, ``daemon`` and ``desk`` share."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from types import FrameType

from config import Settings
from service import logs
from service.backup.restored import check_recovered
from service.database import check_shape
from service.processes.attending import attending
from service.processes.daemon import Daemon
from service.processes.desk_setup import desk_server
from service.processes.reading_room import ReadingRoom, ending
from service.processes.web import DeskServer
from service.processes.workers import Workers
from service.stopping import STOPS, status_after
from service.whole_house import build_whole, settle, warm_up
from service.whose import check_ours

LOG = logging.getLogger("lyhord.running")
_LOOKS_EVERY = 1.0


def run_until_stopped(settings: Settings, *, daemon: bool, desk: bool) -> int:
    """Start what is asked for and stop it cleanly when told to. Raises ConfigError for an old database."""
    logs.use(settings.watch.log_format)
    check_shape(settings)
    warm_up()
    stop, told = _heeding_signals()
    with ExitStack() as stack:
        house = build_whole(settings)
        stack.callback(house.store.close)
        check_ours(house)
        house.renderer.prepare()
        # A connection of two processes would answer the one what the other asked.
        house.store.close()
        settle()
        reading = replace(house.stages, parse=ending(house.stages.parse))
        room = ReadingRoom(reading.read, lost=stop.set)
        if daemon:
            stack.enter_context(room)
            check_recovered(house)
        # Not before: where processes are made there may be no thread and no open connection.
        for role in (["daemon"] if daemon else []) + (["desk"] if desk else []):
            stack.enter_context(_at_work(settings, role))
        serving = desk_server(house) if desk else None
        if serving is not None:
            stack.callback(serving.stop)
            serving.start()
        if daemon:
            working = Daemon(house, read=room.read)
            stack.callback(working.stop)
            working.start()
        failed = _desk_fell(stop, serving) or (daemon and not room.alive)
        return int(failed) or status_after(told[0])


def _heeding_signals() -> tuple[threading.Event, list[int]]:
    """Set once we are told to stop, and the one signal that told it: 0 as long as none did."""
    stop, told = threading.Event(), [0]

    def heed(number: int, _frame: FrameType | None) -> None:
        told[0] = number
        stop.set()

    for number in STOPS:
        signal.signal(number, heed)
    return stop, told


def _desk_fell(stop: threading.Event, serving: DeskServer | None) -> bool:
    """Wait until told to stop; True at once where the desk serves no more, for then somebody must start it anew."""
    while not stop.wait(_LOOKS_EVERY):
        if serving is not None and not serving.alive:
            LOG.error("the desk serves no more: stopping, to be started anew")
            return True
    return False


def run_desk(settings: Settings, workers: int) -> int:
    """The desk alone, in so many processes, until told to stop. Raises ConfigError for an old database."""
    if workers == 1:
        return run_until_stopped(settings, daemon=False, desk=True)
    logs.use(settings.watch.log_format)
    check_shape(settings)
    warm_up()
    house = build_whole(settings)
    check_ours(house)
    serving = desk_server(house)
    # A connection of two processes would answer the one what the other asked.
    house.store.close()
    # A round of the collector would besides copy for each child what all of them share.
    settle()
    return Workers(workers, serving, house.store.close, attend=partial(_at_work, settings, "desk")).run()


@contextmanager
def _at_work(settings: Settings, role: str) -> Iterator[None]:
    """Known as running, on a database that has its shape and from here on keeps it. Raises ConfigError."""
    with attending(settings.database.url.reveal(), role):
        check_shape(settings)
        yield
