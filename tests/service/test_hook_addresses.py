"""Where events may be sent, and what the other side may answer."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from time import monotonic

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import NotAllowed
from cases.webhooks import check_url, may_reach
from service.hook_post import HookPost, HookRefused

# Addresses that lead inside, whatever they are called.
INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "64:ff9b:1::a00:1", "ff02::1", "::7f00:1", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_reached(address: str) -> None:
    assert not may_reach(ip_address(address), ())
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(NotAllowed):
        check_url(f"https://{host}/x", ())


def test_a_network_that_was_named_may_be_reached() -> None:
    assert may_reach(ip_address("10.20.3.4"), ["10.20.0.0/16"])
    assert not may_reach(ip_address("10.21.3.4"), ["10.20.0.0/16"])
    assert may_reach(ip_address("193.10.10.10"), ())
    assert may_reach(ip_address("2001:67c:2190::1"), ())


@pytest.mark.parametrize(
    "url",
    [
        "http://mottagare.example/", "ftp://mottagare.example/", "https://", "https:///x", "//mottagare.example/",
        "https://a:b@mottagare.example/", "https://mottagare.example/#x", "https://mottagare.example:0/",
        "https://mottagare.example:99999/", "https://localhost/", "https://db.internal/", "https://x.local/",
        "https://mottagare.example/a\r\nHost: x", "https://mottagäre.example/", "https://[::1/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_no_odd_address_is_taken(url: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(url, ())


@given(st.text(max_size=40))
def test_any_address_is_taken_or_refused(url: str) -> None:
    with suppress(NotAllowed):
        assert check_url(url, ()).startswith("https://")


@contextmanager
def listening(status: int, authority: trustme.CA, name: str = "mottagare.example"):
    """A real https server on loopback that answers so; what it was sent is in ``got``."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "https://127.0.0.1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def context(authority) -> ssl.SSLContext:
    made = ssl.create_default_context()
    authority.configure_trust(made)
    return made


@pytest.fixture
def named(monkeypatch):
    """What each name leads to, instead of asking a name server."""
    known = {"mottagare.example": ["127.0.0.1"], "halvt.example": ["193.10.10.10", "10.0.0.1"], "bort.example": []}

    real = socket.getaddrinfo

    def lookup(host, port, *more, **named):
        if host[0].isdigit():
            return real(host, port, *more, **named)
        if host not in known:
            raise OSError("no such name")
        return [(2, 1, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr("service.hook_post.socket.getaddrinfo", lookup)


def test_an_event_goes_over_real_https(authority, context, named) -> None:
    post = HookPost(("127.0.0.0/8",), context)
    with listening(204, authority) as (port, got):
        post.send(f"https://mottagare.example:{port}/a?b=c", b"{}", {"X": "y"})
        assert got == [b"{}"]
        with pytest.raises(HookRefused, match="tillåten"):
            HookPost((), context).send(f"https://mottagare.example:{port}/", b"{}", {})
        with pytest.raises(HookRefused, match="inte betrott"):
            HookPost(("127.0.0.0/8",)).send(f"https://mottagare.example:{port}/", b"{}", {})
        assert len(got) == 1


@pytest.mark.parametrize("status", [302, 307, 404, 500])
def test_other_answers_are_refusals_and_no_redirect_is_followed(authority, context, named, status: int) -> None:
    with listening(status, authority) as (port, _), pytest.raises(HookRefused, match=f"svarade {status}"):
        HookPost(("127.0.0.0/8",), context).send(f"https://mottagare.example:{port}/", b"{}", {})


def test_who_never_comes_to_an_end_keeps_nobody_waiting(authority, context, named) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mottagare.example").configure_cert(tls)
    listener, until = socket.create_server(("127.0.0.1", 0)), monotonic() + 20

    def answer() -> None:
        with suppress(OSError), tls.wrap_socket(listener.accept()[0], server_side=True) as talk:
            # Whoever gave up before it had asked says nothing, for ever.
            while (said := talk.recv(1_000)) and not said.endswith(b"{}"):
                pass
            # As long as it takes: who has hung up is handed them all the same while there are more.
            while monotonic() < until:
                talk.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
            talk.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    post = HookPost(("127.0.0.0/8",), context, seconds=0.25)
    with pytest.raises(HookRefused, match="inget svar"):
        post.send(f"https://mottagare.example:{listener.getsockname()[1]}/", b"{}", {})
    assert monotonic() < until
    thread.join()
    listener.close()


def test_a_certificate_of_another_name_is_refused(authority, context, named) -> None:
    with listening(204, authority, "annan.example") as (port, got):
        with pytest.raises(HookRefused, match="inte betrott"):
            HookPost(("127.0.0.0/8",), context).send(f"https://mottagare.example:{port}/", b"{}", {})
        assert got == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://halvt.example/", "tillåten"),
        ("https://bort.example/", "tillåten"),
        ("https://okand.example/", "inget svar"),
        ("http://mottagare.example/", "tillåten"),
    ],
)
def test_what_leads_nowhere_or_inside_is_not_posted(named, context, url: str, why: str) -> None:
    with pytest.raises(HookRefused, match=why):
        HookPost((), context).send(url, b"{}", {})
