"""What a letter costs, and how much memory is held, as cases become many: ``python -m tests.bench.lasting``.

Letters are kept, read and suggested without mailbox and classifier, on SQLite or ``--database``; one line at each step.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cases.inbound.messages import RawMessage
from ingest.mailbox import Batch
from ingest.poller import PollReport, keep_batch
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.steps.house import SmallHouse, mail

_BATCH = 50
_WRITERS = 20_000
_THINGS = ("gatlyktan", "bussen", "lekplatsen", "cykelvägen", "skolmaten", "badplatsen", "hemtjänsten", "soprummet")
_PLACES = ("torget", "skolan", "stationen", "biblioteket", "ån", "kyrkan", "sjukhuset", "hamnen", "rondellen")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=20_000, help="to take in, each a case")
    parser.add_argument("--every", type=int, default=1_000, help="letters between two lines")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database instead of SQLite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'lasting.sqlite'}"
        migrate.upgrade(url)
        analyse("värm upp orden")
        with closing(SqlStore(url, analyser=analyse)) as store:
            _measure(SmallHouse(store), asked.letters, asked.every)


def _measure(house: SmallHouse, count: int, every: int) -> None:
    left = letters(house, count)
    _say("cases | ms of processor a letter | letters/s | MB\n--- | --- | --- | ---")
    for done in range(every, count + 1, every):
        began, cpu = time.monotonic(), time.process_time()
        take_in(house, islice(left, every))
        took, cpu = time.monotonic() - began, time.process_time() - cpu
        _say(f"{done} | {1000 * cpu / every:.2f} | {every / took:.0f} | {resident():.0f}")


def take_in(house: SmallHouse, raws: Iterator[RawMessage]) -> None:
    """Keep, read and suggest, as many letters at a time as the daemon takes."""
    while some := tuple(islice(raws, _BATCH)):
        keep_batch(house.store, Batch(messages=some), house.now, house.office.new_id, PollReport())
        house.stages.read(house.now)
        house.stages.suggest(house.now, limit=_BATCH)


def letters(house: SmallHouse, count: int, start: int = 0) -> Iterator[RawMessage]:
    """So many short letters, each one's number in its Message-ID and UID."""
    for n in range(start, start + count):
        thing, place = _THINGS[n % len(_THINGS)], _PLACES[n % len(_PLACES)]
        body = (
            f"Hej!\n\n{thing.capitalize()} vid {place} nummer {n % 977} är trasig sedan {n % 31} dagar.\n\nHälsningar"
        )
        raw = mail(
            body,
            subject=f"{thing} vid {place}",
            sender=f"Person {n % _WRITERS} <p{n % _WRITERS}@mejl.example>",
            message_id=f"<lasting{n}@mejl.example>",
        )
        yield RawMessage("feedback", "INBOX", 1, n + 1, house.now, raw, sha256(raw).hexdigest())


def resident() -> float:
    """Megabytes of this process that lie in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1_048_576


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
