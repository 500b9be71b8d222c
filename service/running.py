"""Running until told to stop: what ``lyhord run``, ``daemon`` and ``desk`` share."""

import signal
import threading
from contextlib import ExitStack

from config import Settings
from desk.app import create_app
from service.bootstrap import House, build, warm_up
from service.daemon import Daemon
from service.database import check_shape
from service.desk_setup import desk_settings
from service.reports import statistics_page
from service.web import DeskServer


def run_until_stopped(settings: Settings, *, daemon: bool, desk: bool) -> int:
    """Start what is asked for and stop it cleanly on SIGINT or SIGTERM. Raises ConfigError for an old database."""
    check_shape(settings)
    warm_up()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        house = build(settings)
        stack.callback(house.store.close)
        if desk:
            serving = _desk(house)
            stack.callback(serving.stop)
            serving.start()
        if daemon:
            working = Daemon(house)
            stack.callback(working.stop)
            working.start()
        stop.wait()
    return 0


def _desk(house: House) -> DeskServer:
    chosen = house.settings.desk
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=house.stages.classifier(),
        clock=house.clock,
        settings=desk_settings(house),
        extra_pages=[statistics_page(house)],
    )
    return DeskServer(app, chosen.host, chosen.port, chosen.trusted_proxies)
