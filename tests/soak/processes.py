"""The processes of the daemon: itself, the keeper it has forked, and the reader that the keeper has."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Pause = Callable[[float], object]


def family(daemon: int | None) -> list[int]:
    """Daemon, keeper and reader, as far as they are there."""
    found: list[int] = []
    newest = daemon
    while newest is not None:
        found.append(newest)
        children = _children(newest)
        # Its first: the daemon forks the keeper before it does anything else.
        newest = children[0] if children and len(found) < 3 else None
    return found


def reader_of(daemon: int | None) -> int | None:
    """The reader's process id; None where there is none just now."""
    found = family(daemon)
    return found[2] if len(found) == 3 else None


def tell(process: int, number: signal.Signals) -> None:
    """Send a signal, to nobody where the process is gone."""
    with suppress(ProcessLookupError):
        os.kill(process, number)


def ended(processes: list[int], pause: Pause, seconds: float) -> bool:
    """Whether all of them end by themselves in so many seconds; waits for it."""
    for _ in range(round(seconds / 0.02)):
        if not any(_lives(one) for one in processes):
            return True
        pause(0.02)
    return False


def _children(process: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _lives(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # After the name, which may hold anything, comes the state; a zombie has ended.
    return stat.rpartition(")")[2].split()[0] not in "ZX"
