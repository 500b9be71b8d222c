"""What a service does once before it works for months."""

import gc
import signal
import threading
from collections.abc import Callable

import pytest

from config import load
from service.processes import running
from service.whole_house import settle


def test_what_stands_at_the_start_is_not_looked_through_again() -> None:
    # What the tests' own setting has frozen would else be all there is; it stays so afterwards.
    gc.unfreeze()
    settle()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 10_000


class Fallen:
    """A desk whose thread ends as soon as it began; somebody stops the service at last."""

    alive = False

    def __init__(self, stops: list[Callable[..., None]]) -> None:
        # Only where nobody saw that it fell: far later than the slowest machine looks.
        self.later = threading.Timer(60, stops[0], (signal.SIGTERM, None))

    def start(self) -> None:
        """Begin, and end."""
        self.later.start()

    def stop(self) -> None:
        """Nothing is left to stop."""
        self.later.cancel()
        self.later.join()


def test_a_desk_that_fell_ends_the_service(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon went on beside it, and whoever restarts what ends had nothing to restart."""
    stops: list[Callable[..., None]] = []
    monkeypatch.setattr(signal, "signal", lambda _number, handler: stops.append(handler))
    monkeypatch.setattr(running, "desk_server", lambda _house: Fallen(stops))
    monkeypatch.setattr(running, "_LOOKS_EVERY", 0.01, raising=False)
    monkeypatch.setattr(running, "settle", lambda: None)
    assert running.run_until_stopped(load("demo", environ), daemon=False, desk=True) == 1


class HungUp:
    """A desk in whose time the terminal is closed."""

    alive = True

    def __init__(self, heeding: dict[int, Callable[..., None]]) -> None:
        self.heeding, self.stopped = heeding, False

    def start(self) -> None:
        """Begin, and hear of it."""
        self.heeding[signal.SIGHUP](signal.SIGHUP, None)

    def stop(self) -> None:
        """In good order."""
        self.stopped = True


def test_a_hang_up_stops_in_good_order_and_asks_to_be_started_anew(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended at once with a letter half sent, and systemd took that for a good end and let it lie."""
    heeding: dict[int, Callable[..., None]] = {}
    desk = HungUp(heeding)
    monkeypatch.setattr(signal, "signal", heeding.__setitem__)
    monkeypatch.setattr(running, "desk_server", lambda _house: desk)
    monkeypatch.setattr(running, "settle", lambda: None)
    assert running.run_until_stopped(load("demo", environ), daemon=False, desk=True) == 129
    assert desk.stopped
