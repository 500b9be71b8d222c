"""Claims in our own outbox beside the queue procrastinate, on one PostgreSQL: ``python -m tests.bench.queueing``.

Both hand out the same number of jobs that do nothing, so that what is measured is the queue. procrastinate is no
dependency of Lyhörd: install it for this alone (``pip install procrastinate``). Results: docs/decisions/queue.md.
"""

import asyncio
import importlib.util
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cases.letters.letter import OutboxStatus
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.notifier.conftest import entry
from tests.servers.cluster import Cluster, own_folder, serve
from tests.servers.ports import free_port

JOBS, BATCH, WORKERS = 1000, 50, (1, 2, 4)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL on loopback of its own; as in the tests it does not wait for the disk, for either of the two."""
    with own_folder() as data:
        yield from serve(data, free_port())


def ours(url: str, workers: int) -> float:
    """Jobs a second: claimed fifty at a time, each ended in a transaction of its own, as letters are sent."""
    with closing(SqlStore(url, analyser=analyse)) as store:
        with store.begin() as tx:
            for _ in range(JOBS):
                tx.queue(replace(entry(), id=uuid4().hex, case_id=None, not_before=NOW, created_at=NOW))
        began = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            done = sum(pool.map(lambda _: _work(store), range(workers)))
        assert done == JOBS
        return JOBS / (time.monotonic() - began)


def _work(store: SqlStore) -> int:
    done = 0
    while True:
        with store.begin() as tx:
            due = tx.due(BATCH, NOW + timedelta(minutes=1))
            claimed = [mine for one in due if (mine := tx.claim(one, None, NOW))]
        if not due:
            return done
        for one in claimed:
            with store.begin() as tx:
                tx.update_entry(replace(one, status=OutboxStatus.SENT))
            done += 1


def theirs(url: str, workers: int) -> float:
    """Jobs a second with procrastinate's worker, which ends each job by a statement of its own."""
    procrastinate = importlib.import_module("procrastinate")
    return asyncio.run(_theirs(procrastinate, url, workers))


async def _theirs(procrastinate, url: str, workers: int) -> float:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        del number

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({"number": number} for number in range(JOBS)))
        began = time.monotonic()
        await app.run_worker_async(wait=False, concurrency=workers, install_signal_handlers=False, listen_notify=False)
        return JOBS / (time.monotonic() - began)


def main() -> None:
    """Print a table."""
    there = importlib.util.find_spec("procrastinate") is not None
    with cluster() as server:
        sys.stdout.write(f"{JOBS} jobs; a second\nworkers  ours  procrastinate\n")
        for workers in WORKERS:
            own = ours(_database(server, "ours", workers, shaped=True), workers)
            other = f"{theirs(_database(server, 'theirs', workers), workers):.0f}" if there else "not installed"
            sys.stdout.write(f"{workers:7}  {own:4.0f}  {other}\n")
            sys.stdout.flush()


def _database(server: Cluster, name: str, workers: int, *, shaped: bool = False) -> str:
    server.execute(f"CREATE DATABASE {name}{workers}")
    url = server.url(f"{name}{workers}")
    if shaped:
        migrate.upgrade(url)
    return url


if __name__ == "__main__":
    main()
