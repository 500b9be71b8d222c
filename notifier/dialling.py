"""SMTP over a connection that somebody else opens, as where mail may only leave through the town's own proxy."""

import smtplib
import socket
import ssl
from collections.abc import Callable

Dial = Callable[[str, int, float], socket.socket]
"""Host, port and seconds to a connected socket; raises OSError."""


class DialledSMTP(smtplib.SMTP):
    """``smtplib.SMTP`` on such a connection, under TLS from its beginning where there is a ``context``."""

    def __init__(
        self, dial: Dial, host: str, port: int, own_name: str, timeout: float, context: ssl.SSLContext | None
    ) -> None:
        self._dial = dial
        self._context = context
        super().__init__(host, port, own_name, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = self._dial(host, port, timeout)
        if self._context is None:
            return sock
        try:
            return self._context.wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise


def open_smtp(
    dial: Dial | None, host: str, port: int, own_name: str, timeout: float, context: ssl.SSLContext | None
) -> smtplib.SMTP:
    """A connection that has been greeted; ``context`` for TLS from its beginning. Raises OSError, SMTPException."""
    if dial is not None:
        return DialledSMTP(dial, host, port, own_name, timeout, context)
    if context is not None:
        return smtplib.SMTP_SSL(host, port, own_name, timeout=timeout, context=context)
    return smtplib.SMTP(host, port, own_name, timeout=timeout)
