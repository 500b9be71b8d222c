"""Ports of loopback for the servers that tests start."""

import random
import socket
from contextlib import suppress
from pathlib import Path

_DICE = random.SystemRandom()
# What is asked for without a number, and each connection's own end, gets one of these.
_BY_CHANCE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """One that is free, and that nobody gets by chance before the server it is for has begun, or while it restarts.

    Raises OSError where a hundred are all taken.
    """
    above = int(_BY_CHANCE.read_text("ascii").split()[0]) if _BY_CHANCE.exists() else 32_768
    for _ in range(100):
        port = _DICE.randrange(10_000, max(above, 20_000))
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port on loopback")
