"""Exactly once: whatever happens between fetching, keeping and moving, each letter is kept once and none is lost."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from threading import Event
from typing import Any

import pytest

from cases.errors import LoginRefused, MailboxError
from ingest.address import PasswordLogin
from ingest.connection import ConnectionLost
from ingest.idle import Pace, await_letters
from ingest.mailbox import ImapMailbox
from ingest.poller import PollReport, poll_once
from storage import SqlStore
from tests.ingest.mailbox.letters import ODD_LETTERS, letter
from tests.servers.dovecot import Box, Dovecot

pytestmark = pytest.mark.dovecot

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
NewDovecot = Callable[..., Dovecot]


class Crash(Exception):
    """Stands for the process being killed here."""


def kept(store: SqlStore) -> list[bytes]:
    """All letters that wait to be read, in the order they were kept."""
    with store.read() as tx:
        return [tx.raw_content(raw.id) for raw in sorted(tx.raw_to_read(1000, NOW), key=lambda raw: raw.id)]


_ids = count(1)


def new_id() -> str:
    return f"{next(_ids):032x}"


def poll(box: Box, store: Any, folders: Sequence[str] = (), **changes: object) -> PollReport:
    with ImapMailbox(box.address(**changes)) as mailbox:
        return poll_once(mailbox, store, now=NOW, new_id=new_id, folders=folders)


def test_letters_are_kept_and_moved(box: Box, store: SqlStore) -> None:
    letters = [letter(n) for n in range(5)]
    box.deliver(*letters)
    report = poll(box, store, batch_count=2)
    assert (report.kept, report.known, report.moved, report.problems) == (5, 0, 5, [])
    assert kept(store) == letters
    assert box.count() == 0
    assert box.messages("Mottagna") == letters


def test_odd_letters_do_not_stop_the_queue(box: Box, store: SqlStore) -> None:
    letters = [*ODD_LETTERS.values(), letter()]
    box.deliver(*letters)
    assert poll(box, store).kept == len(letters)
    assert kept(store) == letters
    assert box.count() == 0


def test_a_second_pass_finds_nothing(box: Box, store: SqlStore) -> None:
    box.deliver(letter())
    poll(box, store)
    assert poll(box, store) == PollReport()


def test_the_junk_folder_is_polled_too(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1))
    box.deliver(letter(2), folder="Skräppost")
    report = poll(box, store, junk="Skräppost")
    assert (report.kept, report.moved) == (2, 2)
    assert box.count("Skräppost") == 0
    assert box.count("Mottagna") == 2


def test_a_missing_junk_folder_is_said_and_the_inbox_is_taken(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1))
    report = poll(box, store, folders=["Finns inte", "INBOX"])
    assert report.kept == 1
    assert len(report.unread) == 1
    assert "Finns inte" in report.unread[0]


def test_a_mailbox_that_does_not_let_us_in_is_no_folders_fault(box: Box, store: SqlStore) -> None:
    mailbox = ImapMailbox(box.address(login=PasswordLogin(lambda: "fel")))
    with pytest.raises(LoginRefused):
        poll_once(mailbox, store, now=NOW, new_id=new_id)


class Dying:
    """A store that dies at a chosen instant: before or after its n-th commit."""

    def __init__(self, store: SqlStore, *, at: int, after_commit: bool) -> None:
        self._store, self._left, self._after = store, at, after_commit

    @contextmanager
    def begin(self) -> Iterator[Any]:
        self._left -= 1
        with self._store.begin() as tx:
            yield tx
            if self._left == 0 and not self._after:
                raise Crash
        if self._left == 0:
            raise Crash

    def read(self) -> Any:
        return self._store.read()


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("after_commit", [True, False])
def test_dying_around_a_commit_neither_loses_nor_doubles(
    box: Box, store: SqlStore, at: int, after_commit: bool
) -> None:
    letters = [letter(n) for n in range(6)]
    box.deliver(*letters)
    with pytest.raises(Crash):
        poll(box, Dying(store, at=at, after_commit=after_commit), batch_count=2)
    known = 2 if after_commit else 0
    assert len(kept(store)) == 2 * (at - 1) + known
    report = poll(box, store, batch_count=2)
    assert report.known == known
    assert sorted(kept(store)) == letters
    assert box.messages("Mottagna") == letters
    assert box.count() == 0


def test_kept_letters_are_not_fetched_again(box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    box.deliver(letter(1), letter(2))
    with pytest.raises(Crash):
        poll(box, Dying(store, at=1, after_commit=True))
    asked: list[Sequence[int]] = []
    fetch = ImapMailbox._ask
    monkeypatch.setattr(ImapMailbox, "_ask", lambda self, uids, *rest: asked.append(uids) or fetch(self, uids, *rest))
    assert poll(box, store).moved == 2
    assert asked == []


def test_a_mailbox_built_anew_gives_no_letter_twice(box: Box, store: SqlStore, new_dovecot: NewDovecot) -> None:
    """A changed UIDVALIDITY: the same letters, the same receiving times, other UIDs."""
    box = new_dovecot(more="imap_capability = IMAP4rev1 NAMESPACE").new_box()  # letters stay in the inbox
    box.deliver(letter(1), letter(2), received=RECEIVED)
    assert poll(box, store).kept == 2
    before = box.messages()
    box.rebuild()
    box.deliver(letter(9), *before, letter(3), received=RECEIVED)
    report = poll(box, store)
    assert (report.kept, report.known) == (2, 2)
    assert kept(store) == [letter(1), letter(2), letter(9), letter(3)]


def test_letters_known_from_before_a_rebuild_are_moved(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1), received=RECEIVED)
    with pytest.raises(Crash):
        poll(box, Dying(store, at=1, after_commit=True))
    box.rebuild()
    box.deliver(letter(1), received=RECEIVED)
    report = poll(box, store)
    assert (report.kept, report.known, report.moved) == (0, 1, 1)
    assert box.count("Mottagna") == 1


def test_the_same_letter_received_at_another_time_is_another_letter(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1), received=RECEIVED)
    poll(box, store)
    box.rebuild()
    box.deliver(letter(1), received=RECEIVED.replace(hour=9))
    assert poll(box, store).kept == 1


def test_a_letter_sent_twice_is_kept_twice(box: Box, store: SqlStore) -> None:
    box.deliver(letter(1), letter(1), received=RECEIVED)
    assert poll(box, store).kept == 2
    box.deliver(letter(1), received=RECEIVED)
    assert poll(box, store).kept == 1


def test_without_move_letters_stay_and_are_kept_once(new_dovecot: NewDovecot, store: SqlStore) -> None:
    box = new_dovecot(more="imap_capability = IMAP4rev1").new_box()
    box.deliver(letter(1))
    first, second = poll(box, store), poll(box, store)
    assert (first.kept, first.moved, first.unmovable) == (1, 0, True)
    assert (second.kept, second.known, second.unmovable) == (0, 1, True)
    assert kept(store) == box.messages() == [letter(1)]


def test_an_oversized_letter_is_kept_in_part_and_put_before_a_person(box: Box, store: SqlStore) -> None:
    large = letter(2, size=60_000)
    box.deliver(letter(1), large)
    report = poll(box, store, max_message_bytes=20_000)
    assert (report.kept, report.moved) == (2, 2)
    assert [over.size for over in report.oversized] == [len(large)]
    with store.read() as tx:
        (aside,) = tx.quarantined()
        assert tx.raw_content(aside.raw_id) == large[:20_000]
    assert aside.error.startswith("Brevet är 60 kB, större än gränsen (max_message_bytes). Bara de första 20 kB")
    assert aside.attempts == 1
    assert kept(store) == [letter(1)]
    assert box.messages("Mottagna") == [letter(1), large]


def test_an_oversized_letter_is_put_before_a_person_once(box: Box, store: SqlStore) -> None:
    box.deliver(letter(2, size=60_000), received=RECEIVED)
    poll(box, store, max_message_bytes=20_000)
    box.rebuild()
    box.deliver(letter(2, size=60_000), received=RECEIVED)
    report = poll(box, store, max_message_bytes=20_000)
    assert (report.kept, report.known, report.moved) == (0, 1, 1)


def test_a_refused_move_is_said_and_the_taking_in_goes_on(box: Box, store: SqlStore) -> None:
    box.deliver(*(letter(n) for n in range(4)))
    report = poll(box, store, batch_count=2, done="~/../Mottagna")
    assert (report.kept, report.moved) == (4, 0)
    assert len(report.problems) == 2
    assert poll(box, store).moved == 4


def test_one_letter_the_server_will_not_give_does_not_stop_the_others(
    box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.deliver(*(letter(n) for n in range(4)))
    _break(monkeypatch, 2, error=MailboxError("nej"))
    report = poll(box, store)
    assert [(bad.uid, bad.error) for bad in report.failed] == [(2, "nej")]
    assert report.problems == ["Brevet med UID 2 i INBOX togs inte in. nej"]
    assert report.kept == 3
    assert box.messages() == [letter(1)]


def test_one_letter_that_breaks_the_connection_does_not_stop_the_others(
    box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.deliver(*(letter(n) for n in range(4)))
    _break(monkeypatch, 2, error=ConnectionLost("borta"))
    with ImapMailbox(box.address()) as mailbox:
        report = poll_once(mailbox, store, now=NOW, new_id=new_id)
        assert [bad.uid for bad in report.failed] == [2]
        assert report.kept == 3
        box.deliver(letter(7))
        mailbox.select("INBOX")
        assert mailbox.uids() == [5, 2]  # the suspect waits until the others are safe


def test_a_letter_that_could_not_be_fetched_is_asked_for_once_more_at_once(
    box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the network broke, it would else lie there until others come or IDLE ends, ten minutes later."""
    box.deliver(letter(1))
    with monkeypatch.context() as broken, ImapMailbox(box.address()) as mailbox:
        _break(broken, 1, error=ConnectionLost("borta"))
        waited, again = [], []
        for _ in range(2):
            (failed,) = poll_once(mailbox, store, now=NOW, new_id=new_id).failed
            again.append(failed.again)
            waited.append(not await_letters(mailbox, Event(), Pace(idle=0), time.monotonic))
        assert waited == again == [False, True]
        broken.undo()
        assert poll_once(mailbox, store, now=NOW, new_id=new_id).kept == 1


def test_a_connection_that_is_lost_again_and_again_ends_the_pass(
    box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.deliver(*(letter(n) for n in range(9)))
    _break(monkeypatch, *range(1, 10), error=ConnectionLost("borta"))
    with pytest.raises(ConnectionLost, match="borta"):
        poll(box, store)
    assert kept(store) == []


def test_a_folder_of_many_letters_is_searched_in_parts(
    box: Box, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.portions._SEARCHED_AT_ONCE", 2)
    box.deliver(*(letter(n) for n in range(5)))
    assert poll(box, store).kept == 5


def _break(monkeypatch: pytest.MonkeyPatch, *broken: int, error: MailboxError) -> None:
    """Make the fetching of some letters' texts fail, as if the server choked on it."""
    speaking = ImapMailbox._speaking
    ask = ImapMailbox._ask

    def choking(self: ImapMailbox, uids: Sequence[int], items: list[str], key: bytes) -> Any:
        @contextmanager
        def refused(doing: str) -> Iterator[None]:
            if set(broken) & set(uids) and key == b"BODY[]" and doing.startswith("hämtningen"):
                raise error
            with speaking(self, doing):
                yield

        with monkeypatch.context() as here:
            here.setattr(self, "_speaking", refused)
            return ask(self, uids, items, key)

    monkeypatch.setattr(ImapMailbox, "_ask", choking)
