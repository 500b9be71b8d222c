"""Connections out through an HTTP proxy's CONNECT (RFC 9110 9.3.6), for the mail that knows no proxies by itself."""

import socket
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from cases.faults import os_words

Dial = Callable[[str, int, float], socket.socket]
_LONGEST_ANSWER = 8192


class TunnelRefused(OSError):
    """The proxy did not open a way to the mail server."""


def dialler(proxy: str) -> Dial | None:
    """What opens connections through ``http://host:port``; None where there is no proxy."""
    if not proxy:
        return None
    parts = urlsplit(proxy)
    return partial(_dial, parts.hostname or "", parts.port or 3128)


def _dial(proxy: str, proxy_port: int, host: str, port: int, timeout: float) -> socket.socket:
    try:
        sock = socket.create_connection((proxy, proxy_port), timeout)
    except OSError as error:
        # Else it would seem to be the mail server that nobody listens at.
        raise TunnelRefused(f"mellanservern {proxy}:{proxy_port} svarar inte ({os_words(error)})") from error
    try:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        sock.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii"))
        _heed(_answer(sock), f"{proxy}:{proxy_port}", place)
    except BaseException:
        sock.close()
        raise
    return sock


def _answer(sock: socket.socket) -> bytes:
    """The proxy's answer and not an octet more: what follows is the mail server's greeting."""
    said = b""
    while not said.endswith(b"\r\n\r\n") and len(said) < _LONGEST_ANSWER:
        octet = sock.recv(1)
        if not octet:
            break
        said += octet
        if said.endswith(b"\r\n") and not said.startswith(b"HTTP/"):
            break  # a mail server, say, that greets and waits: the empty line would never come
    return said


def _heed(said: bytes, proxy: str, place: str) -> None:
    words = said.split(b"\r\n", 1)[0].split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise TunnelRefused(f"mellanservern {proxy} svarar inte som en sådan")
    if words[1][:1] != b"2":
        raise TunnelRefused(f"mellanservern {proxy} släpper inte fram till {place} (svar {int(words[1])})")
