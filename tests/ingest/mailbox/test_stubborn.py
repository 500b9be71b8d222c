"""Servers that do not remove what is moved: one copy in the done folder, however often it is tried, and an alarm."""

from typing import Any

import pytest

from ingest.mailbox import ImapMailbox
from ingest.poller import PollReport, poll_once
from storage import SqlStore
from tests.ingest.mailbox.letters import letter
from tests.ingest.mailbox.test_poller import NOW, new_id
from tests.servers.gateway import gateway

UIDPLUS = "IMAP4rev1 UIDPLUS"


def take(mailbox: ImapMailbox, store: SqlStore) -> PollReport:
    return poll_once(mailbox, store, now=NOW, new_id=new_id)


@pytest.mark.parametrize(
    "how",
    [
        {"capability": UIDPLUS, "expunges": False},
        {"moves_away": False, "expunges": False},
    ],
)
def test_a_letter_that_the_server_leaves_is_copied_once(store: SqlStore, how: dict[str, Any]) -> None:
    letters = [letter(1), letter(2)]
    with gateway(**how) as server:
        server.lay(*letters)
        with ImapMailbox(server.address(batch_count=1)) as mailbox:
            staying = [take(mailbox, store).staying for _ in range(2)]
            server.asked = []
            staying.append(take(mailbox, store).staying)
            assert [line for line in server.asked if line.startswith("UID ")] == ["UID SEARCH ALL"]
            mailbox.reconnect()
            staying.append(take(mailbox, store).staying)
            server.lay(letter(3))
            later = take(mailbox, store)
        assert (staying, later.kept, later.staying) == ([0, 2, 2, 2], 1, 2)
        # A service that is started anew remembers nothing, and looks into the done folder.
        with ImapMailbox(server.address(batch_count=2)) as mailbox:
            assert [take(mailbox, store).staying for _ in range(2)] == [3, 3]
        assert server.lies_in(b"Mottagna") == [*letters, letter(3)]
        # The mailbox gets another number, and with it each letter another place.
        server.folders[b"INBOX"].uidvalidity += 1
        with ImapMailbox(server.address()) as mailbox:
            report = take(mailbox, store)
        assert (report.kept, report.known, report.staying) == (0, 3, 3)
        assert server.lies_in(b"Mottagna") == [*letters, letter(3)]
        server.expunges = True
        with ImapMailbox(server.address()) as mailbox:
            assert take(mailbox, store).staying == 0
        assert server.lies_in(b"INBOX") == []


def test_what_is_refused_half_way_is_gone_on_with_and_not_copied_again(store: SqlStore) -> None:
    with gateway(capability=UIDPLUS) as server:
        server.lay(letter(1))
        server.refused = "UID EXPUNGE"
        with ImapMailbox(server.address()) as mailbox:
            first, second = take(mailbox, store), take(mailbox, store)
            assert (first.kept, len(first.problems), first.staying) == (1, 1, 0)
            assert (second.known, len(second.problems), second.staying) == (1, 1, 1)
            assert server.lies_in(b"Mottagna") == [letter(1)]
            server.refused = "never"
            assert take(mailbox, store).staying == 0
        assert (server.lies_in(b"INBOX"), server.lies_in(b"Mottagna")) == ([], [letter(1)])


def test_a_done_folder_that_cannot_be_looked_into_gets_what_a_crash_left(store: SqlStore) -> None:
    with gateway() as server:
        server.lay(letter(1))
        server.refused = "UID MOVE"
        with ImapMailbox(server.address()) as mailbox:
            assert take(mailbox, store).moved == 0
        server.refused = "SELECT MOTTAGNA"
        with ImapMailbox(server.address()) as mailbox:
            assert take(mailbox, store).moved == 1
        assert server.lies_in(b"Mottagna") == [letter(1)]


def test_two_letters_alike_in_size_are_not_taken_for_one(store: SqlStore) -> None:
    """Forms sent in the same second: the one that lies in the done folder is no copy of the other."""
    with gateway(capability=UIDPLUS) as server:
        server.lay(letter(1), letter(2))
        server.refused = "UID STORE"
        with ImapMailbox(server.address()) as mailbox:
            take(mailbox, store)
        server.folders[b"Mottagna"].lay(letter(1))
        server.refused = "never"
        with ImapMailbox(server.address()) as mailbox:
            take(mailbox, store)
        assert (server.lies_in(b"INBOX"), server.lies_in(b"Mottagna")) == ([], [letter(1), letter(2)])
