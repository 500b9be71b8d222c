"""Several look at the same outbox, or it changes while a letter is sent: each letter leaves once, or is stopped."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from notifier.smtp import SmtpSender, SmtpServer
from storage import SqlStore
from storage.search.analyse import analyse
from tests.notifier.conftest import CASE, IDENTITY, NOW, entry
from tests.notifier.outbox import Meanwhile, Tired, check, queue, run, statuses

S = OutboxStatus


def test_two_passes_at_once_send_nothing_twice(store, post, ids):
    queue(store, *(entry(n) for n in range(1, 41)))
    lock = threading.Lock()
    sent = []

    def fresh() -> str:
        with lock:
            return ids()

    def work() -> None:
        with SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none", timeout=20), IDENTITY, lambda: NOW) as own:
            sent.append(run(store, own, fresh).sent)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(sent) == 40
    assert sorted(post.recipients()) == sorted(f"bo{n}@mejl.example" for n in range(1, 41))


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(sqlite_store, ids):
    class Writes:
        """A second writer gets in at once, or SQLite would make it wait its thirty seconds."""

        def send(self, _entry, files=()):
            queue(sqlite_store, entry(2, not_before=NOW + timedelta(days=1)))
            return "250 OK"

    queue(sqlite_store, entry())
    assert run(sqlite_store, Writes(), ids).sent == 1


def test_a_letter_sent_is_recorded_even_where_the_next_cannot_be_claimed(store, post, sender, ids):
    queue(store, entry(1), entry(2))
    with pytest.raises(OSError, match="databasen försvann"):
        run(Tired(store), sender, ids)
    assert post.recipients() == ["bo1@mejl.example"]
    assert statuses(store, 1, 2) == [S.SENT, S.QUEUED]


def test_a_flag_raised_while_the_letter_before_is_sent_withholds_the_next(with_case, post, sender, ids):
    """What is due is looked at together, long before the last of it leaves."""

    def flag():
        with with_case.begin() as tx:
            case = tx.get_case(CASE, SYSTEM)
            tx.save_case(replace(case, flags=(ConfidentialityFlag(FlagKind.HOT_VALD, FlagState.SUGGESTED),)))

    queue(with_case, *(entry(n, case_id=CASE) for n in (1, 2)))
    assert run(with_case, Meanwhile(sender, flag), ids, check=check).claimed == 1
    assert statuses(with_case, 1, 2) == [S.SENT, S.QUEUED]
    assert run(with_case, sender, ids, check=check).withheld == 1
    assert post.recipients() == ["bo1@mejl.example"]


def test_a_letter_stopped_while_the_one_before_is_sent_does_not_leave(store, post, sender, ids):
    def stop():
        with store.begin() as tx:
            tx.update_entry(replace(tx.get_entry(f"{2:032x}"), status=S.CANCELLED))

    queue(store, *(entry(n) for n in (1, 2, 3)))
    assert run(store, Meanwhile(sender, stop), ids).sent == 2
    assert statuses(store, 1, 2, 3) == [S.SENT, S.CANCELLED, S.SENT]


def test_two_who_look_at_the_same_letters_send_each_once(store, post, sender, ids):
    reports = []
    queue(store, *(entry(n) for n in range(1, 8)))
    other = Meanwhile(sender, lambda: reports.append(run(store, sender, ids, limit=3)))
    reports.append(run(store, other, ids))
    assert [report.sent for report in reports] == [3, 4]
    assert sorted(post.recipients()) == [f"bo{n}@mejl.example" for n in range(1, 8)]


def test_a_process_killed_while_the_server_answers_leaves_one_uncertain_and_nothing_twice(sqlite_url, post, ids):
    """The server takes the second letter and is silent; then the sending process is killed."""
    store = SqlStore(sqlite_url, analyser=analyse)
    queue(store, *(entry(n) for n in (1, 2, 3)))
    post.at_data.extend(["ok", "keep and hang"])
    command = [sys.executable, "-m", "tests.notifier.dying_sender", sqlite_url, str(post.port)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as dying:
        until = time.monotonic() + 60
        while len(post.taken) < 2:
            assert dying.poll() is None
            assert time.monotonic() < until
            post.changed.wait(1)
        dying.kill()
    assert statuses(store, 1, 2, 3) == [S.SENT, S.INFLIGHT, S.QUEUED]
    later = datetime.now(UTC) + timedelta(minutes=16)
    with SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none", timeout=5), IDENTITY, lambda: later) as sender:
        report = run(store, sender, ids, now=later)
    assert (report.sent, report.recovered) == (1, 1)
    assert statuses(store, 1, 2, 3) == [S.SENT, S.UNCERTAIN, S.SENT]
    assert sorted(post.recipients()) == ["bo1@mejl.example", "bo2@mejl.example", "bo3@mejl.example"]
    store.close()
