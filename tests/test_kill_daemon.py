"""Five hundred letters and the whole daemon killed with SIGKILL at twenty instants: each letter is one case, and no
citizen gets two receipts for it."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from service.demo.servers import EmbeddedPost
from storage import SqlStore
from storage.migrate import upgrade
from tests.servers.dovecot import Box, DovecotFactory, new_dovecot
from tests.servers.killing import Killer, environ, instants
from tests.steps.house import mail

__all__ = ["new_dovecot"]

pytestmark = [pytest.mark.dovecot, pytest.mark.slow, pytest.mark.timeout(600)]

LETTERS, KILLS, SEED = 500, 20, 20261127
# A share of 25 letters takes about this long from mailbox to receipt; the kills are spread over it.
SHARE_SECONDS = 1.5
_UNSURE = (OutboxStatus.INFLIGHT, OutboxStatus.UNCERTAIN)


def test_every_letter_is_one_case_and_gets_at_most_one_receipt(new_dovecot: DovecotFactory, tmp_path: Path) -> None:
    box = new_dovecot().new_box()
    url = f"sqlite:///{tmp_path / 'lyhord.sqlite'}"
    upgrade(url)
    letters = [
        mail(f"Lampa nummer {n} lyser inte.", sender=f"p{n}@mejl.example", message_id=f"<l{n}@mejl.example>")
        for n in range(LETTERS)
    ]
    with EmbeddedPost() as post:
        with Killer("tests.servers.daemoning", env=environ(box, url, post.smtp_port)) as killer:
            _kill_often(killer, box, letters)
            _finish(killer, url)
        mails = [m.parsed() for address, stored in post.boxes().items() if address[0] == "p" for m in stored]
    _check(url, Counter(str(m["In-Reply-To"]) for m in mails))


def _kill_often(killer: Killer, box: Box, letters: list[bytes]) -> None:
    share = len(letters) // KILLS
    for turn, instant in enumerate(instants(SEED, KILLS, SHARE_SECONDS)):
        box.deliver(*letters[turn * share : (turn + 1) * share])
        killer.start()
        killer.wait(instant)
        killer.kill()


def _finish(killer: Killer, url: str) -> None:
    killer.start()
    assert killer.wait_until(lambda: _settled(url), 120, every=0.5)
    killer.kill()


def _settled(url: str) -> bool:
    with closing(SqlStore(url, analyser=str.split)) as store, store.read() as tx:
        counts = tx.state_counts()
        return counts.get("cases.suggested", 0) >= LETTERS and not counts.get("outbox.queued", 0)


def _check(url: str, got: Counter[str]) -> None:
    with closing(SqlStore(url, analyser=str.split)) as store, store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=2 * LETTERS))
        threads = Counter(i for line in lines for i in tx.thread(line.id))
        letters = [entry for line in lines for entry in tx.letters_of(line.id)]
    receipts = [e for e in letters if e.letter.kind is LetterKind.MOTTAGNING]
    assert threads == Counter(f"<l{n}@mejl.example>" for n in range(LETTERS))
    assert len({line.number for line in lines}) == len(lines) == LETTERS
    assert Counter(e.in_reply_to for e in receipts) == Counter(f"<l{n}@mejl.example>" for n in range(LETTERS))
    assert not [answers for answers, times in got.items() if times > 1]
    # What did not surely arrive is listed for a person, never silently lost.
    assert {e.in_reply_to for e in receipts if e.status is OutboxStatus.SENT} <= set(got)
    assert {e.in_reply_to for e in receipts} - set(got) <= {e.in_reply_to for e in receipts if e.status in _UNSURE}
