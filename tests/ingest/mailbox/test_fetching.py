"""Letters come out of the mailbox as they went in, in bounded batches."""

import hashlib
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from imapclient import IMAPClient

from cases.errors import MailboxError
from ingest.address import MailboxAddress
from ingest.mailbox import Batch, ImapMailbox
from ingest.portions import bounded
from tests.ingest.mailbox.letters import ODD_LETTERS, letter
from tests.servers.dovecot import Box

pytestmark = pytest.mark.dovecot

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def fetched(address: MailboxAddress, folder: str = "INBOX") -> list[Batch]:
    with ImapMailbox(address) as mailbox:
        mailbox.select(folder)
        return list(mailbox.new_messages(mailbox.uids(), NOW))


def contents(batches: list[Batch]) -> list[bytes]:
    return [raw.content for batch in batches for raw in batch.messages]


@pytest.mark.parametrize("raw", ODD_LETTERS.values(), ids=ODD_LETTERS)
def test_odd_letters_come_byte_for_byte(box: Box, raw: bytes) -> None:
    box.deliver(letter(1), raw, letter(2))
    batches = fetched(box.address())
    assert contents(batches) == [letter(1), raw, letter(2)]
    kept = batches[0].messages[1]
    assert kept.sha256 == hashlib.sha256(raw).hexdigest()
    assert not any(batch.failed for batch in batches)


def test_a_raw_message_says_where_it_was_found(box: Box) -> None:
    box.deliver(letter(1), letter(2))
    with box.client() as client:
        validity = client.select_folder("INBOX")[b"UIDVALIDITY"]
    (batch,) = fetched(box.address())
    assert [(m.mailbox, m.folder, m.uidvalidity, m.uid) for m in batch.messages] == [
        ("provlådan", "INBOX", validity, 1),
        ("provlådan", "INBOX", validity, 2),
    ]


@pytest.mark.parametrize(
    "received",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 1, 1, 0, 10, 5, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
)
def test_the_receiving_time_is_the_servers_in_utc(box: Box, received: datetime) -> None:
    box.deliver(letter(), received=received)
    (batch,) = fetched(box.address())
    assert batch.messages[0].received_at == received
    assert batch.messages[0].received_at.tzinfo is UTC


def test_fetching_marks_nothing_as_read(box: Box) -> None:
    box.deliver(letter())
    fetched(box.address())
    assert box.flags() == [set()]


def test_batches_are_bounded_in_count(box: Box) -> None:
    box.deliver(*(letter(n) for n in range(7)))
    batches = fetched(box.address(batch_count=3))
    assert [len(batch.messages) for batch in batches] == [3, 3, 1]
    assert contents(batches) == [letter(n) for n in range(7)]


def test_batches_are_bounded_in_bytes(box: Box) -> None:
    sizes = [4_000, 4_000, 4_000, 30_000, 500, 500]
    box.deliver(*(letter(n, size=size) for n, size in enumerate(sizes)))
    batches = fetched(box.address(batch_bytes=10_000))
    assert [len(batch.messages) for batch in batches] == [2, 1, 1, 2]


def test_grouping_never_exceeds_the_bound_unless_alone() -> None:
    groups: Iterator[list[int]] = bounded({1: 5, 2: 5, 3: 1, 4: 20, 5: 0}, 10)
    assert list(groups) == [[1, 2], [3], [4], [5]]


def test_an_oversized_letter_is_fetched_in_part_and_said(box: Box) -> None:
    large = letter(2, size=60_000)
    box.deliver(letter(1), large, letter(3))
    batches = fetched(box.address(max_message_bytes=20_000))
    assert contents(batches) == [letter(1), letter(3)]
    (over,) = [over for batch in batches for over in batch.oversized]
    assert over.size == len(large)
    assert over.raw.content == large[:20_000]
    assert over.raw.uid == 2


def test_letters_marked_deleted_by_a_colleague_were_received_too(box: Box) -> None:
    box.deliver(letter(1), flags=[rb"\Deleted"])
    assert contents(fetched(box.address())) == [letter(1)]


def test_a_letter_that_a_colleague_took_meanwhile_is_no_failure(box: Box) -> None:
    box.deliver(letter(1), letter(2))
    with ImapMailbox(box.address()) as mailbox:
        mailbox.select("INBOX")
        (batch,) = mailbox.new_messages([*mailbox.uids(), 77], NOW)
    assert [raw.uid for raw in batch.messages] == [1, 2]
    assert not batch.failed


def test_what_the_server_tells_of_other_letters_is_no_failure(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague who reads a letter meanwhile: most servers say so in the midst of any answer, some without UID."""
    box.deliver(letter(1), letter(2))
    told = {9: {b"SEQ": 9, b"FLAGS": (rb"\Seen",)}}
    fetch = IMAPClient.fetch
    monkeypatch.setattr(IMAPClient, "fetch", lambda *asked: {**told, **fetch(*asked)})
    with ImapMailbox(box.address()) as mailbox:
        mailbox.select("INBOX")
        batches = list(mailbox.new_messages(mailbox.uids(), NOW))
        assert not mailbox.has_new_suspect()
    assert contents(batches) == [letter(1), letter(2)]
    assert not any(batch.failed for batch in batches)


def test_an_empty_folder_gives_nothing(box: Box) -> None:
    assert fetched(box.address()) == []


def test_folders_in_swedish_letters(box: Box) -> None:
    box.deliver(letter(), folder="Återkommande & övrigt")
    assert contents(fetched(box.address(), "Återkommande & övrigt")) == [letter()]


def test_a_missing_folder_is_named_with_those_there_are(box: Box) -> None:
    box.deliver(letter(), folder="Arkiv")
    with ImapMailbox(box.address()) as mailbox, pytest.raises(MailboxError, match=r"mappen Junk finns inte.*Arkiv"):
        mailbox.select("Junk")


def test_the_servers_own_junk_folder_is_found_by_its_mark(box: Box) -> None:
    box.deliver(letter(), folder="Skräppost")
    with ImapMailbox(box.address()) as mailbox:
        assert mailbox.select("\\Junk").name == "Skräppost"


def test_the_protocol_is_not_logged_line_by_line(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    box.deliver(letter())
    with caplog.at_level(logging.DEBUG), ImapMailbox(box.address()) as mailbox:
        mailbox.select("INBOX")
        list(mailbox.new_messages(mailbox.uids(), NOW))
        assert mailbox.client._imap.debug == 0
    assert "FETCH" not in caplog.text
    assert "Synpunkt" not in caplog.text
    assert box.user not in caplog.text


def test_a_silent_connection_is_kept_alive(box: Box) -> None:
    with ImapMailbox(box.address()) as mailbox:
        sock = mailbox.client.socket()
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) < 300
