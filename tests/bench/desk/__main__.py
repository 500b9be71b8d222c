"""Fills a database and measures the desk over it: ``python -m tests.bench.desk [--full] [--database URL]``."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from storage import migrate
from tests.bench.desk.alone import alone
from tests.bench.desk.filling import fill
from tests.bench.desk.load import measure

SMALL, FULL = (1_000, 10_000), (10_000, 200_000)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="10,000 open and 200,000 closed cases (some minutes)")
    parser.add_argument("--database", help="an empty database to fill, instead of SQLite in a temporary folder")
    parser.add_argument("--filled", action="store_true", help="the database is filled already")
    parser.add_argument("--seconds", type=float, default=20, help="how long eight people work at it")
    parser.add_argument("--thinks", type=float, default=0.5, help="seconds each looks at a page, on average")
    parser.add_argument("--processes", type=int, default=2, help="how many the desk has")
    parser.add_argument("--alone", action="store_true", help="each page by itself first")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        if not asked.filled:
            filled(url, *(FULL if asked.full else SMALL))
        for line in alone(url) if asked.alone else ():
            sys.stdout.write(line + "\n")
        sys.stdout.write("\n".join(measure(url, asked.seconds, asked.thinks, asked.processes).lines()) + "\n")


def filled(url: str, opened: int, closed: int) -> None:
    """Migrate and fill, and say how long it took."""
    began = time.monotonic()
    migrate.upgrade(url)
    fill(url, opened, closed)
    sys.stdout.write(f"{opened} open and {closed} closed cases, filled in {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
