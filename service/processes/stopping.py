"""By which signals a service is stopped in good order, and what it ends with."""

import signal

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""A closed terminal, or somebody who wants the settings read anew, must not leave a letter half sent either."""


def status_after(number: int) -> int:
    """The exit status of one who was told to stop by this signal: after SIGHUP one by which systemd starts it anew."""
    return 128 + number if number == signal.SIGHUP else 0
