"""How many letters 1, 2 and 4 daemons read and suggest on one PostgreSQL: ``python -m tests.bench.workers``."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from cases.inbound.messages import RawMessage
from ingest.mailbox import Batch
from ingest.poller import PollReport, keep_batch
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.bench.corpus import corpus
from tests.servers.postgres import OwnPostgres
from tests.steps.house import START

_ROOT = Path(__file__).parents[2]
_BATCH = 50
_LONGEST = 600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1000, help="kept before the daemons begin")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(workers_table(corpus(Path(folder), asked.letters)) + "\n")


def workers_table(mails: Sequence[bytes], counts: Sequence[int] = (1, 2, 4)) -> str:
    """The figures as Markdown; letters are kept before the clock starts, the model is played."""
    lines = ["| daemons | letters/s | read by each | suggested by each |", "| --- | --- | --- | --- |"]
    with OwnPostgres(safe=True) as postgres:
        for count in counts:
            url = postgres.create(f"workers{count}")
            _keep(url, mails)
            took, done = _race(url, count)
            each = (", ".join(str(one[what]) for one in done) for what in ("read", "suggested"))
            lines.append(f"| {count} | {len(mails) / took:.0f} | {' | '.join(each)} |")
    return "\n".join(lines)


def _keep(url: str, mails: Sequence[bytes]) -> None:
    migrate.upgrade(url)
    store = SqlStore(url, analyser=analyse)
    raws = [
        RawMessage("feedback", "INBOX", 1, n + 1, START, raw, sha256(raw).hexdigest()) for n, raw in enumerate(mails)
    ]
    ids = iter(f"{n:032x}" for n in range(1 << 40, (1 << 40) + len(raws)))
    for start in range(0, len(raws), _BATCH):
        part = tuple(raws[start : start + _BATCH])
        keep_batch(store, Batch(messages=part), START, lambda: next(ids), PollReport())
    store.close()


def _race(url: str, count: int) -> tuple[float, list[dict[str, int]]]:
    """Seconds from the start to the end of the last one, and what each did."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.subjects.worker", url]
    with ExitStack() as stack:
        racers = []
        for _ in range(count):
            one = stack.enter_context(
                subprocess.Popen(command, cwd=_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
            racers.append(one)
        began = time.monotonic()
        told = [_start(one) for one in racers]
        done = [json.loads(one.communicate(timeout=_LONGEST)[0].splitlines()[-1]) for one in told]
        return time.monotonic() - began, done


def _start(one: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert one.stdin is not None
    one.stdin.write("\n")
    one.stdin.flush()
    return one


if __name__ == "__main__":
    main()
