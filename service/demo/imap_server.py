"""An in-memory IMAP server for the demonstration and quick tests: pymap's dict backend, kept behind this module.

Why pymap, and what it does not do, stands in ``docs/decisions/embedded-imap.md``.
"""

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from contextlib import AsyncExitStack, closing
from datetime import datetime
from typing import cast
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Event, Subsystem
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.command.select import IdleCommand
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import UntaggedResponse
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"


class _QuietConfig(Config):
    """pymap's settings, with a greeting that asks no name server who we are."""

    @property
    def greeting(self) -> bytes:
        """The words after the server's first OK."""
        return b"demo server ready"


class _WholeLines:
    """A StreamWriter that sends a response in one piece.

    pymap writes a FETCH response in five pieces or more and asyncio sends each at once. imapclient's ``idle_check``
    reads without waiting, and a line of which only ``* 2 FETCH (`` has arrived makes imaplib give up the connection.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._held = bytearray()

    def write(self, piece: bytes) -> None:
        """Hold a piece until the response is whole."""
        self._held += piece

    async def drain(self) -> None:
        """Send what is held; pymap calls this after each response."""
        self._flush()
        await self._writer.drain()

    def close(self) -> None:
        """Send what is held and close."""
        if not self._writer.is_closing():
            self._flush()
        self._writer.close()

    def get_extra_info(self, name: str) -> object:
        """What the transport knows about the connection."""
        return self._writer.get_extra_info(name)

    def _flush(self) -> None:
        self._writer.write(bytes(self._held))
        self._held.clear()


class _AttentiveState(ConnectionState):
    """A conversation that looks before it waits.

    pymap's IDLE waits for the next change without asking whether one came while it was writing the last, or between the
    client's last command and IDLE; that mail would not be told of before yet another came.
    """

    async def receive_updates(self, cmd: IdleCommand, done: Event) -> Iterable[UntaggedResponse]:
        """What has changed in the selected folder, at once if something has."""
        selected = await self.session.check_mailbox(self.selected)
        self._selected, found = selected.fork(cmd)
        # As a list, for what pymap returns is true even where it holds nothing: then nobody ever waited.
        news = list(found)
        # Nothing runs between this look and pymap's own registering for the next change.
        return news or await super().receive_updates(cmd, done)


def _settings(user: str, password: str) -> _QuietConfig:
    # The password lives in memory for minutes only: kept in the clear, a login costs 2 ms instead of 200.
    args = Namespace(passlib_cfg=None, proxy_protocol=None)
    return _QuietConfig(
        args,
        host=LOOPBACK,
        port=0,
        tls_enabled=False,
        reject_dnsbl=False,
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        demo_data=False,
        demo_user=user,
        demo_password=password,
    )


class ImapServer:
    """One user's IMAP account on a free loopback port. Lives in the event loop that awaits ``start``."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Make the account, empty but for INBOX, and listen."""
        settings = _settings(self._user, self._password)
        login = Login(settings)
        self._account: Identity = login.demo_user_identity
        await self._account.set(UserMetadata(settings, self._user, password=self._password))
        self._login, self._settings = login, settings
        self._server = await asyncio.start_server(self._talk, host=LOOPBACK, port=0)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.sockets[0].getsockname()[1])

    async def append(self, content: bytes, received_at: datetime, folder: str = "INBOX") -> None:
        """Lay a message in a folder with ``received_at`` (aware) as INTERNALDATE; connections in IDLE are told."""
        async with self._account.new_session() as session:
            await session.append_messages(folder, [AppendMessage(content, received_at, frozenset())])

    async def create_folder(self, name: str) -> None:
        """Make a folder in the account."""
        async with self._account.new_session() as session:
            await session.create_mailbox(name)

    async def stop(self) -> None:
        """Stop listening and end every conversation."""
        self._server.close()
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            who = SocketInfo.get(writer, None, unique_id=uuid4().bytes)
            whole = cast("asyncio.StreamWriter", _WholeLines(writer))
            connection = IMAPConnection(self._settings.commands, self._settings, reader, whole, who)
            async with AsyncExitStack() as stack:
                connection_exit.set(stack)
                stack.enter_context(closing(connection))
                await connection.run(_AttentiveState(self._login, self._settings))
        finally:
            self._talks.discard(task)
            writer.close()
