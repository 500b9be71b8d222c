"""The desk served by uvicorn in a thread, so that one process can hold daemon and desk and stop both cleanly."""

import errno
import socket
import sys
import threading

import uvicorn
from fastapi import FastAPI

from cases.errors import LyhordError
from cases.faults import os_words

TURN = 0.0005
"""Seconds a thread computes before it lets others in.

SQLite gives way at each row it reads, and with Python's own 5 ms a page of many rows waits for others at every row.
"""

_UNBOUND = {
    errno.EADDRINUSE: "porten används redan, kanske av Lyhörd (systemctl status lyhord). Stoppa det som använder den, "
    "eller välj en annan i desk.port.",
    errno.EACCES: "portar under 1024 är root ensam om. Välj en högre i desk.port, med en omvänd proxy framför.",
    errno.EADDRNOTAVAIL: "maskinen har inte den adressen. Rätta desk.host; 127.0.0.1 finns alltid.",
}


class DeskServer:
    """Serves ``app`` until ``stop``; ``port`` 0 takes a free one, told by ``port``."""

    def __init__(self, app: FastAPI, host: str, port: int, trusted_proxies: tuple[str, ...] = ()) -> None:
        self.app = app
        self._socket = self._bind(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(
            app,
            # Its own handlers would tell an error's text, in a form of their own.
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=",".join(trusted_proxies) or "127.0.0.1",
            timeout_graceful_shutdown=10,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    @staticmethod
    def _bind(host: str, port: int) -> socket.socket:
        listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            listening.close()
            why = _UNBOUND.get(error.errno or 0, f"({os_words(error)}). Rätta desk.host eller desk.port.")
            raise LyhordError(f"Skrivbordet kan inte lyssna på {host}:{port}: {why}") from error
        listening.listen(128)
        return listening

    def start(self) -> None:
        """Serve in a thread of its own. Connections are taken from now on, whether or not the loop has begun."""
        sys.setswitchinterval(TURN)
        # Made only now: a thread made before a fork counts as ended after it.
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Let the running requests end, then close."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(timeout=15)
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
