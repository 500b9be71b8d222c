"""How fast 10,000 due letters are planned, rendered and sent, and how long a sweep takes when nothing is due."""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.controller import Controller

from cases.case import Case, CaseStatus, Channel, Party
from cases.letters.letter import LetterKind
from cases.ports import Store
from cases.promises import Deadline, PromiseKind
from cases.routing.areas import Area
from cases.steps.answering.leaving import may_leave
from notifier.mime import Identity
from notifier.outbox import send_due
from notifier.smtp import SmtpSender, SmtpServer
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.servers.ports import free_port
from tests.servers.postgres import OwnPostgres
from tests.steps.house import START, SmallHouse

# START is a Thursday morning; at five past four in the afternoon what is due that day leaves.
SENDING = START.replace(hour=15, minute=5)
_SERVER = Identity("Ekdala kommun", "feedback@ekdala.example")


class _Taking:
    """Counts what it takes and keeps nothing."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.taken += 1
        return "250 taken"


def _serve(line: Connection) -> None:
    taking = _Taking()
    port = free_port()
    controller = Controller(taking, hostname="127.0.0.1", port=port)
    controller.start()
    line.send(port)
    line.recv()
    line.send(taking.taken)
    controller.stop()


@contextmanager
def smtp_process() -> Iterator[tuple[int, Connection]]:
    """A mail server in a process of its own, so that its work is not counted as ours."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.join(timeout=5)
        process.terminate()


def a_case(house: SmallHouse, number: int, due: date, status: CaseStatus) -> Case:
    """A case in its unit's hands that is owed a status by a day."""
    return Case(
        id=house.office.new_id(),
        number=f"EK-2026-{number:06d}",
        token=house.office.new_id(),
        status=status,
        received_at=START - timedelta(days=10),
        channel=Channel.EMAIL,
        sender=Party(name="Berit Alm", email=f"invanare{number}@mejl.example"),
        subject="Trasig lampa",
        authority_id=house.office.organisation.home_authority,
        area=Area.GATA_PARK,
        language="sv",
        unit_id="gata",
        closed_at=START if status is CaseStatus.CLOSED else None,
        deadlines=(Deadline(PromiseKind.STATUS, due),),
    )


def fill(house: SmallHouse, numbers: range, due: date, status: CaseStatus) -> None:
    """So many cases, a thousand in a transaction."""
    for start in range(numbers.start, numbers.stop, 1000):
        with house.store.begin() as tx:
            for number in range(start, min(start + 1000, numbers.stop)):
                tx.add_case(a_case(house, number, due, status))


def posting(store: Store, letters: int) -> tuple[float, float, int]:
    """Seconds on the clock and of our own processor from nothing planned to all sent, and what the server took."""
    house = SmallHouse(store)
    # A reminder before would be a letter more for each, and is due the day before.
    fill(house, range(1, letters + 1), SENDING.date(), CaseStatus.ROUTED)
    with store.begin() as tx:
        for line in tx.cases_due(SENDING.date()):
            tx.mark(line, LetterKind.PAMINNELSE_FORE, SENDING.date(), START)
    with smtp_process() as (port, line):
        began, cpu = time.monotonic(), time.process_time()
        house.stages.promises(SENDING)
        server = SmtpServer("127.0.0.1", port, tls="none")
        sent = 0
        while now_sent := _pass(house, server):
            sent += now_sent
        took = time.monotonic() - began, time.process_time() - cpu
        line.send("stop")
        return (*took, int(line.recv()))


def _pass(house: SmallHouse, server: SmtpServer) -> int:
    with SmtpSender(server, _SERVER, lambda: SENDING) as sender:
        return send_due(
            house.store,
            sender,
            now=SENDING,
            clock=lambda: SENDING,
            new_id=house.office.new_id,
            check=lambda tx, entry: may_leave(tx, entry, house.office),
        ).sent


def sweeping(store: Store, cases: int, times: int = 40) -> float:
    """The 95th percentile, in milliseconds, of a whole sweep where one case in twenty is open and none is due."""
    house = SmallHouse(store)
    house.office = replace(house.office)
    far = SENDING.date() + timedelta(days=60)
    opened = cases // 20
    fill(house, range(1, opened + 1), far, CaseStatus.IN_PROGRESS)
    fill(house, range(opened + 1, cases + 1), SENDING.date() - timedelta(days=30), CaseStatus.CLOSED)
    took = sorted(_sweep(house, SENDING + timedelta(seconds=n)) for n in range(times))
    return 1000 * took[int(0.95 * times)]


def _sweep(house: SmallHouse, now: datetime) -> float:
    began = time.monotonic()
    house.stages.sweep(now)
    house.stages.promises(now)
    return time.monotonic() - began


def lines(urls: dict[str, list[str]], letters: int, cases: int) -> Iterator[str]:
    """What to print: for each database, the two figures; it needs two empty databases."""
    for name, (first, second) in urls.items():
        store = opened(first)
        wall, cpu, taken = posting(store, letters)
        store.close()
        yield (
            f"letters, {name:10} {taken} planned, rendered and sent in {wall:.0f} s "
            f"({cpu:.0f} s of processor; 10,000 in {10_000 * wall / max(1, taken):.0f} s)"
        )
        store = opened(second)
        yield f"sweep, {name:10}   p95 {sweeping(store, cases):.0f} ms over {cases} cases with nothing due"
        store.close()


def opened(url: str) -> SqlStore:
    """An upgraded store."""
    migrate.upgrade(url)
    return SqlStore(url, analyser=analyse)


def main() -> None:
    """``LETTERS CASES [SQLite] [PostgreSQL]``: on both, where neither is named."""
    letters, cases, *named = sys.argv[1:]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"SQLite": [f"sqlite:///{folder / name}.sqlite" for name in "ab"]}
        if not named or "PostgreSQL" in named:
            own = stack.enter_context(OwnPostgres(safe=True))
            urls["PostgreSQL"] = [own.create("letters"), own.create("sweep")]
        for line in lines({name: urls[name] for name in named or urls}, int(letters), int(cases)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
