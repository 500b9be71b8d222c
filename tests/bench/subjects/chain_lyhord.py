"""Lyhörd's chain on a mailbox: ``chain_lyhord URL PORT USER PASSWORD EXPECTED``; figures as JSON on the last line."""

import itertools
import json
import resource
import sys
import time

from ingest.address import MailboxAddress, PasswordLogin, TlsMode
from ingest.mailbox import ImapMailbox
from ingest.poller import poll_once
from service.bootstrap import settle, warm_up
from storage import SqlStore, migrate
from storage.analyse import analyse
from tests.steps.house import SmallHouse


def main() -> None:
    """Fetch, keep, read, thread, make searchable, queue the receipts; the model is played."""
    url, port, user, password, expected = sys.argv[1:]
    migrate.upgrade(url)
    # As ``lyhord run`` does before it begins.
    warm_up()
    store = SqlStore(url, analyser=analyse)
    house = SmallHouse(store, office_changes={"receipts_per_day": 10_000})
    settle()
    login = PasswordLogin(lambda: password)
    mailbox = ImapMailbox(MailboxAddress("bench", "127.0.0.1", int(port), user, login, tls=TlsMode.NONE))
    marks = [(time.monotonic(), time.process_time())]
    report = poll_once(mailbox, store, now=house.now, new_id=house.office.new_id)
    marks.append((time.monotonic(), time.process_time()))
    while house.stages.read(house.now, limit=200):
        pass
    marks.append((time.monotonic(), time.process_time()))
    while house.stages.suggest(house.now, limit=200):
        pass
    marks.append((time.monotonic(), time.process_time()))
    mailbox.close()
    store.close()
    assert report.kept + len(report.oversized) == int(expected), report
    _print(marks, int(expected))


def _print(marks: list[tuple[float, float]], letters: int) -> None:
    (began, cpu), (ended, cpu_ended) = marks[0], marks[-1]
    stages = [round(1000 * (b[1] - a[1]) / letters, 2) for a, b in itertools.pairwise(marks)]
    figures = {
        "rate": letters / (ended - began),
        "cpu_ms": 1000 * (cpu_ended - cpu) / letters,
        "stages": stages,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
