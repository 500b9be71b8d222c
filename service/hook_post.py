"""Hands one event to another system over https: no other address than was looked at, no redirect, no long wait."""

import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urlsplit

from cases.errors import LyhordError, NotAllowed
from cases.webhooks import check_url, may_reach

_SECONDS = 10.0
_LONGEST = 64_000
"""Bytes of an answer's head: nothing else is read."""


class HookRefused(LyhordError):
    """The other system did not take the event; the message is short, Swedish, and holds nothing of its answer."""


class _Head(BufferedReader):
    """Lines of an answer, not for ever: who hangs up is still read from as long as the other side is quick enough."""

    _left = _LONGEST

    def readline(self, size: int | None = -1) -> bytes:
        """The next line. Raises HTTPException where the head has grown too long."""
        line = super().readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise HTTPException
        return line


class _Answer(HTTPResponse):
    """An answer whose status is all that is asked for."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp.close()
        self.fp = _Head(sock.makefile("rb", buffering=0))


class _Pinned(HTTPSConnection):
    """Connects to one address, whatever the name means a moment later (DNS rebinding), and wants its certificate."""

    response_class = _Answer

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds, context=context)
        self._address, self._tls, self._seconds = address, context, seconds

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((self._address, self.port), self._seconds)
        # Kept before anything is said: ``hang_up`` ends a slow greeting too.
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def hang_up(self) -> None:
        """End the connection while another thread waits for it."""
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class HookPost:
    """Posts to webhooks; ``networks`` are those of our own that may be reached besides public addresses.

    After ``seconds`` without an answer, or twice as many altogether, it gives up.
    """

    networks: tuple[str, ...] = ()
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = _SECONDS

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post once. Raises HookRefused where it was not taken."""
        try:
            parts = urlsplit(check_url(url, self.networks))
        except NotAllowed:
            raise HookRefused("adressen är inte tillåten") from None
        host, port = parts.hostname or "", parts.port or 443
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            self._post(host, port, path, body, headers)
        except ssl.SSLCertVerificationError:
            raise HookRefused("certifikatet är inte betrott") from None
        except (OSError, HTTPException, UnicodeError) as error:
            raise HookRefused(f"inget svar ({type(error).__name__})") from None

    def _post(self, host: str, port: int, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        connection = _Pinned(host, port, _looked_up(host, port, self.networks), self.context, self.seconds)
        # One that answers a byte now and then, or "100 Continue" for ever, would keep all the others waiting.
        limit = Timer(2 * self.seconds, connection.hang_up)
        limit.start()
        try:
            connection.request("POST", path, body, dict(headers))
            status = connection.getresponse().status
        finally:
            limit.cancel()
            connection.close()
        if not 200 <= status < 300:
            raise HookRefused(f"svarade {status}")


def _looked_up(host: str, port: int, networks: Iterable[str]) -> str:
    """The first of a name's addresses; one that must not be reached among them spoils them all."""
    allowed = tuple(networks)
    found = [str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(may_reach(ip_address(one), allowed) for one in found):
        raise HookRefused("namnet leder till en adress som inte är tillåten")
    return found[0]
