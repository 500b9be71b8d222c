"""The done folder read once more on a real server: only what the store does not know is kept, and nothing moves."""

from datetime import date

import pytest

from ingest.mailbox import ImapMailbox
from ingest.marks import Mark, done_mark, holds_unknown
from ingest.poller import PollReport
from ingest.recover import recover_done
from storage import SqlStore
from tests.ingest.mailbox.letters import letter
from tests.ingest.mailbox.test_poller import NOW, RECEIVED, kept, new_id, poll
from tests.servers.dovecot import Box

pytestmark = pytest.mark.dovecot


def recover(box: Box, store: SqlStore, since: date = date(2026, 11, 2), mark: Mark | None = None) -> PollReport:
    with ImapMailbox(box.address()) as mailbox:
        return recover_done(mailbox, store, since=since, now=NOW, new_id=new_id, mark=mark)


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
    late = date(2026, 11, 10)
    assert recover(box, sqlite_store, late).kept == 0
    with ImapMailbox(box.address()) as mailbox:
        mark = done_mark(mailbox)
    assert mark is not None and mark.uidnext == 2
    assert recover(box, sqlite_store, late, mark).kept == 0, "nothing came since, and 2:* is the last letter"
    assert recover(box, sqlite_store, late, Mark(mark.uidvalidity + 1, 1)).kept == 0, "of a folder that is no more"
    box.deliver(letter(2), folder="Mottagna", received=RECEIVED)
    unknown = []
    for changes in ({}, {"max_message_bytes": 50}):
        with ImapMailbox(box.address(**changes)) as mailbox:
            unknown.append(holds_unknown(mailbox, sqlite_store, mark, NOW))
    assert unknown == [True, True], "also where only its beginning is fetched"
    assert recover(box, sqlite_store, late, mark).kept == 1, "came since, whatever its day"
    with ImapMailbox(box.address()) as mailbox:
        assert not holds_unknown(mailbox, sqlite_store, mark, NOW), "though it was kept from this folder"
    assert recover(box, sqlite_store, date(2026, 11, 3)).kept == 1, "a day's margin, for the server's time zone"
