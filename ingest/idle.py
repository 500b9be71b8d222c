"""Watching one mailbox as long as the service lives: polls, waits for letters, comes back after failures."""

import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Any, Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from cases.errors import LoginRefused, MailboxError
from ingest.connection import speaking
from ingest.mailbox import ImapMailbox

log = logging.getLogger(__name__)

# How long one look at the socket may take: a stop is heeded within that time.
_LOOK = 0.5
# RFC 2177: a server may drop a client that idles for 29 minutes.
_LONGEST_IDLE = 28 * 60.0


class MailboxState(StrEnum):
    """How it goes with the mailbox, for health and metrics."""

    OK = "ok"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how patiently; all in seconds.

    ``poll`` between polls where the server has no IDLE. ``idle`` is the longest wait with IDLE, and ``junk`` the
    longest where a junk folder is polled too, since IDLE tells of one folder only. After failures the wait doubles from
    ``first_wait`` to ``longest_wait``; after a refused login it starts at ``refused_wait``, since a person must act and
    too many tries lock accounts.
    """

    poll: float = 60.0
    idle: float = 10 * 60.0
    junk: float = 5 * 60.0
    first_wait: float = 1.0
    longest_wait: float = 300.0
    refused_wait: float = 60.0


class OnState(Protocol):
    """Told of each poll's outcome; ``error`` is empty when it went well."""

    def __call__(self, state: MailboxState, error: str) -> None:
        """Take note of it."""


def run_mailbox(
    mailbox: ImapMailbox,
    poll: Callable[[], str],
    stop: Event,
    *,
    pace: Pace,
    on_state: OnState,
    jitter: Callable[[], float],
    monotonic: Callable[[], float],
) -> None:
    """Poll at once and whenever letters come, until ``stop`` is set; then close the connection and return.

    ``poll`` takes everything in by this mailbox's connection, and says why of a folder it could not read, or nothing.
    ``jitter`` gives a factor for each wait after a failure (0.5 to 1.5, say), so that many mailboxes do not come back
    at once; ``monotonic`` gives seconds. Only errors of the mailbox are waited out: whatever else ``poll`` raises goes
    to the caller, after the connection is closed.
    """
    wait = 0.0
    try:
        while not stop.is_set():
            began = monotonic()
            try:
                unread = poll()
                on_state(MailboxState.LOST if unread else MailboxState.OK, unread)
                if wait and not unread:
                    log.warning("%s: read again.", mailbox.address.place)
                await_letters(mailbox, stop, pace, monotonic)
                wait = 0.0
            except MailboxError as error:
                mailbox.close(politely=False)
                # A connection that lasted is no sign of a lasting fault; one that breaks at once is.
                wait = next_wait(wait if monotonic() - began < pace.longest_wait else 0.0, error, pace)
                _tell(error, wait, on_state)
                stop.wait(wait * jitter())
    finally:
        mailbox.close()


def next_wait(last: float, error: MailboxError, pace: Pace) -> float:
    """The wait after one more failure, in seconds: doubled each time, up to the longest."""
    least = pace.refused_wait if isinstance(error, LoginRefused) else pace.first_wait
    return min(max(2 * last, least), pace.longest_wait)


def await_letters(mailbox: ImapMailbox, stop: Event, pace: Pace, monotonic: Callable[[], float]) -> bool:
    """Wait for new letters in the inbox, for a stop, or until it is time to poll again; True where letters came.

    A letter that could not be fetched is asked for once more at once, and then as seldom as any.
    Raises MailboxError where the connection is lost meanwhile.
    """
    if stop.is_set():
        return False
    if mailbox.has_new_suspect():
        return True
    if not mailbox.can_idle():
        stop.wait(pace.poll)
        return False
    if mailbox.came_since_search(mailbox.address.inbox):
        return True
    longest = min(pace.idle, _LONGEST_IDLE, pace.junk if mailbox.address.junk else pace.idle)
    return _idle(mailbox, stop, monotonic() + longest, monotonic)


def _idle(mailbox: ImapMailbox, stop: Event, until: float, monotonic: Callable[[], float]) -> bool:
    client = mailbox.client
    with speaking(mailbox.address, "väntan på nya brev"):
        try:
            client.idle()
        except IMAPClientError as error:
            if "Unexpected IDLE response" not in str(error):
                raise
            # News came before the answer: imapclient has lost the thread, and a new connection finds what it was.
            mailbox.close(politely=False)
            return True
        came = not _holds_lines(client) and _watch(client, stop, until, monotonic)
        _, late = client.idle_done()
        return came or _tells_of_letters(late)


def _holds_lines(client: IMAPClient) -> bool:
    """Whether lines came in one piece with the answer to IDLE.

    ``idle_check`` looks at the socket only, so what imaplib's buffer holds already would wait there until more comes.
    """
    sock = client.socket()
    timeout = sock.gettimeout()
    sock.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))  # noqa: SLF001 - there is no public way
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(timeout)


def _watch(client: IMAPClient, stop: Event, until: float, monotonic: Callable[[], float]) -> bool:
    while not stop.is_set() and (now := monotonic()) < until:
        said = client.idle_check(timeout=min(_LOOK, until - now))
        if _tells_of_letters(said):
            return True
        if not said and monotonic() - now < _LOOK / 2 < until - now:
            # Something came but no line: the end of the connection looks like that. DONE will tell.
            return False
        if any(line[:1] == (b"BYE",) for line in said):
            raise IMAPClientAbortError("BYE")
    return False


def _tells_of_letters(said: Sequence[tuple[Any, ...]]) -> bool:
    return any(line[1:2] == (b"EXISTS",) for line in said)


def _tell(error: MailboxError, wait: float, on_state: OnState) -> None:
    state = MailboxState.REFUSED if isinstance(error, LoginRefused) else MailboxState.LOST
    log.warning("%s Next try in %.0f s.", error, wait)
    on_state(state, str(error))
