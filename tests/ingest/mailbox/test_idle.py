"""The watcher wakes for letters, comes back after failures, and stops when asked."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest
from imapclient import IMAPClient

from cases.errors import LoginRefused, MailboxError
from ingest.address import PasswordLogin
from ingest.connection import ConnectionLost
from ingest.idle import MailboxState, Pace, await_letters, next_wait, run_mailbox
from ingest.mailbox import ImapMailbox
from ingest.poller import poll_once
from storage import SqlStore
from tests.ingest.mailbox.letters import letter
from tests.ingest.mailbox.test_poller import NOW
from tests.servers.dovecot import Box, Dovecot
from tests.servers.talking import talking

pytestmark = pytest.mark.dovecot

NewDovecot = Callable[..., Dovecot]
LONG = Pace(poll=600, idle=600, junk=600, first_wait=0.05, longest_wait=0.2, refused_wait=0.1)
OK, LOST, REFUSED = MailboxState.OK, MailboxState.LOST, MailboxState.REFUSED
SOON = 10.0


@dataclass
class Watching:
    """A watcher in its thread, and what it said."""

    mailbox: ImapMailbox
    store: SqlStore
    stop: threading.Event = field(default_factory=threading.Event)
    states: list[MailboxState] = field(default_factory=list)
    kept: int = 0
    polls: int = 0
    after_poll: Callable[[], None] = lambda: None
    changed: threading.Condition = field(default_factory=threading.Condition)
    broken: Exception | None = None

    def poll(self) -> str:
        report = poll_once(self.mailbox, self.store, now=NOW, new_id=lambda: f"{next(_ids):032x}")
        with self.changed:
            self.kept += report.kept
            self.polls += 1
            self.changed.notify_all()
        self.after_poll()
        return "".join(report.unread)

    def on_state(self, state: MailboxState, error: str) -> None:
        assert bool(error) is (state is not OK)
        with self.changed:
            self.states.append(state)
            self.changed.notify_all()

    def until(self, happened: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(happened, SOON), f"{self.states} {self.kept} kept, {self.polls} polls"


_ids = count(1)


@contextmanager
def watching(
    mailbox: ImapMailbox, store: SqlStore, pace: Pace, after_poll: Callable[[], None] = lambda: None
) -> Iterator[Watching]:
    seen = Watching(mailbox, store, after_poll=after_poll)

    def run() -> None:
        try:
            run_mailbox(
                mailbox,
                seen.poll,
                seen.stop,
                pace=pace,
                on_state=seen.on_state,
                jitter=lambda: 1.0,
                monotonic=time.monotonic,
            )
        except Exception as error:  # noqa: BLE001 - shown to the test
            seen.broken = error

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield seen
    finally:
        seen.stop.set()
        thread.join(SOON)
    assert not thread.is_alive()
    assert seen.broken is None


def test_it_polls_at_once(box: Box, store: SqlStore) -> None:
    box.deliver(letter())
    with watching(ImapMailbox(box.address()), store, LONG) as seen:
        seen.until(lambda: seen.kept == 1 and seen.states == [OK])


def test_a_pushed_letter_wakes_it(box: Box, store: SqlStore) -> None:
    with watching(ImapMailbox(box.address()), store, LONG) as seen:
        for number in range(1, 4):
            seen.until(lambda: seen.polls >= 1)
            box.deliver(letter(number))
            seen.until(lambda number=number: seen.kept == number)  # type: ignore[misc]


def test_a_letter_between_the_poll_and_idle_wakes_it(box: Box, store: SqlStore) -> None:
    late = iter([letter(1)])
    with watching(ImapMailbox(box.address()), store, LONG, after_poll=lambda: box.deliver(*late)) as seen:
        seen.until(lambda: seen.kept == 1)


SELECTED = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 1] x\r\nT1 OK [READ-WRITE] open\r\n"
UNTIL_IDLE = [
    b"* OK hej\r\n",
    *(None, b"T1 OK in\r\n"),
    *(None, b"* CAPABILITY IMAP4rev1 IDLE\r\nT1 OK done\r\n"),
    *(None, SELECTED),
    *(None, SELECTED),
]


@pytest.mark.parametrize(
    "lines",
    [
        [None, b"+ idling\r\n* 1 EXISTS\r\n", None, b"T1 OK done\r\n", None, b"* BYE\r\nT1 OK\r\n"],
        [None, b"* 1 EXISTS\r\n+ idling\r\n"],
    ],
    ids=["after", "before"],
)
def test_a_letter_told_of_in_one_piece_with_the_answer_to_idle_wakes_it(lines: list[bytes | None]) -> None:
    """Seen under load with Dovecot: both lines came in one packet, and imapclient looked at an empty socket."""
    with talking([*UNTIL_IDLE, *lines]) as port:
        server = Dovecot(port=port)
        with ImapMailbox(Box(server, "u").address(timeout=5)) as mailbox:
            mailbox.select("INBOX")
            mailbox.uids()
            ticks = count()
            assert await_letters(mailbox, threading.Event(), Pace(idle=1), lambda: next(ticks) / 10)
            assert next(ticks) == 1  # it did not wait for the end of IDLE to find out
        server.remove()


@pytest.mark.parametrize("last", [b"* BYE Autologout.\r\n", b""], ids=["BYE", "end"])
def test_a_connection_that_ends_in_idle_is_told_at_once(last: bytes) -> None:
    with talking([*UNTIL_IDLE, None, b"+ idling\r\n", last]) as port:
        server = Dovecot(port=port)
        with ImapMailbox(Box(server, "u").address(timeout=5)) as mailbox:
            mailbox.select("INBOX")
            mailbox.uids()
            with pytest.raises(ConnectionLost):
                await_letters(mailbox, threading.Event(), Pace(), time.monotonic)
        server.remove()


def test_idle_is_left_and_entered_again_in_time(box: Box, store: SqlStore) -> None:
    with watching(ImapMailbox(box.address()), store, Pace(idle=0.05)) as seen:
        seen.until(lambda: seen.polls >= 3)
    assert set(seen.states) == {OK}


def test_the_junk_folder_is_polled_while_idling(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1), folder="Skräppost")
    with watching(ImapMailbox(box.address(junk="Skräppost")), store, Pace(junk=0.3)) as seen:
        seen.until(lambda: seen.kept == 1)
        box.deliver(letter(2), folder="Skräppost")
        seen.until(lambda: seen.kept == 2)


def test_without_idle_it_polls_by_the_clock(new_dovecot: NewDovecot, store: SqlStore) -> None:
    box = new_dovecot(more="imap_capability = IMAP4rev1 MOVE UIDPLUS").new_box()
    with watching(ImapMailbox(box.address()), store, Pace(poll=0.05)) as seen:
        seen.until(lambda: seen.polls >= 2)
        box.deliver(letter())
        seen.until(lambda: seen.kept == 1)


@pytest.mark.parametrize("more", ["", "imap_capability = IMAP4rev1"], ids=["in IDLE", "without IDLE"])
def test_it_stops_within_a_second(
    new_dovecot: NewDovecot, store: SqlStore, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of that only what it waits by itself is measured, which is the same on a busy machine."""
    looks, look = [], IMAPClient.idle_check

    def looked(client: IMAPClient, timeout: float) -> list[object]:
        looks.append((seen.stop.is_set(), timeout))
        return list(look(client, timeout=timeout))

    monkeypatch.setattr(IMAPClient, "idle_check", looked)
    box = new_dovecot(more=more).new_box()
    with watching(ImapMailbox(box.address()), store, LONG) as seen:
        seen.until(lambda: seen.states == [OK])
    assert all(seconds < 1 for _, seconds in looks)
    assert sum(stopped for stopped, _ in looks) <= 1, "no look begins once it was told to stop"


def test_it_comes_back_when_the_server_was_restarted(
    new_dovecot: NewDovecot, store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    """The log told that the mailbox was lost, and never that it was read again."""
    server = new_dovecot()
    box = server.new_box()
    with watching(ImapMailbox(box.address()), store, LONG) as seen:
        seen.until(lambda: seen.states == [OK])
        server.stop()
        seen.until(lambda: seen.states.count(LOST) >= 2)
        server.start()
        seen.until(lambda: seen.states[-1] is OK)
        box.deliver(letter())
        seen.until(lambda: seen.kept == 1)
    assert caplog.messages[-1] == f"{box.address().place}: read again."
    assert len([line for line in caplog.messages if line.endswith("read again.")]) == 1


def test_a_refused_login_is_told_and_cured_by_a_new_password(box: Box, store: SqlStore) -> None:
    secret = ["fel"]
    address = box.address(login=PasswordLogin(lambda: secret[0]))
    with watching(ImapMailbox(address), store, LONG) as seen:
        seen.until(lambda: REFUSED in seen.states)
        assert OK not in seen.states
        secret[0] = box.server.password
        seen.until(lambda: seen.states[-1] is OK)


def test_a_folder_that_is_gone_is_told_and_the_other_read_all_the_same(box: Box, store: SqlStore) -> None:
    with watching(ImapMailbox(box.address(junk="Finns inte")), store, LONG) as seen:
        seen.until(lambda: seen.states == [LOST])
        box.deliver(letter(1))
        seen.until(lambda: seen.kept == 1)
        assert set(seen.states) == {LOST}


def test_what_is_not_the_mailboxs_fault_goes_to_the_caller(box: Box) -> None:
    mailbox = ImapMailbox(box.address())

    def poll() -> str:
        mailbox.connect()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_mailbox(
            mailbox,
            poll,
            threading.Event(),
            pace=LONG,
            on_state=lambda state, error: None,
            jitter=lambda: 1.0,
            monotonic=time.monotonic,
        )
    assert mailbox._client is None


def test_waits_double_to_a_ceiling_and_start_later_after_a_refusal() -> None:
    pace, waits = Pace(), [0.0]
    for _ in range(11):
        waits.append(next_wait(waits[-1], ConnectionLost("x"), pace))
    assert waits[1:] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert next_wait(0.0, LoginRefused("x"), pace) == 60
    assert next_wait(60.0, LoginRefused("x"), pace) == 120
    assert next_wait(0.0, MailboxError("x"), pace) == 1
