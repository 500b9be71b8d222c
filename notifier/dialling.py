"""Opens SMTP, where mail may only leave through the town's own proxy too, and logs in to it."""

import base64
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


def log_in(smtp: smtplib.SMTP, user: str, password: str = "", token: str = "") -> None:
    """Log in by an access token (XOAUTH2), else by a password (RFC 4954). Raises OSError, SMTPException.

    smtplib knows ASCII alone, where PLAIN is in UTF-8 (RFC 4616), and breaks on a challenge that is not base64.
    """
    if token:
        _say_at_once(smtp, "XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1")
    elif (user + password).isascii():
        smtp.login(user, password)
    else:
        _say_at_once(smtp, "PLAIN", f"\0{user}\0{password}")


def _say_at_once(smtp: smtplib.SMTP, mechanism: str, said: str) -> None:
    smtp.ehlo_or_helo_if_needed()
    code, words = smtp.docmd("AUTH", f"{mechanism} {base64.b64encode(said.encode()).decode()}")
    if code == 334:
        # XOAUTH2's refusal: a challenge with the reason, which is answered with an empty line.
        code, words = smtp.docmd("")
    if code == 235:
        return
    offered = smtp.esmtp_features.get("auth", "").split()
    if mechanism not in offered:
        others = f", bara med {', '.join(offered)}" if offered else ""
        raise smtplib.SMTPNotSupportedError(f"servern tar inte emot inloggning med {mechanism}{others}")
    raise smtplib.SMTPAuthenticationError(code, words)
