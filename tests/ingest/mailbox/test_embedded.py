"""The same taking in against the demonstration's embedded server, which needs nothing installed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from pymap.backend.session import BaseSession
from pymap.selected import SelectedMailbox

from ingest.address import MailboxAddress, PasswordLogin, TlsMode
from ingest.idle import Pace, await_letters
from ingest.mailbox import ImapMailbox
from ingest.marks import done_mark
from ingest.poller import PollReport, poll_once
from ingest.recover import keep_laid
from service.demo.servers import EmbeddedPost
from storage import SqlStore
from tests.ingest.mailbox.letters import letter

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_ids = count(1)


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost(clock=lambda: NOW) as running:
        running.create_folder("Skräppost")
        yield running


@pytest.fixture
def mailbox(post: EmbeddedPost) -> Iterator[ImapMailbox]:
    address = MailboxAddress(
        name="demo",
        host=post.imap_host,
        port=post.imap_port,
        user=post.imap_user,
        login=PasswordLogin(lambda: post.imap_password),
        tls=TlsMode.NONE,
        junk="Skräppost",
        batch_count=3,
        timeout=10,
    )
    with ImapMailbox(address) as opened:
        yield opened


def poll(mailbox: ImapMailbox, store: SqlStore) -> PollReport:
    return poll_once(mailbox, store, now=NOW, new_id=lambda: f"{next(_ids):032x}")


def test_letters_are_taken_in_and_moved(post: EmbeddedPost, mailbox: ImapMailbox, store: SqlStore) -> None:
    for number in range(7):
        post.deliver(letter(number))
    post.deliver(letter(99), folder="Skräppost")
    report = poll(mailbox, store)
    assert (report.kept, report.moved, report.problems) == (8, 8, [])
    assert poll(mailbox, store) == PollReport()
    assert mailbox.select("Mottagna").exists == 8
    with store.read() as tx:
        contents = [tx.raw_content(raw.id) for raw in tx.raw_to_read(10, NOW)]
    assert all(any(content.endswith(letter(n)) for content in contents) for n in (*range(7), 99))


def test_a_letter_laid_among_the_taken_ones_before_it_was_taken_is_kept(
    post: EmbeddedPost, mailbox: ImapMailbox, store: SqlStore
) -> None:
    for number in range(2):
        post.deliver(letter(number))
    poll(mailbox, store)
    mark = done_mark(mailbox)
    assert mark is not None
    post.deliver(letter(2))
    for number in (3, 4):  # one of them was received long before we last looked: somebody tidies an archive
        mailbox.client.append("INBOX", letter(number), msg_time=NOW - timedelta(days=number - 3))
    mailbox.select("INBOX")
    mailbox.client.move(mailbox.uids()[1:], "Mottagna")
    poll(mailbox, store)
    again = {"mark": mark, "passed": NOW, "now": NOW, "new_id": lambda: f"{next(_ids):032x}"}
    assert keep_laid(mailbox, store, **again).kept == 1
    assert keep_laid(mailbox, store, **again).kept == 0
    with store.read() as tx:
        contents = [tx.raw_content(raw.id) for raw in tx.raw_to_read(10, NOW)]
    assert {n for n in range(5) if any(content.endswith(letter(n)) for content in contents)} == {0, 1, 2, 3}


def test_a_letter_wakes_the_watcher(post: EmbeddedPost, mailbox: ImapMailbox, store: SqlStore) -> None:
    poll(mailbox, store)
    arrived = threading.Timer(0.2, post.deliver, [letter(1)])
    arrived.start()
    ticks = count()
    assert await_letters(mailbox, threading.Event(), Pace(), lambda: next(ticks) / 10)
    arrived.join()
    assert poll(mailbox, store).kept == 1


def test_the_server_waits_while_nothing_comes(
    mailbox: ImapMailbox, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = count()
    look = BaseSession.check_mailbox

    async def counted(session: BaseSession, selected: SelectedMailbox, **asked: Any) -> SelectedMailbox:
        next(looked)
        return await look(session, selected, **asked)

    poll(mailbox, store)
    monkeypatch.setattr(BaseSession, "check_mailbox", counted)
    ticks = count()
    assert not await_letters(mailbox, threading.Event(), Pace(idle=0.3), lambda: next(ticks) / 10)
    assert 0 < next(looked) < 20, "thousands of times a second it asked itself whether a letter had come"
