"""A daemon's reading and suggesting on letters that are kept: ``worker URL``; it ends when nothing is left.

It says ``ready``, begins at a line on standard input, and says how many letters it read and suggested.
"""

import json
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

from storage import SqlStore
from storage.database.locks import open_lock
from storage.search.analyse import analyse
from tests.steps.house import UNLIMITED, SmallHouse, mail

_PAUSE = 0.02


def main() -> None:
    """Work as the daemon does: each pass in a thread of its own, and by one daemon at a time."""
    url = sys.argv[1]
    analyse("värm upp orden")
    with closing(SqlStore(url, analyser=analyse)) as store:
        # The house's two people have the same ids in every process, what they do has not.
        people = [f"{n:032x}" for n in (2, 1)]
        changes = {**UNLIMITED, "new_id": lambda: people.pop() if people else uuid4().hex}
        house = SmallHouse(store, office_changes=changes)
        house.stages.parse(mail())
        _say("ready")
        sys.stdin.readline()
        done = {"read": 0, "suggested": 0}
        all_read = threading.Event()

        def read() -> None:
            done["read"] = _work(url, "read", lambda: house.stages.read(house.now).total(), lambda: not _unread(house))
            all_read.set()

        reader = threading.Thread(target=read)
        reader.start()
        done["suggested"] = _work(url, "suggest", lambda: house.stages.suggest(house.now, limit=50), all_read.is_set)
        reader.join()
        _say(json.dumps(done))


def _work(url: str, name: str, job: Callable[[], int], over: Callable[[], bool]) -> int:
    total, pause = 0, threading.Event()
    while True:
        last = over()
        lock = open_lock(url, f"pass {name}")
        try:
            made = job() if lock.take() else 0
        finally:
            lock.release()
        total += made
        if last and not made:
            return total
        if not made:
            pause.wait(_PAUSE)


def _unread(house: SmallHouse) -> bool:
    with house.store.read() as tx:
        return bool(tx.raw_to_read(1, house.now))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
