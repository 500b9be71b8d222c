"""Two daemons on one PostgreSQL and one mailbox: one reads, the other takes over when it is killed, nothing twice."""

import time
from collections import Counter
from contextlib import closing

import pytest

from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from service.demo.servers import EmbeddedPost
from storage import SqlStore
from storage.search.analyse import analyse
from tests.servers.dovecot import DovecotFactory, new_dovecot
from tests.servers.killing import Killer, environ
from tests.steps.house import mail

__all__ = ["new_dovecot"]

pytestmark = [pytest.mark.dovecot, pytest.mark.postgres, pytest.mark.slow]

SHARE = 20
TAKEOVER_SECONDS = 30.0


def test_the_other_takes_over_in_time_and_nothing_is_twice(new_dovecot: DovecotFactory, postgres_url: str) -> None:
    box = new_dovecot().new_box()
    letters = [
        mail(f"Lampa nummer {n} lyser inte.", sender=f"p{n}@mejl.example", message_id=f"<l{n}@mejl.example>")
        for n in range(2 * SHARE)
    ]
    with EmbeddedPost() as post:
        env = environ(box, postgres_url, post.smtp_port)
        with Killer("tests.servers.daemoning", env=env) as first, Killer("tests.servers.daemoning", env=env) as second:
            first.start()
            second.start()
            box.deliver(*letters[:SHARE])
            assert first.wait_until(lambda: _cases(postgres_url) == SHARE, 60, every=0.2)
            assert first.wait_until(lambda: _readers(postgres_url) == 1, 30, every=0.2)
            first.kill()
            died = time.monotonic()
            box.deliver(*letters[SHARE:])
            assert second.wait_until(lambda: _cases(postgres_url) == 2 * SHARE, TAKEOVER_SECONDS, every=0.2)
            assert time.monotonic() - died < TAKEOVER_SECONDS
        receipts = Counter(
            str(stored.parsed()["In-Reply-To"])
            for address, mails in post.boxes().items()
            if address[0] == "p"
            for stored in mails
        )
    assert not [answers for answers, times in receipts.items() if times > 1]
    with closing(SqlStore(postgres_url, analyser=analyse)) as store, store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=4 * SHARE))
        threads = Counter(i for line in lines for i in tx.thread(line.id))
    assert threads == Counter(f"<l{n}@mejl.example>" for n in range(2 * SHARE))


def _cases(url: str) -> int:
    with closing(SqlStore(url, analyser=analyse)) as store, store.read() as tx:
        return sum(count for name, count in tx.state_counts().items() if name.startswith("cases."))


def _readers(url: str) -> int:
    """How many sessions hold a mailbox; a pass that happens to run holds its lock on another one for a moment."""
    with closing(SqlStore(url, analyser=analyse)) as store, store.engine.connect() as connection:
        return len(
            set(
                connection.exec_driver_sql(
                    "SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' "
                    "AND l.granted AND a.datname = current_database() AND a.backend_start < now() - interval '1 second'"
                ).scalars()
            )
        )
