"""``make soak``: so many faults on each database, and what was found. Ends with 1 where anything was wrong.

More than a hundred faults are several runs, each with a world of its own and the next seed.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.soak import soak
from tests.soak.world import missing

# The clock's faults add up to days, and nobody answers a letter: after many, most of the time would go into reminders.
_LONGEST_RUN = 100


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=int(os.environ.get("SOAK_FAULTS", "40")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SOAK_SEED", random.randrange(10**6))))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--at-once", type=int, default=int(os.environ.get("SOAK_AT_ONCE", "0")), help="letters")
    parser.add_argument("--large", type=int, default=0, help="bytes of one large letter")
    parser.add_argument("--only", default="", help="regular expression: faults to take, as reader")
    asked = parser.parse_args()
    if missing():
        _say(missing())
        return 1
    databases = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    return max(_one(database, asked) for database in databases)


def _one(database: str, asked: argparse.Namespace) -> int:
    parts = [min(_LONGEST_RUN, asked.faults - start) for start in range(0, asked.faults, _LONGEST_RUN)]
    return max([_run(database, asked, asked.seed + n, faults) for n, faults in enumerate(parts or [0])])


def _run(database: str, asked: argparse.Namespace, seed: int, faults: int) -> int:
    _say(f"{database}: SOAK_SEED={seed} SOAK_FAULTS={faults}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lyhord-soak-") as folder:
        found, done = soak(
            Path(folder),
            database,
            seed=seed,
            faults=faults,
            say=_say,
            large=asked.large,
            at_once=asked.at_once,
            only=asked.only,
        )
    _say("  faults: " + ", ".join(f"{name} {count}" for name, count in sorted(done.items())))
    _say("  " + ", ".join(f"{name}: {count}" for name, count in found.counts.items()))
    _say(f"  {time.monotonic() - began:.0f} s; " + (f"{len(found.wrong)} WRONG" if found.wrong else "nothing wrong"))
    for line in found.unsure:
        _say(f"  uncertain: {line}")
    for line in found.wrong[:50]:
        _say(f"  wrong: {line}")
    return int(bool(found.wrong))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
