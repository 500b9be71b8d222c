"""``lyhord simulate``: a year of a municipality in minutes, judged by an independent checker."""

import argparse
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.simulate.checker import breaches
from service.simulate.records import History
from service.simulate.year import play

_SHOWN = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which municipality, how much, which year of chance."""
    parser.add_argument("--profile", choices=("osby", "rattvik"), default="rattvik", help="vems rutin (rattvik)")
    parser.add_argument("--cases", type=int, default=3000, metavar="ANTAL", help="ungefär så många brev (3000)")
    parser.add_argument("--seed", type=int, default=1, metavar="TAL", help="samma tal ger samma år (1)")
    parser.add_argument("--year", type=int, default=2026, metavar="ÅR", help="vilket år (2026)")


def run(asked: argparse.Namespace) -> int:
    """Play the year and print what came of it; 1 where a promise or a rule was broken."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _expected_outages():
        history, refused = play(asked.profile, asked.year, asked.cases, asked.seed, Path(folder), planned=True)
    played = time.monotonic() - began
    broken = breaches(history)
    print(f"{asked.profile}, {asked.year}, frö {asked.seed}: spelat på {played:.0f} s")
    for line in report_lines(history, refused, broken):
        print(line)
    return 1 if broken else 0


@contextmanager
def _expected_outages() -> Iterator[None]:
    """While it lasts the outbox warns nobody: the year has its mail server fail on purpose."""
    outbox = logging.getLogger("lyhord.outbox")
    before = outbox.level
    outbox.setLevel(logging.ERROR)
    try:
        yield
    finally:
        outbox.setLevel(before)


def report_lines(history: History, refused: list[str], broken: list[str]) -> Iterator[str]:
    """What happened in the year, and each breach."""
    yield f"{len(history.facts)} ärenden, {len(history.letters)} brev, {len(history.events)} rader i journalerna"
    kinds = Counter(left.kind for left in history.letters)
    yield "brev: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    if history.compiled is not None:
        for kind, (promised, in_time, as_told) in history.compiled.in_time.items():
            if in_time is not None and as_told is not None:
                yield f"löftet {kind}: {promised} givna, {in_time:.0%} i tid, {as_told:.0%} med besked om ny dag"
    for what, count in Counter(refused).most_common(5):
        yield f"nekades {count} gånger: {what}"
    yield f"brott: {len(broken)}"
    yield from (f"  {one}" for one in broken[:_SHOWN])
    if len(broken) > _SHOWN:
        yield f"  ... och {len(broken) - _SHOWN} till"
