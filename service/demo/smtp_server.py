"""The SMTP server of the demonstration: keeps what it receives, and refuses where a test asks it to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
# aiosmtpd's own: with --verbose every line that is said would drown what the service tells.
logging.getLogger("mail.log").setLevel(logging.WARNING)

Accept = Callable[[str, str, bytes], Awaitable[None]]
"""Called as ``accept(envelope_from, rcpt, content)`` once for each accepted recipient."""


class Refusals:
    """Which addresses the server does not accept mail for, all in lower case.

    ``always`` are answered 550 each time; ``once`` are answered 451 the first time and accepted afterwards.
    """

    def __init__(self, always: frozenset[str] = frozenset(), once: frozenset[str] = frozenset()) -> None:
        self._always = always
        self._pending = set(once)

    def answer(self, rcpt: str) -> str | None:
        """The refusal for this attempt, or None where the recipient is accepted."""
        address = rcpt.lower()
        if address in self._always:
            return "550 5.1.1 No such mailbox here"
        if address in self._pending:
            self._pending.discard(address)
            return "451 4.3.0 Try again later"
        return None


class _Handler:
    """aiosmtpd calls these by name; their answers are SMTP replies."""

    def __init__(self, accept: Accept, refusals: Refusals) -> None:
        self._accept = accept
        self._refusals = refusals

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refused = self._refusals.answer(address)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        for rcpt in envelope.rcpt_tos:
            await self._accept(envelope.mail_from or "", rcpt, content)
        return "250 2.0.0 Kept"


class SmtpServer:
    """Listens on a free loopback port. Lives in the event loop that awaits ``start``."""

    def __init__(self, accept: Accept, refusals: Refusals) -> None:
        self._handler = _Handler(accept, refusals)
        self._talks: WeakSet[SMTP] = WeakSet()

    async def start(self) -> None:
        """Listen; each connection gets its own protocol object, as aiosmtpd wants it."""
        self._loop = asyncio.get_running_loop()
        self._server = await self._loop.create_server(self._protocol, host=LOOPBACK, port=0)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        self._server.close()
        for talk in list(self._talks):
            if talk.transport is not None:
                talk.transport.close()
        await self._server.wait_closed()

    def _protocol(self) -> SMTP:
        # A fixed hostname, or aiosmtpd asks the name server for ours at every connection.
        talk = SMTP(self._handler, hostname="demo.ekdala.example", enable_SMTPUTF8=True, loop=self._loop)
        self._talks.add(talk)
        return talk
