"""A Dovecot of the test's own: rootless, own configuration in a temporary folder, free loopback ports, any user."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from ingest.address import MailboxAddress, PasswordLogin, TlsMode
from tests.servers.dovecot_conf import CONFIG, OAUTH, STATIC, TLS
from tests.servers.ports import free_port

PASSWORD = "hemligt-prov"
_BINARY = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
WHY_NOT = "dovecot is not installed; as root: apt-get install dovecot-imapd"

_NOWHERE = Path()


@dataclass
class Dovecot:
    """One server. Every user exists and has ``password``; a new name is a new, empty mailbox.

    ``cert`` and ``key`` are PEM files; ``oauth`` the text of a dovecot-oauth2.conf.ext with ``{home}`` for the
    server's folder, where ``oauth_ca`` is copied to as ``oauth2-ca.pem``; ``more`` further settings.
    """

    separator: str = "/"
    prefix: str = ""
    cert: str = ""
    key: str = ""
    oauth: str = ""
    oauth_ca: str = ""
    more: str = ""
    password: str = PASSWORD
    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int = 0
    home: Path = _NOWHERE
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it greets; ports are chosen the first time and kept."""
        if self.home == _NOWHERE:
            self.home = Path(tempfile.mkdtemp(prefix="lyhord-dovecot-"))
        self.port = self.port or free_port()
        self.tls_port = self.tls_port or (free_port() if self.cert else 0)
        self._write_config()
        command = [_BINARY or "dovecot", "-F", "-c", str(self.home / "dovecot.conf")]
        self.own_all()
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={_user()}", f"--regid={_group()}", "--clear-groups", *command]
        self._process = subprocess.Popen(
            command, cwd=self.home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        self._await_greeting()

    def stop(self, *, gently: bool = True) -> None:
        """Stop it and wait until it is gone; not ``gently`` is a power cut."""
        if self._process is None:
            return
        # The master alone would leave sessions in IDLE behind for ten seconds; the group is ours, made at the start.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM if gently else signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10 if gently else 1)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        assert self._process.stderr is not None
        self._process.stderr.close()
        self._process = None

    def restart(self) -> None:
        """Stop and start on the same ports, mail kept."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self.stop(gently=False)
        if self.home != _NOWHERE:
            shutil.rmtree(self.home, ignore_errors=True)

    def log(self) -> str:
        """What it wrote in its log."""
        return (self.home / "dovecot.log").read_text(errors="replace")

    def new_box(self) -> "Box":
        """An empty mailbox."""
        return Box(self, f"u{uuid.uuid4().hex[:10]}")

    def own_all(self) -> None:
        """Give everything in its folder to the server's user, after a test laid something there as root."""
        if os.geteuid() == 0:
            for path in (self.home, *self.home.rglob("*")):
                shutil.chown(path, _user(), _group())

    def _write_config(self) -> None:
        (self.home / "run").mkdir(exist_ok=True)
        (self.home / "users").mkdir(exist_ok=True)
        (self.home / "oauth2.conf").write_text(self.oauth.replace("{home}", str(self.home)))
        if self.oauth_ca:
            shutil.copy(self.oauth_ca, self.home / "oauth2-ca.pem")
        passdb = OAUTH.format(file=self.home / "oauth2.conf") if self.oauth else ""
        config = CONFIG.format(
            run=self.home / "run",
            home=self.home,
            user=_user(),
            group=_group(),
            port=self.port,
            tls_port=self.tls_port,
            separator=self.separator,
            prefix=self.prefix,
            mechanisms="plain login xoauth2 oauthbearer" if self.oauth else "plain login",
            passdb=passdb + STATIC.format(password=self.password),
            tls=self._tls(),
            more=self.more,
        )
        (self.home / "dovecot.conf").write_text(config)

    def _tls(self) -> str:
        if not self.cert:
            return "ssl = no"
        # Copied, since the server's user may not enter the test's folder.
        cert, key = (shutil.copy(path, self.home) for path in (self.cert, self.key))
        return TLS.format(cert=cert, key=key)

    def _await_greeting(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                raise RuntimeError(f"dovecot ended: {self._process.stderr.read().decode(errors='replace')}")
            with suppress(OSError), socket.create_connection((self.host, self.port), 1) as sock:
                sock.settimeout(5)
                if sock.recv(64).startswith(b"* OK"):
                    return
            self._process_pause()
        raise RuntimeError(f"dovecot did not greet within 20 s; its log: {self.log()[-2000:]}")

    def _process_pause(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            assert self._process is not None
            self._process.wait(0.05)


@dataclass(frozen=True)
class Box:
    """One user's mailbox on the server, seen from behind: what a colleague's mail program would do."""

    server: Dovecot
    user: str

    def address(self, **changes: object) -> MailboxAddress:
        """The address to give to an ImapMailbox."""
        plain = MailboxAddress(
            name="provlådan",
            host=self.server.host,
            port=self.server.port,
            user=self.user,
            login=PasswordLogin(lambda: self.server.password),
            tls=TlsMode.NONE,
            timeout=10,
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """A logged in connection."""
        with IMAPClient(self.server.host, self.server.port, ssl=False, timeout=20) as client:
            client._imap.debug = 0
            client.normalise_times = False
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.plain_login(self.user, self.server.password)
            yield client

    def deliver(
        self, *raws: bytes, folder: str = "INBOX", received: datetime | None = None, flags: Sequence[bytes] = ()
    ) -> None:
        """Lay mails in a folder (made where missing) as the receiving server would, at ``received`` or now."""
        with self.client() as client:
            if folder != "INBOX" and not client.folder_exists(folder):
                client.create_folder(folder)
            for raw in raws:
                client.append(folder, raw, flags, received)

    def messages(self, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, oldest UID first; empty where there is no such folder."""
        with self.client() as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            got = client.fetch(client.search() or [], ["BODY.PEEK[]"])
            return [got[uid][b"BODY[]"] for uid in sorted(got)]

    def count(self, folder: str = "INBOX") -> int:
        """How many mails a folder has."""
        with self.client() as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def rebuild(self) -> None:
        """Empty the inbox and give it another UIDVALIDITY, as a restored or migrated mailbox has."""
        folder = self.server.home / "users" / self.user / "mail"
        with self.client() as client:
            before = client.select_folder("INBOX")[b"UIDVALIDITY"]
            client.delete_messages(client.search())
            client.expunge()
        for path in folder.glob("dovecot.index*"):
            path.unlink()
        # Dovecot takes the time as UIDVALIDITY; within one second that could be the old one, so it is written out.
        (folder / "dovecot-uidlist").write_text(f"3 V{before + 1} N1\n")
        self.server.own_all()
        with self.client() as client:
            assert client.select_folder("INBOX")[b"UIDVALIDITY"] == before + 1

    def flags(self, folder: str = "INBOX") -> list[set[bytes]]:
        """Flags of each mail, oldest UID first, without the session's own Recent mark."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            got = client.fetch(client.search() or [], ["FLAGS"])
            return [set(got[uid][b"FLAGS"]) - {rb"\Recent"} for uid in sorted(got)]


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One plain server for the whole run."""
    need_dovecot()
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def box(dovecot_server: Dovecot) -> Box:
    """A fresh mailbox on the shared server."""
    return dovecot_server.new_box()


@pytest.fixture
def new_dovecot() -> Iterator["DovecotFactory"]:
    """Starts servers of the test's own: ``new_dovecot(separator=".", ...)``."""
    need_dovecot()
    factory = DovecotFactory()
    try:
        yield factory
    finally:
        factory.remove()


class DovecotFactory:
    """Servers for one test."""

    def __init__(self) -> None:
        self._started: list[Dovecot] = []

    def __call__(self, **options: str) -> Dovecot:
        """A started server with these options of Dovecot."""
        server = Dovecot(**options)  # type: ignore[arg-type]
        self._started.append(server)
        server.start()
        return server

    def remove(self) -> None:
        """Stop and remove them all."""
        for server in self._started:
            server.remove()


def need_dovecot() -> None:
    """Skip the test where there is no Dovecot."""
    if _BINARY is None:
        pytest.skip(WHY_NOT)


def _user() -> str:
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _group() -> str:
    return grp.getgrgid(pwd.getpwnam(_user()).pw_gid).gr_name
