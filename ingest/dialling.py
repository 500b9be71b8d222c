"""IMAP over a connection that somebody else opens, as where mail may only be fetched through the town's own proxy."""

import imaplib
import socket
import ssl
from typing import Any

from imapclient import IMAPClient

from ingest.address import Dial


class DialledClient(IMAPClient):  # type: ignore[misc] # imapclient tells no types
    """``IMAPClient`` that asks ``dial`` for its connection; with None it opens it itself."""

    def __init__(self, dial: Dial | None, host: str, port: int, *, timeout: float, **options: Any) -> None:  # noqa: ANN401
        self._dial = dial
        self._seconds = timeout
        super().__init__(host, port, timeout=timeout, **options)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - imapclient's name
        if self._dial is None:
            opened: imaplib.IMAP4 = super()._create_IMAP4()
            return opened
        context = self.ssl_context if self.ssl else None
        return _Dialled(self._dial, self.host, self.port, self._seconds, context)


class _Dialled(imaplib.IMAP4):
    def __init__(self, dial: Dial, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._dial = dial
        self._seconds = timeout
        self._context = context
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = self._dial(self.host, self.port, self._seconds if timeout is None else timeout)
        if self._context is None:
            return sock
        try:
            return self._context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
