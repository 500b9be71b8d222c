"""A database put back by another way than ours is noticed by what lies in the mailbox, before anything is sent."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.mailbox import ImapMailbox
from ingest.poller import poll_once
from service.backup.after_restore import recover
from service.backup.older_state import OlderState
from service.backup.restored import check_recovered
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from service.monitoring.conditions import conditions
from service.processes.daemon import Daemon
from service.processes.mailbox_watch import MailboxWatch
from service.whole_house import WholeHouse
from storage.database.locks import open_lock
from tests.service.backup.test_older_state import cases_of, citizen, house_at, receipts, sent, work


def box_of(house: WholeHouse) -> ImapMailbox:
    (box,) = mailboxes(house.settings, house.clock)
    return box


def started(house: WholeHouse) -> OlderState:
    """What a service that starts now has seen when it has looked at its mailbox; it sent nothing before."""
    older = OlderState(house.store, [box_of(house).address.name])
    assert not older.may_send()
    look(house, older)
    return older


def look(house: WholeHouse, older: OlderState) -> None:
    with box_of(house) as box:
        older.look(box, house.clock())


def poll(house: WholeHouse, older: OlderState) -> None:
    """A poll as the daemon makes it."""
    with box_of(house) as box:
        older.look(box, house.clock())
        poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
        older.note(box)
    house.stages.read(house.clock())
    house.stages.suggest(house.clock())


def alarmed(house: WholeHouse) -> bool:
    return "older" in {alarm.key for alarm in conditions(house, house.clock())}


def test_a_file_copied_back_is_noticed_and_nothing_is_sent_twice(
    environ: dict[str, str], tmp_path: Path, sqlite_url: str
) -> None:
    clock = [datetime(2026, 11, 1, 9, 0, tzinfo=UTC)]
    with EmbeddedPost(clock=lambda: clock[0]) as post:
        house = house_at(environ, post, sqlite_url)
        older = started(house)
        post.deliver(citizen(1), envelope_from="p1@mejl.example")
        poll(house, older)
        assert older.may_send() and started(house).may_send(), "nothing is lost, as after a failover"
        house.store.close()
        copy = tmp_path / "copied.sqlite"
        shutil.copy(sqlite_url.removeprefix("sqlite:///"), copy)
        for n in (2, 3):
            post.deliver(citizen(n), envelope_from=f"p{n}@mejl.example")
        poll(house, older)
        work(house)
        assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3)}
        house.store.close()

        # Weeks later: by their day alone the letters since the copy would not be looked for.
        clock[0] = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
        back = house_at(environ, post, f"sqlite:///{copy}")
        older = started(back)
        assert not older.may_send() and alarmed(back)
        post.deliver(citizen(4), envelope_from="p4@mejl.example")
        poll(back, older)
        assert len(cases_of(back)) == 2, "letters come in meanwhile"
        daemon = Daemon(back)
        assert daemon._send_due(back.clock()) == 0
        assert not started(back).may_send(), "it is not forgotten when the service is started anew"
        done = recover(back, back.clock())
        assert (done.kept, done.unsure, done.problems) == (2, 4, [])
        check_recovered(back)
        assert started(back).may_send() and not alarmed(back)
        look(back, daemon._older)
        assert daemon._send_due(back.clock()) != 0
        work(back)
        assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3)}
        assert set(cases_of(back)) == set(receipts(back)) == {f"<l{n}@mejl.example>" for n in (1, 2, 3, 4)}
        back.store.close()


def test_a_standby_that_takes_over_under_the_service_holds_letters_until_the_mailbox_is_looked_at(
    environ: dict[str, str], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mailbox is looked at when IDLE has lasted ten minutes, and letters left at once."""
    with EmbeddedPost() as post:
        house = house_at(environ, post, sqlite_url)
        history = ["00000001"]
        monkeypatch.setattr("service.backup.older_state.timeline", lambda _engine: history[0])
        older = started(house)
        assert older.may_send() and older.may_send()
        history[0] = ""
        assert older.may_send(), "nobody can tell"
        history[0] = "00000002"
        assert not older.may_send() and not older.may_send()
        look(house, older)
        assert older.may_send()
        house.store.close()


def test_what_is_no_restored_database(environ: dict[str, str], sqlite_url: str) -> None:
    with EmbeddedPost() as post:
        house = house_at(environ, post, sqlite_url)
        older = started(house)
        post.deliver(citizen(1))
        poll(house, older)
        # Killed between the move and the note: the database knows the letter.
        post.deliver(citizen(2))
        with box_of(house) as box:
            poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
        older = started(house)
        assert older.may_send()
        # A colleague lays a letter there that came a moment ago, while the service runs: the next pass takes it in.
        watch = MailboxWatch(house, older, threading.Event(), standby=1, hour=3600)
        lock = open_lock(sqlite_url, "mailbox feedback")
        assert lock.take()
        with box_of(house) as box:
            watch.look_through(box, lock)
            post.deliver(citizen(3), folder="Mottagna")
            watch.look_through(box, lock)
        lock.release()
        poll(house, older)
        assert len(cases_of(house)) == 3
        assert older.may_send() and started(house).may_send()
        # And while it stands still, which nobody but a person can tell from a restored database.
        post.deliver(citizen(4), folder="Mottagna")
        older = started(house)
        assert not older.may_send()
        recover(house, house.clock(), skip=True)
        poll(house, older)
        assert older.may_send() and started(house).may_send() and not alarmed(house)
        assert len(cases_of(house)) == 3
        # Nobody knows how it is with a mailbox that cannot be opened, and letters must not wait for it for ever.
        shut = OlderState(house.store, ["feedback"])
        shut.passed("feedback")
        assert shut.may_send()
        house.store.close()
