"""The done folder read once more on a real server: only what the store does not know is kept, and nothing moves."""

from datetime import date

import pytest

from ingest.mailbox import ImapMailbox
from ingest.poller import PollReport
from ingest.recover import recover_done
from storage import SqlStore
from tests.ingest.mailbox.letters import letter
from tests.ingest.mailbox.test_poller import NOW, RECEIVED, kept, new_id, poll
from tests.servers.dovecot import Box

pytestmark = pytest.mark.dovecot


def recover(box: Box, store: SqlStore, since: date = date(2026, 11, 2)) -> PollReport:
    with ImapMailbox(box.address()) as mailbox:
        return recover_done(mailbox, store, since=since, now=NOW, new_id=new_id)


def test_only_what_is_not_known_is_kept(box: Box, sqlite_store: SqlStore) -> None:
    letters = [letter(n) for n in range(4)]
    box.deliver(*letters[:2], received=RECEIVED)
    poll(box, sqlite_store)
    # Fetched by the service that was lost: the restored database has never heard of them.
    box.deliver(*letters[2:], folder="Mottagna", received=RECEIVED)
    first = recover(box, sqlite_store)
    assert (first.kept, first.known, first.problems) == (2, 2, [])
    assert sorted(kept(sqlite_store)) == sorted(letters)
    second = recover(box, sqlite_store)
    assert (second.kept, second.known) == (0, 4)
    assert sorted(box.messages("Mottagna")) == sorted(letters)


def test_older_letters_are_left_alone(box: Box, sqlite_store: SqlStore) -> None:
    box.deliver(letter(1), folder="Mottagna", received=RECEIVED)
    assert recover(box, sqlite_store, date(2026, 11, 10)).kept == 0
    assert recover(box, sqlite_store, date(2026, 11, 3)).kept == 1, "a day's margin, for the server's time zone"
