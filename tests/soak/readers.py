"""What can happen to the process that reads, and to all of the daemon's together."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial

from tests.soak.processes import ended, family, reader_of, tell
from tests.soak.world import END_SECONDS, World

# How often it is looked, a millisecond apart, whether the reader has begun.
_LOOKS = 3000


def readers_faults(world: World) -> dict[str, Callable[[], None]]:
    """By name; each has come to an end when it returns."""
    return {
        "reader killed": partial(_kill, world),
        "reader stopped, database cut": partial(_cut_under, world, signal.SIGCONT),
        "reader killed, database cut": partial(_cut_under, world, signal.SIGKILL),
        "keeper and reader killed": partial(_kill_keeper, world),
        "all told to stop while the reader reads": partial(_tell_all, world),
    }


def _in_the_midst(world: World) -> int | None:
    """The reader, a moment after it began to read letters that just came; None where nobody reads."""
    world.deliver(*(world.written.write() for _ in range(world.dice.randint(4, 8))))
    mark = world.folder / "reading"
    for _ in range(_LOOKS):
        if mark.exists():
            break
        world.pause(0.001)
    world.pause(world.dice.random() * 0.005)
    return reader_of(world.daemon.pid)


def _meet(world: World, how: str) -> None:
    """Count it, where the pass had not ended."""
    world.met[f"readers {how} in a pass"] += (world.folder / "reading").exists()


def _kill(world: World) -> None:
    reader = _in_the_midst(world)
    if reader is not None:
        tell(reader, signal.SIGKILL)
        _meet(world, "killed")
    world.some_time()


def _cut_under(world: World, then: signal.Signals) -> None:
    """Stop it in the midst, take the database away for a while, and let it go on, or not."""
    reader = _in_the_midst(world)
    if reader is None:
        return
    tell(reader, signal.SIGSTOP)
    _meet(world, "stopped")
    with _cut(world):
        world.some_time()
        tell(reader, then)
        world.some_time()


@contextmanager
def _cut(world: World) -> Iterator[None]:
    """No database: its connections are reset and nobody is let in; on SQLite another writes."""
    if world.sql is not None:
        world.sql.close_off()
        yield
        world.sql.heal()
        return
    with closing(sqlite3.connect(world.file, timeout=0.2, isolation_level=None)) as other:
        # Who was stopped may be writing itself: it is held then already.
        with suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        yield


def _kill_keeper(world: World) -> None:
    """And the reader after it, so that nobody is left who reads: the daemon has to end, and is started anew."""
    processes = family(world.daemon.pid)
    for process in processes[1:]:
        tell(process, signal.SIGKILL)
    _must_end(world, processes, "without its keeper")


def _tell_all(world: World) -> None:
    """As systemd does at a stop or an upgrade: the pass is made to its end, and all are gone within a minute."""
    _in_the_midst(world)
    processes = family(world.daemon.pid)
    for process in processes:
        tell(process, signal.SIGTERM)
    _must_end(world, processes, "though it was told to stop")


def _must_end(world: World, processes: list[int], when: str) -> None:
    if not ended(processes, world.pause, END_SECONDS):
        world.wrong.append(f"the daemon goes on {when}")
        world.stop()
