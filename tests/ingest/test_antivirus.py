"""Attachments are shown to clamd; without it they are kept and marked. The daemon here is played on loopback."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.inbound.messages import Attachment, ScanState
from ingest.antivirus import Clamd, scanned
from ingest.intake import Intake
from tests.steps.house import mail

# Put together here, so that no scanner trips over this file: the string every scanner calls a virus (eicar.org).
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MAX = 1_000_000


@dataclass
class Played:
    """What the played daemon does: ``says`` instead of scanning, ``limit`` its StreamMaxLength; what it got."""

    says: bytes = b""
    limit: int = MAX * 10
    got: list[bytes] = field(default_factory=list)


class _Daemon(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        played: Played = self.server.played  # type: ignore[attr-defined]
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(played.says or b"PONG\0")
            return
        content = b""
        assert command == b"zINSTREAM\0"
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > played.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        played.got.append(content)
        verdict = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(played.says or verdict)


class _Tcp(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def daemon(played: Played, path: str = "") -> Iterator[str]:
    """A daemon on loopback, or on a socket file; gives its address as the settings write it."""
    server = _Unix(path, _Daemon) if path else _Tcp(("127.0.0.1", 0), _Daemon)
    server.played = played  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def clamd(address: str, *, clock: list[float] | None = None, timeout: float = 5) -> Clamd:
    time = clock if clock is not None else [0.0]
    return Clamd(address, timeout, MAX, lambda: time[0])


def test_an_infected_file_is_found_and_a_clean_one_is_clean() -> None:
    played = Played()
    with daemon(played) as address:
        scanner = clamd(address)
        assert scanner.scan(b"bilaga " + EICAR) is ScanState.INFECTED
        assert scanner.scan(b"bild") is ScanState.CLEAN
        assert scanner.scan(b"") is ScanState.CLEAN
    assert played.got == [b"bilaga " + EICAR, b"bild"]


def test_a_daemon_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    assert "Ingen svarar" in clamd(str(tmp_path / "clamd.ctl")).ping()
    with daemon(Played()) as address:
        assert clamd(address).ping() == ""
    with daemon(Played(says=b"220 smtp\0")) as address:
        assert "annat än clamd" in clamd(address).ping()


def test_a_socket_file_serves_as_well(tmp_path: Path) -> None:
    with daemon(Played(), str(tmp_path / "clamd.ctl")) as address:
        assert clamd(address).scan(EICAR) is ScanState.INFECTED


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 3 * 64 * 1024 + 1))
def test_every_byte_arrives_whatever_the_length(length: int) -> None:
    played = Played()
    content = bytes(range(256)) * (length // 256 + 1)
    with daemon(played) as address:
        assert clamd(address).scan(content[:length]) is ScanState.CLEAN
    assert played.got in ([content[:length]], [])


@pytest.mark.parametrize("says", [b"UNKNOWN COMMAND\0", b"stream: lstat() failed. ERROR\0", b"\0", b"stream: ?\0"])
def test_an_answer_that_is_no_verdict_is_none(says: bytes) -> None:
    with daemon(Played(says=says)) as address:
        assert clamd(address).scan(b"bild") is ScanState.UNCHECKED


def test_a_file_too_long_for_the_daemon_is_unchecked_and_the_next_is_scanned() -> None:
    with daemon(Played(limit=100_000)) as address:
        scanner = clamd(address)
        assert scanner.scan(bytes(900_000)) is ScanState.UNCHECKED
        assert scanner.scan(EICAR) is ScanState.INFECTED


def test_what_is_longer_than_the_settings_allow_is_not_sent() -> None:
    played = Played()
    with daemon(played) as address:
        assert clamd(address).scan(bytes(MAX + 1)) is ScanState.UNCHECKED
    assert played.got == []


def test_a_daemon_that_is_down_is_left_alone_for_a_minute_and_then_asked_again(tmp_path: Path) -> None:
    path, clock = str(tmp_path / "clamd.ctl"), [100.0]
    scanner = clamd(path, clock=clock)
    assert scanner.scan(b"bild") is ScanState.UNCHECKED
    played = Played()
    with daemon(played, path):
        clock[0] += 59
        assert scanner.scan(EICAR) is ScanState.UNCHECKED
        assert played.got == []
        clock[0] += 2
        assert scanner.scan(EICAR) is ScanState.INFECTED


def test_a_daemon_that_says_nothing_does_not_hold_a_letter_for_ever() -> None:
    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            done.wait(20)

    done = threading.Event()
    with _Tcp(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        scanner = clamd(f"127.0.0.1:{server.server_address[1]}", timeout=0.1)
        assert scanner.scan(b"bild") is ScanState.UNCHECKED
        done.set()
        server.shutdown()
        thread.join()


def test_every_attachment_of_a_letter_is_marked_and_nothing_else_changes() -> None:
    message = Intake()(mail())
    files = tuple(Attachment(f"{n}.bin", "x/y", len(c), "", c) for n, c in enumerate((b"bild", EICAR)))
    before = replace(message, attachments=files)
    with daemon(Played()) as address:
        after = scanned(before, clamd(address).scan)
    assert [file.scan for file in after.attachments] == [ScanState.CLEAN, ScanState.INFECTED]
    assert replace(after, attachments=files) == before
