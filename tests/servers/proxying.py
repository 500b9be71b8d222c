"""A proxy of the test's own that knows one method, CONNECT, and every name: it leads them all to loopback."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_PATIENCE = 15.0


@dataclass
class ConnectProxy:
    """``asked`` are the places it was asked for; with ``refuse`` it answers 403 to each."""

    port: int = 0
    refuse: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def connect_proxy(*, refuse: bool = False) -> Iterator[ConnectProxy]:
    """The proxy while the block runs."""
    state = ConnectProxy(refuse=refuse)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        state.port = listening.getsockname()[1]
        stop = threading.Event()
        listening.settimeout(0.1)
        thread = threading.Thread(target=_accept, args=(listening, state, stop))
        thread.start()
        try:
            yield state
        finally:
            stop.set()
            thread.join()


def _accept(listening: socket.socket, state: ConnectProxy, stop: threading.Event) -> None:
    serving: list[threading.Thread] = []
    while not stop.is_set():
        with suppress(TimeoutError):
            client, _ = listening.accept()
            client.settimeout(_PATIENCE)
            serving.append(threading.Thread(target=_serve, args=(client, state)))
            serving[-1].start()
    for thread in serving:
        thread.join(_PATIENCE)


def _serve(client: socket.socket, state: ConnectProxy) -> None:
    with client, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            got = client.recv(1024)
            if not got:
                return
            head += got
        asked = re.match(rb"CONNECT (\S+):(\d+) HTTP/1\.[01]\r\n", head)
        state.asked.append(f"{asked[1].decode()}:{asked[2].decode()}" if asked else head[:20].decode())
        if state.refuse or not asked:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(asked[2])), _PATIENCE) as server:
            # The server's greeting may follow in the same piece: nobody may read past the empty line.
            client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            there = threading.Thread(target=_pass_on, args=(client, server))
            there.start()
            _pass_on(server, client)
            there.join(_PATIENCE)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
