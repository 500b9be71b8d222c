"""Lyhörd's chain on a mailbox: ``chain_lyhord URL PORT USER PASSWORD EXPECTED``; figures as JSON on the last line.

As in the daemon, letters are fetched and kept, read in another process, and suggested, all at the same time.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from ingest.address import MailboxAddress, PasswordLogin, TlsMode
from ingest.mailbox import ImapMailbox
from ingest.poller import PollReport, poll_once
from notifier import TemplateRenderer
from service.clock_and_ids import new_id
from service.processes.reading_room import ReadingRoom
from service.whole_house import settle, warm_up
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.bench.memory import most_resident_mb
from tests.steps.house import UNLIMITED, SmallHouse

# As many letters a pass as the daemon asks for; where fewer waited it looks again after two seconds.
_FULL_READ, _FULL_SUGGEST = 200, 32
_READ_WAIT, _SUGGEST_WAIT = 0.01, 0.05


def main() -> None:
    """Fetch, keep, read, thread, make searchable, queue the receipts; the model is played."""
    url, port, user, password, expected = sys.argv[1:]
    migrate.upgrade(url)
    # As ``lyhord run`` does before it begins.
    warm_up()
    store = SqlStore(url, analyser=analyse)
    house = SmallHouse(store, office_changes={**UNLIMITED, "new_id": new_id})
    assert isinstance(house.office.renderer, TemplateRenderer)
    house.office.renderer.prepare()
    settle()
    store.close()
    login = PasswordLogin(lambda: password)
    mailbox = ImapMailbox(MailboxAddress("bench", "127.0.0.1", int(port), user, login, tls=TlsMode.NONE))
    with ReadingRoom(house.stages.read, lost=os.abort) as room, ThreadPoolExecutor(2) as threads:
        began, cpu = time.monotonic(), time.process_time()
        reading = threads.submit(_read, room, house, int(expected))
        suggesting = threads.submit(_suggest, house, reading)
        report, kept = _timed(lambda: poll_once(mailbox, store, now=house.now, new_id=new_id))
        suggested = suggesting.result()
        wall, cpu = time.monotonic() - began, time.process_time() - cpu
    read = _seconds(resource.getrusage(resource.RUSAGE_CHILDREN))
    mailbox.close()
    store.close()
    assert report.kept + len(report.oversized) == int(expected), report
    _print(int(expected), wall, cpu + read, (kept, read, suggested))


def _read(room: ReadingRoom, house: SmallHouse, letters: int) -> None:
    while letters > 0:
        done = room.read(house.now, _FULL_READ).total()
        letters -= done
        if done < _FULL_READ:
            time.sleep(_READ_WAIT)


def _suggest(house: SmallHouse, reading: "Future[None]") -> float:
    """Until all is read and suggested; seconds of this thread's processor."""
    began = time.thread_time()
    while True:
        last = reading.done()
        done = house.stages.suggest(house.now, _FULL_SUGGEST)
        if last and not done:
            reading.result()
            return time.thread_time() - began
        if done < _FULL_SUGGEST:
            time.sleep(_SUGGEST_WAIT)


def _timed(work: Callable[[], PollReport]) -> tuple[PollReport, float]:
    began = time.thread_time()
    return work(), time.thread_time() - began


def _seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _print(letters: int, wall: float, cpu: float, stages: tuple[float, ...]) -> None:
    figures = {
        "rate": letters / wall,
        "cpu_ms": 1000 * cpu / letters,
        "stages": [round(1000 * stage / letters, 2) for stage in stages],
        "mb": most_resident_mb(),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
