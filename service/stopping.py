"""By which signals a service is stopped in good order, and what it ends with."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""A closed terminal, or somebody who wants the settings read anew, must not leave a letter half sent either."""


def status_after(number: int) -> int:
    """The exit status of one who was told to stop by this signal: after SIGHUP one by which systemd starts it anew."""
    return 128 + number if number == signal.SIGHUP else 0


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """While it lasts a signal to stop leaves as an error does: what is half made, or lies there in clear, goes with it.

    One that is ignored, as under nohup, stays so. For the main thread of a command.
    """
    theirs = {number: signal.getsignal(number) for number in STOPS}
    for number in (number for number, handler in theirs.items() if handler is signal.SIG_DFL):
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in theirs.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
