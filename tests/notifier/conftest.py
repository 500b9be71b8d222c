"""A real SMTP server in a thread that can be told to misbehave, and letters to send through it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from cases.case import Case, CaseStatus, Channel, Party
from cases.letters.letter import Letter, LetterKind, OutboxEntry
from notifier.mime import Identity
from notifier.smtp import SmtpSender, SmtpServer

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CASE = "c" * 32
IDENTITY = Identity("Ekdala kommun", "synpunkter@ekdala.example")


@dataclass
class Post:
    """What the server received, and how it is to answer the next commands; ``after`` counts down letters accepted."""

    taken: list[Envelope] = field(default_factory=list)
    at_connect: list[str] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    at_rcpt: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    connections: int = 0
    logins: list[str] = field(default_factory=list)
    port: int = 0
    changed: threading.Event = field(default_factory=threading.Event)

    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(e.content, policy=policy.default) for e in self.taken]
        assert all(isinstance(m, EmailMessage) for m in found)
        return found

    def recipients(self) -> list[str]:
        return [rcpt for envelope in self.taken for rcpt in envelope.rcpt_tos]


class Handler:
    """``drop`` closes without an answer; ``hang`` is silent; ``keep and …`` takes the letter first."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def handle_MAIL(self, server: SMTP, _session, envelope: Envelope, address: str, _options: list):  # noqa: N802
        return await self._answer(server, self._post.at_mail) or _accept_sender(envelope, address)

    async def handle_RCPT(self, server: SMTP, _session, envelope: Envelope, address: str, _options: list):  # noqa: N802
        said = await self._answer(server, self._post.at_rcpt)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, _session, envelope: Envelope):  # noqa: N802
        if self._post.at_data and self._post.at_data[0].startswith("keep"):
            self._post.taken.append(envelope)
            self._post.changed.set()
        said = await self._answer(server, self._post.at_data)
        if said is None:
            self._post.taken.append(envelope)
        return said or "250 2.0.0 Kept"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]):  # noqa: N802
        said = args[1] if len(args) > 1 else ""
        self._post.logins.append(said)
        if "cmF0dA" in said:  # "ratt" of the right token
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    async def _answer(self, server: SMTP, planned: list[str]) -> str | None:
        if not planned:
            return None
        said = planned.pop(0)
        if said.endswith("drop"):
            server.transport.abort()
            await asyncio.sleep(0)
        if said.endswith("hang"):
            await asyncio.sleep(30)
        return None if said == "ok" else said


def _accept_sender(envelope: Envelope, address: str) -> str:
    envelope.mail_from = address
    return "250 OK"


class ServerThread:
    """Runs the server on a free loopback port in a loop of its own."""

    def __init__(self, post: Post, **options: Any) -> None:
        self._post = post
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Post:
        self._thread.start()
        assert self._started.wait(10)
        return self._post

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._connected, "127.0.0.1", 0))
        self._post.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _connected(self) -> SMTP:
        self._post.connections += 1
        greeting = self._post.at_connect.pop(0) if self._post.at_connect else ""
        server = SMTP(Handler(self._post), hostname="mx.ekdala.example", loop=self._loop, **self._options)
        if greeting:
            server._handle_client = lambda: _refuse(server, greeting)
        return server


async def _refuse(server: SMTP, greeting: str) -> None:
    await server.push(greeting)
    server.transport.close()


@pytest.fixture
def post() -> Iterator[Post]:
    with ServerThread(Post()) as running:
        yield running


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_post(authority: trustme.CA) -> Iterator[Post]:
    """Wants STARTTLS before anything, and a log-in with ``ratt``, or ``rätt`` in UTF-8."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    post = Post()

    def authenticate(_server, _session, _envelope, _mechanism, data):
        assert isinstance(data, LoginPassword)
        post.logins.append(data.login.decode())
        return AuthResult(success=data.password in (b"ratt", "rätt".encode()), handled=False)

    options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": authenticate}
    with ServerThread(post, **options) as running:
        yield running


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def sender(post: Post) -> Iterator[SmtpSender]:
    server = SmtpServer("127.0.0.1", post.port, tls="none", timeout=5)
    with SmtpSender(server, IDENTITY, lambda: NOW) as opened:
        yield opened


@pytest.fixture
def ids() -> Callable[[], str]:
    count = iter(range(1, 1_000_000))
    return lambda: f"{next(count):032x}"


def body(part: EmailMessage) -> str:
    """What a reader sees of a part, with plain line ends."""
    return str(part.get_content()).replace("\r\n", "\n")


def letter(kind: LetterKind = LetterKind.SVAR, subject: str = "Svar på ditt ärende [EK-2026-00001]") -> Letter:
    return Letter(kind, "sv", subject, "Hej!\n\nLyktan är lagad.\n", "<p>Hej!</p>\n<p>Lyktan är lagad.</p>\n")


def entry(number: int = 1, kind: LetterKind = LetterKind.SVAR, **changes: Any) -> OutboxEntry:
    identity = f"{number:032x}"
    values: dict[str, Any] = {
        "id": identity,
        "case_id": "",
        "recipient": f"bo{number}@mejl.example",
        "letter": letter(kind),
        "message_id": f"<{identity}@ekdala.example>",
        "created_at": NOW,
        "not_before": NOW,
    }
    return OutboxEntry(**(values | changes))


@pytest.fixture
def with_case(sqlite_store):
    case = Case(
        id=CASE,
        number="EK-2026-00001",
        token="t" * 32,
        status=CaseStatus.SUGGESTED,
        received_at=NOW,
        channel=Channel.EMAIL,
        sender=Party("Bo", "bo@mejl.example"),
        subject="Lyktan",
        authority_id="ks",
    )
    with sqlite_store.begin() as tx:
        tx.add_case(case)
    return sqlite_store
