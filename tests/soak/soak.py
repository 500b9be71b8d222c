"""The soak itself: letters come, one fault after the other, then peace, and the checker."""

import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.soak.checker import Found, check, waiting
from tests.soak.letters import Kind
from tests.soak.person import put_back
from tests.soak.readers import readers_faults
from tests.soak.standby import standbys_faults
from tests.soak.world import World

# So long without any progress, and so long at most.
_PEACE_SECONDS, _LONGEST_PEACE_SECONDS = 90.0, 400.0
_LATER = 5 * 3600.0  # past the longest wait between two tries
Say = Callable[[str], None]


def soak(
    folder: Path,
    database: str,
    *,
    seed: int,
    faults: int,
    say: Say,
    large: int = 0,
    at_once: int = 0,
    only: str = "",
) -> tuple[Found, Counter[str]]:
    """So many faults among letters, and what was found; ``large`` bytes of one letter, ``at_once`` more at a time.

    ``only`` is a regular expression, looked for in the names of the faults to take.
    """
    dice = random.Random(seed)
    with World(folder, database, seed, threading.Event().wait) as world:
        world.keep_alive()
        extra = [world.written.write(size=large)] if large else []
        world.deliver(*extra, *(world.written.write() for _ in range(at_once)))
        done = _torment(world, faults, dice, say, only)
        left = _make_peace(world, say)
        # Nothing may change any more while it is judged.
        world.stop()
        sent = [(to, mail.content) for to, mails in world.post.boxes().items() for mail in mails]
        found = check(world.url, world.written, world.folders(), sent)
        endless = [f"no end to {name}: {count}" for name, count in left.items()]
        wrong = [*endless, *world.wrong, *found.wrong]
        return replace(
            found, wrong=wrong, counts=found.counts | dict(world.met) | {"tokens asked for": world.keys.given}
        ), done


def _torment(world: World, faults: int, dice: random.Random, say: Say, only: str) -> Counter[str]:
    faulty = world.faults() | readers_faults(world) | standbys_faults(world)
    can = {name: fault for name, fault in faulty.items() if re.search(only, name)}
    done: Counter[str] = Counter()
    for name in itertools.islice(_deck(list(can), dice), faults):
        done["daemon found dead"] += world.keep_alive()
        world.deliver(*_some_letters(world, dice))
        can[name]()
        done[name] += 1
        if not done.total() % 25:
            say(f"  {done.total()} faults, {len(world.written.kinds)} letters")
    return done


def _deck(names: list[str], dice: random.Random) -> Iterator[str]:
    """Every fault once before any comes twice."""
    while True:
        yield from dice.sample(names, len(names))


def _some_letters(world: World, dice: random.Random) -> list[bytes]:
    written = world.written
    known = written.of(Kind.NEW)
    raws = [written.write() for _ in range(dice.randint(1, 3))]
    # To one of long ago: a reply that is read before its letter is rightly a case of its own.
    if known and dice.random() < 0.3:
        raws.append(written.write(Kind.REPLY, answers=dice.choice(known[: len(known) // 2 + 1])))
    return raws


def _make_peace(world: World, say: Say) -> dict[str, int]:
    """Everything works; the clock is turned on, so that what waits for another try gets it. Returns what is left."""
    began = moved = time.monotonic()
    left: dict[str, int] = {}
    while (now := time.monotonic()) - moved < _PEACE_SECONDS and now - began < _LONGEST_PEACE_SECONDS:
        world.keep_alive()
        world.pause(1.0)
        before, left = left, _waiting(world)
        if not left and not _put_back(world):
            return {}
        if left == before:
            world.turn_clock(_LATER)
        else:
            moved = now
    say(f"  not at peace after {now - began:.0f} s: {left}\n{world.threads()}")
    return left


def _put_back(world: World) -> int:
    """By a person, once nothing else waits."""
    count = put_back(world.url, world.tried_again, datetime.now(UTC) + timedelta(seconds=world.clock))
    world.met["letters put aside and read again"] += count
    return count


def _waiting(world: World) -> dict[str, int]:
    """What is not done, in the order of a letter's way: one that goes on meanwhile is seen at its next place."""
    inbox = world.box.count()
    return ({"letters in the inbox": inbox} if inbox else {}) | waiting(world.url)
