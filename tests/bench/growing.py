"""What a letter costs in a database of up to a million cases: ``python -m tests.bench.growing 10000 100000 1000000``.

The first thousand cases are letters taken in by Lyhörd; at each of the sizes the rest are copies of them in SQL, and a
thousand further letters are taken in and measured. SQLite in a temporary folder, or ``--database`` for PostgreSQL.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from storage import SqlStore, migrate
from storage.database.engine import open_engine
from storage.queries.watch import standing
from storage.search.analyse import analyse
from tests.bench.copying import Copier, Copy
from tests.bench.lasting import letters, resident, take_in
from tests.steps.house import SmallHouse

_LETTERS = 1_000
_OPEN = 10  # of each seed: ten thousand cases that somebody works at
_YEARS = 10
_SENT = 200
_SWEEPS = 5
_BYTES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass
class _Growing:
    """A house and the database under it."""

    house: SmallHouse
    engine: sa.Engine
    taken: int = 0
    copied: int = 0

    def use(self, store: SqlStore) -> None:
        """The same database, as after a restart of the daemon."""
        self.house.store = store
        self.house.stages = replace(self.house.stages, store=store)

    def take_in(self) -> None:
        """A thousand more letters."""
        take_in(self.house, letters(self.house, _LETTERS, self.taken))
        self.taken += _LETTERS

    def send(self) -> None:
        """What waits first in the outbox."""
        for _ in range(_SENT // 50):
            self.house.send()

    def sweep(self) -> None:
        """What is looked for every minute: alarms, promises, and how things stand."""
        now = self.house.now
        for _ in range(_SWEEPS):
            self.house.stages.sweep(now)
            self.house.stages.promises(now)
            standing(self.engine, now)

    def copies(self, wanted: int) -> Iterator[Copy]:
        """Those missing to so many cases, the first ones open and of today, the others spread over the years before."""
        more = (wanted - self.taken) // _LETTERS - self.copied
        for n in range(self.copied + 1, self.copied + more + 1):
            yield Copy(n, 0, 1) if n <= _OPEN else Copy(n, 30 + n * 7919 % (365 * _YEARS), 0)
        self.copied += max(0, more)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=int, nargs="+", help="sizes at which to measure, growing")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database instead of SQLite")
    parser.add_argument("--folder", default=None, help="where SQLite's file is to lie (a million cases: some 15 GB)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'growing.sqlite'}"
        migrate.upgrade(url)
        analyse("värm upp orden")
        _measure(url, asked.cases)


def _measure(url: str, sizes: list[int]) -> None:
    engine = open_engine(url)
    with closing(SqlStore(url, analyser=analyse)) as store:
        growing = _Growing(SmallHouse(store), engine)
        growing.take_in()
    copier = Copier(url, whole=True)
    _say("cases | ms of processor a letter | letters/s | ms a letter sent | ms a sweep | MB | GB on disk")
    _say(" | ".join(["---"] * 7))
    for size in sizes:
        engine.dispose()  # nobody else may have it open while it is copied
        _apart(copier.copy, list(growing.copies(size)))
        if engine.name != "sqlite":
            copier.analyse()
        with closing(SqlStore(url, analyser=analyse)) as store:
            growing.use(store)
            growing.take_in()  # what a process learns and reads at its start is not what a letter costs
            _say(_line(growing))
    engine.dispose()


def _apart(work: Callable[[list[Copy]], None], copies: list[Copy]) -> None:
    """In a process of its own, whose memory is not counted here."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(work, copies).result()


def _line(growing: _Growing) -> str:
    cases = _ask(growing.engine, "SELECT count(*) FROM cases")
    wall, cpu = _timed(growing.take_in)
    sent, swept = _timed(growing.send)[0] / _SENT, _timed(growing.sweep)[0] / _SWEEPS
    columns = (
        f"{1000 * cpu / _LETTERS:.2f}",
        f"{_LETTERS / wall:.0f}",
        f"{1000 * sent:.2f}",
        f"{1000 * swept:.0f}",
        f"{resident():.0f}",
        f"{_ask(growing.engine, _BYTES[growing.engine.name]) / 1e9:.1f}",
    )
    return " | ".join((str(cases), *columns))


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock and of this process."""
    began, cpu = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - began, time.process_time() - cpu


def _ask(engine: sa.Engine, question: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(question).scalar_one())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
