"""Events sent on: signed, tried again, given up, never to where they must not go, and nothing a client may not see."""

import hmac
import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from time import monotonic

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from cases.api import ApiScope
from cases.errors import NotAllowed
from cases.people.access import SYSTEM
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.steps import clients
from cases.webhooks import SEALED_FOR, DeliveryState, check_url, may_reach, next_try, signature
from desk.login.sealing import Sealer
from service.hook_post import HookPost, HookRefused
from service.hooks import Hooks
from tests.steps.house import SmallHouse, mail

URL = "https://mottagare.example/lyhord?nyckel=1"


class Box:
    """A poster that keeps what it was given, or refuses."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict, dict]] = []
        self.error = ""

    def send(self, url, body, headers) -> None:
        self.raw = body
        if self.error:
            raise HookRefused(self.error)
        self.got.append((url, json.loads(body), dict(headers)))


class Room:
    """A house with one client that follows its unit's events."""

    def __init__(self, store) -> None:
        self.house = SmallHouse(store)
        self.box = Box()
        self.sealer = Sealer("a secret of the tests")
        self.hooks = Hooks(store, self.box, self.sealer, tries=3)
        with store.begin() as tx:
            chosen = [ApiScope.EVENTS_READ]
            self.client, _ = clients.add_client(tx, "Appen", chosen, ["*"], 30, self.house.office, self.deed())
            sealed = self.sealer.keep(SEALED_FOR, "delad hemlighet")
            self.hook = clients.add_webhook(tx, self.client.id, URL, sealed, (), self.house.office, self.deed())

    def deed(self) -> clients.Deed:
        return clients.Deed("system", self.house.now)

    def pass_on(self) -> int:
        return self.hooks.sweep(self.house.now)

    def counts(self) -> tuple[int, int, int]:
        with self.house.store.read() as tx:
            found = tx.delivery_counts(self.hook.id)
        return tuple(found[s] for s in (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.DEAD))

    def flag(self, kind: FlagKind = FlagKind.HALSA) -> None:
        with self.house.store.begin() as tx:
            case = tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM)
            tx.save_case(replace(case, flags=(ConfidentialityFlag(kind, FlagState.SUGGESTED),)))


@pytest.fixture
def room(store) -> Room:
    return Room(store)


def test_events_arrive_signed_and_once(room: Room) -> None:
    room.house.receive(mail())
    assert room.pass_on() == len(room.box.got) > 2
    assert room.pass_on() == 0, "each once"
    url, body, headers = room.box.got[-1]
    assert (url, body["case_number"]) == (URL, "EK-2026-00001")
    seconds, _, mac = headers["Lyhord-Signature"].removeprefix("t=").partition(",v1=")
    assert int(seconds) == int(room.house.now.timestamp())
    expected = hmac.new(b"delad hemlighet", f"{seconds}.".encode() + room.box.raw, sha256).hexdigest()
    assert hmac.compare_digest(mac, expected)
    assert [b["position"] for _, b, _ in room.box.got] == sorted({b["position"] for _, b, _ in room.box.got})
    assert all("Lampan" not in json.dumps(b) and "berit" not in json.dumps(b) for _, b, _ in room.box.got)


def test_only_what_happens_after_it_was_added_is_sent(store) -> None:
    house = SmallHouse(store)
    house.receive(mail())
    room = Room(store)
    assert room.pass_on() == 0


def test_a_refused_event_is_tried_again_with_longer_waits_and_then_given_up(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "answered 503"
    room.pass_on()
    waiting = room.counts()[0]
    assert room.counts() == (waiting, 0, 0)
    room.pass_on()
    with room.house.store.read() as tx:
        tried = [d for d in tx.deliveries(room.hook.id, [DeliveryState.WAITING], 99) if d.attempts]
    assert [(d.attempts, d.error) for d in tried] == [(1, "answered 503")], "the others wait for the first"
    for _ in range(12):
        room.house.later(hours=7)
        room.pass_on()
    assert room.counts() == (0, 0, waiting), "given up after three tries each"
    room.box.error = ""
    room.house.later(hours=1)
    assert room.pass_on() == 0
    with room.house.store.begin() as tx:
        assert clients.send_again(tx, room.hook.id, room.house.now) == waiting
    assert room.pass_on() == waiting
    room.house.later(days=31)
    room.pass_on()
    assert room.counts() == (0, 0, 0), "kept for a month"


def test_a_flag_set_before_it_left_keeps_the_event(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "no answer"
    room.pass_on()
    room.flag()
    room.box.error = ""
    room.house.later(hours=1)
    assert room.box.got == []
    room.pass_on()
    assert room.box.got == []
    assert room.counts()[0] == 0


@pytest.mark.parametrize("kind", [FlagKind.VISSELBLASNING, FlagKind.SKOLA])
def test_a_flagged_case_is_never_told_of(room: Room, kind: FlagKind) -> None:
    room.house.model.flags = (kind,)
    room.house.receive(mail())
    room.pass_on()
    assert room.box.got == []
    assert room.counts() == (0, 0, 0)


def test_who_loses_the_key_gets_nothing_more(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "no answer"
    room.pass_on()
    room.box.error = ""
    with room.house.store.begin() as tx:
        clients.revoke_client(tx, room.client.id, room.deed())
        assert tx.webhooks() == []
        assert {line.kind for line in tx.access_log()} >= {"api_added", "hook_added", "api_revoked"}
    room.house.later(hours=8)
    room.pass_on()
    assert room.box.got == []


def test_a_webhook_ended_during_a_pass_stays_ended(room: Room) -> None:
    room.house.receive(mail())
    store, to_end = room.house.store, [room.hook.id]
    with store.begin() as tx:
        tx.feed(room.house.now)

    class Meanwhile:
        """Somebody ends the webhook just before the pass writes."""

        read = store.read

        def begin(self):
            while to_end:
                with store.begin() as tx:
                    clients.end_webhook(tx, to_end.pop(), room.deed())
            return store.begin()

    replace(room.hooks, store=Meanwhile()).sweep(room.house.now)
    assert room.box.got == []
    with store.read() as tx:
        assert tx.webhooks() == []


def test_a_claim_that_nobody_told_of_is_taken_up_again(room: Room) -> None:
    room.house.receive(mail())
    room.box.error = "x"
    room.pass_on()
    with room.house.store.begin() as tx:
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=2))
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=2)) == []
        assert tx.claim_deliveries(99, room.house.now + timedelta(minutes=8))


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


@given(st.integers(-5, 10_000))
def test_waits_grow_to_six_hours(attempts: int) -> None:
    now = SmallHouse.now
    assert timedelta(minutes=1) <= next_try(attempts, now) - now <= timedelta(hours=6)


def test_a_signature_is_of_the_moment_too() -> None:
    now = SmallHouse.now
    assert signature("s", now, b"x") != signature("s", now + timedelta(seconds=1), b"x")
    assert signature("s", now, b"x") != signature("t", now, b"x")


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
            while not talk.recv(1_000).endswith(b"{}"):
                pass
            # As long as it takes: a quick machine reads as many as one likes within the limit.
            while monotonic() < until:
                talk.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
            talk.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    post = HookPost(("127.0.0.0/8",), context, seconds=0.25)
    with pytest.raises(HookRefused, match="inget svar"):
        post.send(f"https://mottagare.example:{listener.getsockname()[1]}/", b"{}", {})
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
