"""The post office of the demonstration: IMAP and SMTP on loopback, in one thread with its own event loop."""

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import format_datetime, parseaddr
from typing import Self
from uuid import uuid4

from cases.errors import LyhordError
from service.demo.boxes import Boxes, StoredMail
from service.demo.imap_server import LOOPBACK, ImapServer
from service.demo.smtp_server import Refusals, SmtpServer

OWN_SERVER = "mx.ekdala.example"
OWN_MAILBOX = "feedback@ekdala.example"


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


class EmbeddedPost:
    """A municipality's mailbox and everybody else's, for as long as the process lives.

    Mail to ``mailbox`` lands in INBOX with the ``Received`` line that a real server would have written; mail to
    anybody else lies in ``boxes()``. Use it as a context manager, or call ``start`` and ``stop``; after a stop it can
    be started again, empty. All methods may be called from any thread but its own.
    """

    imap_host = LOOPBACK
    smtp_host = LOOPBACK
    imap_user = "feedback"
    imap_password = "ekdala-demo"  # noqa: S105 - a mailbox in memory, on loopback
    imap_port: int
    smtp_port: int

    def __init__(
        self,
        mailbox: str = OWN_MAILBOX,
        *,
        clock: Callable[[], datetime] = utc_now,
        refusals: Refusals | None = None,
    ) -> None:
        self.mailbox = mailbox
        self._clock = clock
        self._refusals = refusals or Refusals()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen on two free ports, ``imap_port`` and ``smtp_port``. Raises LyhordError if it already does."""
        if self._thread is not None:
            raise LyhordError("The demonstration's mail servers are already started; stop them first.")
        self._boxes = Boxes()
        self._imap = ImapServer(self.imap_user, self.imap_password)
        self._smtp = SmtpServer(self._accept, self._refusals)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-post", daemon=True)
        self._thread.start()
        self._run(self._open())

    def stop(self) -> None:
        """End every connection, stop listening and forget all mail. Does nothing when not started."""
        if self._thread is None:
            return
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def boxes(self) -> dict[str, list[StoredMail]]:
        """What each address has been sent, oldest first; addresses in lower case, sorted."""
        return self._boxes.snapshot()

    def wait_for(self, address: str, wanted: Callable[[StoredMail], bool], timeout: float) -> StoredMail | None:
        """The first mail to ``address`` that is ``wanted``, waiting at most ``timeout`` seconds; None if none came."""
        return self._boxes.wait_for(address, wanted, timeout)

    def deliver(self, raw: bytes, *, envelope_from: str = "", folder: str = "INBOX") -> None:
        """Lay a mail in the municipality's mailbox as a real receiving server would have, at the clock's time."""
        self._run(self._to_mailbox(envelope_from, raw, folder))

    def create_folder(self, name: str) -> None:
        """Make a folder in the municipality's mailbox, a junk folder for instance."""
        self._run(self._imap.create_folder(name))

    async def _open(self) -> None:
        await self._imap.start()
        await self._smtp.start()
        self.imap_port = self._imap.port
        self.smtp_port = self._smtp.port

    async def _close(self) -> None:
        await self._smtp.stop()
        await self._imap.stop()
        # Connections that have just been closed tell their transports so in the next turn of the loop.
        await asyncio.sleep(0)
        await self._loop.shutdown_default_executor()

    async def _accept(self, envelope_from: str, rcpt: str, content: bytes) -> None:
        if rcpt.lower() == self.mailbox.lower():
            await self._to_mailbox(envelope_from, content, "INBOX")
        else:
            self._boxes.put(StoredMail(self._clock(), envelope_from, rcpt, content))

    async def _to_mailbox(self, envelope_from: str, raw: bytes, folder: str) -> None:
        now = self._clock()
        content = with_trace(raw, envelope_from, self.mailbox, now)
        await self._imap.append(content, now, folder)

    def _run(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()


def with_trace(raw: bytes, envelope_from: str, rcpt: str, now: datetime) -> bytes:
    """The mail with CRLF lines and the headers a receiving server puts on top (RFC 5321 §4.4, RFC 8601).

    On loopback there is no SPF or DKIM to ask. DMARC's verdict is played by its alignment rule alone: a mail passes
    where envelope and ``From:`` name the same domain.
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    mailfrom = _domain(envelope_from)
    author = _domain(parseaddr(str(message_from_bytes(raw)["From"] or ""))[1])
    verdict = "pass" if mailfrom and mailfrom == author else "none"
    trace = (
        f"Return-Path: <{envelope_from}>\r\n"
        f"Delivered-To: {rcpt}\r\n"
        f"Authentication-Results: {OWN_SERVER};\r\n"
        f"\tdmarc={verdict} header.from={author or 'unknown'}\r\n"
        f"Received: from mail.{mailfrom or 'localhost'} (mail.{mailfrom or 'localhost'} [192.0.2.25])\r\n"
        f"\tby {OWN_SERVER} with ESMTPS id {uuid4().hex[:10].upper()}\r\n"
        f"\tfor <{rcpt}>; {format_datetime(now)}\r\n"
    )
    return trace.encode("ascii", "replace") + lines


def _domain(address: str) -> str:
    # Only what a host name may hold: nothing a mail says can write a header line of its own.
    return re.sub(r"[^a-z0-9.-]", "", address.rpartition("@")[2].lower())
