"""``python -m tests.soak.desk``: the desk killed while a person confirms, answers and uploads; nothing is half done.

Every process of it is killed at once at a random instant of a form's way. The person sends the same form again, as one
does whose page does not come, and once in all is what was meant done: with its files, its journal and its letter.
"""

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx

from storage import SqlStore
from storage.migrate import upgrade
from tests.desk import house as h
from tests.desk.steps import routed
from tests.desk.test_processes import Desk
from tests.servers.desking import split
from tests.servers.postgres import OwnPostgres
from tests.soak.checker import rows

# A form with a file of 400 kB is answered within this where the machine has other work too.
_ITS_WAY = 0.3
_FILE_BYTES = 200_000
_TRIES = 600
_QUESTIONS = {
    "confirmed more than once": """
        SELECT case_id FROM journal WHERE kind = 'confirmed' GROUP BY case_id HAVING count(*) > 1""",
    "decided more than once": "SELECT case_id FROM decisions GROUP BY case_id HAVING count(*) > 1",
    "decided, and its journal does not know": """
        SELECT case_id FROM decisions WHERE NOT EXISTS
        (SELECT 1 FROM journal WHERE journal.case_id = decisions.case_id AND kind = 'confirmed')""",
    "answered more than once": "SELECT case_id FROM outbox WHERE kind = 'svar' GROUP BY case_id HAVING count(*) > 1",
    "answered, and its journal does not know": """
        SELECT case_id FROM outbox WHERE kind = 'svar' AND NOT EXISTS
        (SELECT 1 FROM journal WHERE journal.case_id = outbox.case_id AND kind = 'letter_queued')""",
    "a file without its content": """
        SELECT id FROM attachments WHERE digest NOT IN (SELECT digest FROM attachment_contents)""",
    "a number twice": "SELECT number FROM cases GROUP BY number HAVING count(*) > 1",
}


@dataclass
class Office:
    """The desk, who sits at it, and what they did."""

    url: str
    house: h.House
    desk: Desk
    dice: random.Random
    meant: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def send(self, what: str, path: str, **form: object) -> None:
        """Send a form, kill the desk meanwhile, and send it again until something answers."""
        self.meant[what] += 1
        answers: list[int] = []
        sending = threading.Thread(target=self._post_once, args=(path, form, answers))
        sending.start()
        time.sleep(self.dice.random() * _ITS_WAY)
        self.met["killed before it answered"] += not answers
        for process in self.desk.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        sending.join()
        if not answers:
            self._tried(lambda: self._post(path, form, answers))
        if answers[-1:] not in ([200], [303], [409]):
            self.wrong.append(f"{what}: answered {answers}")

    def page(self, path: str) -> str:
        """A page."""
        shown: list[str] = []
        self._tried(lambda: shown.append(self.desk.client.get(path).text))
        return shown[0]

    def _tried(self, ask: Callable[[], None]) -> None:
        """Until somebody answers: those who were killed are being replaced."""
        for _ in range(_TRIES):
            with suppress(httpx.TransportError):
                return ask()
            time.sleep(0.05)
        raise RuntimeError("nobody answers")

    def _post(self, path: str, form: dict[str, object], answers: list[int]) -> None:
        answers.append(self.desk.client.post(path, **form).status_code)  # type: ignore[arg-type]

    def _post_once(self, path: str, form: dict[str, object], answers: list[int]) -> None:
        with suppress(httpx.TransportError):
            self._post(path, form, answers)


def confirm(office: Office, _number: int) -> None:
    """A case that waits to be routed, as it was suggested."""
    case = h.lamp(office.house)
    office.send("confirm", f"/arenden/{case.id}/bekrafta", data=_fields(office, f"/arenden/{case.id}"))


def answer(office: Office, number: int) -> None:
    """A case answered, a file along."""
    case = routed(office.house, h.lamp(office.house))
    fields = _fields(office, f"/arenden/{case.id}/svara?brev=svar") | {
        "brev": "svar",
        "f_svar": "Lyktan lagas.",
        "gor": "skicka",
    }
    office.send("answer", f"/arenden/{case.id}/svara", data=fields, files=_file(number))


def write_down(office: Office, number: int) -> None:
    """Somebody phones, and has sent a picture."""
    fields = _fields(office, "/nytt") | {
        "kanal": "phone",
        "text": f"Gungan {number} är trasig.",
        "nar": "2026-11-26T09:10",
    }
    office.send("upload", "/nytt", data=fields, files=_file(number))


ACTS: tuple[Callable[[Office, int], None], ...] = (confirm, answer, write_down)


def _fields(office: Office, path: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf|version|gang)" value="([^"]+)"', office.page(path)))


def _content(number: int) -> bytes:
    return random.Random(number).randbytes(_FILE_BYTES)


def _file(number: int) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("filer", (f"{number}.txt", _content(number).hex().encode(), "text/plain"))]


def check(office: Office, files: Iterable[int]) -> None:
    """What must be true, asked of the database."""
    for what, question in _QUESTIONS.items():
        office.wrong += [f"{what}: {row[0]}" for row in rows(office.url, question)]
    done = {
        "confirm": "SELECT count(*) FROM decisions",
        "answer": "SELECT count(*) FROM outbox WHERE kind = 'svar'",
        "upload": "SELECT count(*) FROM cases WHERE channel = 'phone'",
    }
    meant = office.meant | Counter(confirm=office.meant["confirm"] + office.meant["answer"])
    for what, question in done.items():
        count = int(str(rows(office.url, question)[0][0]))
        if count != meant[what]:
            office.wrong.append(f"{what}: {count} done of {meant[what]}")
    there = Counter(str(row[0]) for row in rows(office.url, "SELECT sha256 FROM attachments"))
    wanted = Counter(sha256(_content(number).hex().encode()).hexdigest() for number in files)
    if there != wanted:
        office.wrong.append(f"{there.total()} files are there, and {wanted.total()} were sent")


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with OwnPostgres(safe=True) as postgres:
            yield postgres.url(postgres.port)
        return
    with tempfile.TemporaryDirectory(prefix="lyhord-soak-") as folder:
        yield f"sqlite:///{Path(folder) / 'lyhord.sqlite'}"


def run(kind: str, seed: int, kills: int) -> Office:
    """So many forms sent, the desk killed at each."""
    with _database(kind) as url:
        upgrade(url)
        with closing(SqlStore(url, analyser=split)) as store:
            house = h.House(store, h.office(), h.Watch())
            house.people()
            office = Office(url, house, Desk(url), random.Random(seed))
            try:
                office.desk.log_in(office.desk.processes()[0], h.PASSWORD)
                acts = [office.dice.choice(ACTS) for _ in range(kills)]
                for number, act in enumerate(acts):
                    act(office, number)
                check(office, [number for number, act in enumerate(acts) if act is not confirm])
            finally:
                with suppress(OSError, ValueError):
                    office.desk.end()
    return office


def main() -> int:
    """Run what is asked for; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--kills", type=int, default=60)
    asked = parser.parse_args()
    office = run(asked.database, asked.seed, asked.kills)
    found = ", ".join(f"{name} {count}" for name, count in (*office.meant.items(), *office.met.items()))
    sys.stdout.write(f"{asked.database}, seed {asked.seed}: {found}; {len(office.wrong) or 'nothing'} wrong\n")
    sys.stdout.writelines(f"  wrong: {line}\n" for line in office.wrong)
    return int(bool(office.wrong))


if __name__ == "__main__":
    sys.exit(main())
