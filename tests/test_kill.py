"""Five hundred letters and a poller killed with SIGKILL at twenty instants: each letter is kept exactly once."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import SqlStore
from storage.migrate import upgrade
from tests.ingest.mailbox.letters import ODD_LETTERS, letter
from tests.servers.dovecot import Box, DovecotFactory, new_dovecot
from tests.servers.killing import Killer, instants

__all__ = ["new_dovecot"]

pytestmark = [pytest.mark.dovecot, pytest.mark.slow, pytest.mark.timeout(600)]

LETTERS, KILLS, SEED = 500, 20, 20261126
# Slow motion: with this wait before each IMAP command a share of the letters takes about as long as the kills are
# spread over, on any machine.
SLOW = 0.004
PASS_SECONDS = {"MOVE": 0.15, "COPY": 0.25}
NO_MOVE = "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE"
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("way", ["MOVE", "COPY"])
def test_killed_at_twenty_instants_every_letter_is_kept_once(
    new_dovecot: DovecotFactory, tmp_path: Path, way: str
) -> None:
    box = new_dovecot(more="" if way == "MOVE" else NO_MOVE).new_box()
    url = f"sqlite:///{tmp_path / 'lyhord.db'}"
    upgrade(url)
    letters = _letters()
    with Killer("tests.servers.polling", url, str(box.server.port), box.user, str(SLOW)) as killer:
        found = kill_often(killer, box, letters, lambda: _count(url), PASS_SECONDS[way])
        finish(killer, box)
    assert _kept(url) == Counter(letters)
    done = Counter(box.messages("Mottagna"))
    # Without MOVE, a kill between COPY and UID EXPUNGE leaves a second copy in the done folder, and none is missing.
    assert done == Counter(letters) if way == "MOVE" else done >= Counter(letters)
    # Else the instants did not hit what this test is about.
    assert found["kept, not moved"]
    assert found["begun, not finished"]


def _letters() -> list[bytes]:
    """Small and large, odd and plain, and some sent twice."""
    odd = list(ODD_LETTERS.values())
    plain = [letter(n, size=50_000 if n % 50 == 0 else 0) for n in range(LETTERS - len(odd) - 10)]
    return [*plain, *odd, *plain[:10]]


def kill_often(killer: Killer, box: Box, letters: list[bytes], kept: Callable[[], int], seconds: float) -> Counter[str]:
    """Deliver a share of the letters, start, kill, twenty times; returns in what states the kills left things.

    ``kept`` counts the raw messages committed, ``seconds`` is what one pass takes.
    """
    found, share = Counter[str](), len(letters) // KILLS
    for turn, instant in enumerate(instants(SEED, KILLS, seconds)):
        part = letters[turn * share : (turn + 1) * share]
        box.deliver(*part[2:])
        box.deliver(*part[:2], folder="Skräppost")
        before = kept()
        killer.start()
        killer.wait(instant)
        killer.kill()
        waiting, delivered = _waiting(box), (turn + 1) * share
        found["kept, not moved"] += kept() + waiting > delivered
        found["begun, not finished"] += before < kept() and waiting > 0
    return found


def finish(killer: Killer, box: Box) -> None:
    """Let the program take in what is left."""
    killer.start()
    assert killer.wait_until(lambda: not _waiting(box), 60, every=0.1)
    killer.kill()


def _waiting(box: Box) -> int:
    return box.count() + box.count("Skräppost")


def _count(url: str) -> int:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        return int(db.execute("SELECT count(*) FROM raw_messages").fetchone()[0])


def _kept(url: str) -> Counter[bytes]:
    with closing(SqlStore(url, analyser=str.split)) as store, store.read() as tx:
        return Counter(tx.raw_content(raw.id) for raw in tx.raw_to_read(10 * LETTERS, FAR))
