"""Tells a server that greets nobody from one that waits for TLS before it does, as ports 993 and 465 do."""

import socket
import ssl
from collections.abc import Callable

Dial = Callable[[str, int, float], socket.socket]
"""Host, port and seconds to a connected socket; raises OSError."""
_SECONDS = 5.0


def awaits_tls(dial: Dial | None, host: str, port: int, seconds: float = _SECONDS) -> bool:
    """Whether TLS is spoken there from the connection's beginning (RFC 8314 3.3). Nothing is said after it."""
    try:
        with (dial or _direct)(host, port, seconds) as opened:
            opened.settimeout(seconds)
            ssl.create_default_context().wrap_socket(opened, server_hostname=host).close()
    except ssl.SSLCertVerificationError:
        # A certificate came, and whether it is believed is asked where the right mode is tried.
        return True
    except (OSError, ValueError):
        return False
    return True


def _direct(host: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((host, port), seconds)
