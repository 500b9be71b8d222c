"""Two desk processes behind one port: whatever one of them does, the other knows, and a dead one is replaced."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from storage import SqlStore
from tests.desk import house as h
from tests.desk.steps import routed
from tests.servers.desking import TOLD, split

MAIL = "registrator@ekdala.example"
ROOT = Path(__file__).parents[2]
# Somebody waits far longer for a process that hangs than for one that is slow.
_SECONDS = 60


class Desk:
    """Two processes on one database, and one browser that may choose which of them answers."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.servers.desking", url, "0", "2", "quick"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        word, _, port = self.process.stdout.readline().strip().partition(" ")
        assert word == "ready"
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_SECONDS)
        self.token = ""

    def processes(self) -> list[int]:
        """Both, once both have begun."""
        return _once(lambda: found if len(found := self._begun()) == 2 else [])

    def _begun(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(one) for one in children.split()]

    def ask(self, by: int, method: str, path: str, **fields: str) -> httpx.Response:
        """What this process answers: a connection is one process' for as long as it stands."""
        until = time.monotonic() + _SECONDS
        while self._reached() != by:
            self.client.close()
            self.client = httpx.Client(base_url=self.client.base_url, timeout=_SECONDS, cookies=self.client.cookies)
            assert time.monotonic() < until, "the other process answers every time"
        data = {"csrf": self.token, **fields} if method == "POST" else None
        answer = self.client.request(method, path, data=data)
        assert int(answer.headers[TOLD]) == by
        if found := re.search(r'name="csrf" value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    def _reached(self) -> int:
        return int(self.client.get("/static/desk.css").headers[TOLD])

    def log_in(self, by: int, password: str) -> httpx.Response:
        self.ask(by, "GET", "/logga-in")
        return self.ask(by, "POST", "/logga-in", epost=MAIL, losenord=password, nasta="/")

    def end(self) -> int:
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(_SECONDS)


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[h.House]:
    url = request.getfixturevalue(request.param)
    store = SqlStore(url, analyser=split)
    made = h.House(store, h.office(), h.Watch())
    made.people()
    made.url = url
    yield made
    store.close()


@pytest.fixture
def desk(house) -> Iterator[Desk]:
    running = Desk(house.url)
    yield running
    with suppress(OSError, ValueError):
        running.end()


def test_what_one_process_does_the_other_knows(house, desk) -> None:
    """Log-in, form tokens, new letters, drafts, undo; on SQLite then a death, on PostgreSQL log-out and wrong tries."""
    one, other = desk.processes()
    case = routed(house, h.lamp(house))
    assert desk.log_in(one, h.PASSWORD).status_code == 303
    assert desk.ask(other, "GET", "/att-fordela").status_code == 200
    waiting = h.lamp(house)
    for process in (one, other):
        assert waiting.number in desk.ask(process, "GET", "/att-fordela/lista").text
    # The token of a form of the one, sent to the other.
    desk.ask(one, "GET", f"/arenden/{waiting.id}")
    version = _stands(house, waiting.id).version
    done = desk.ask(other, "POST", f"/arenden/{waiting.id}/bekrafta", version=str(version))
    assert (done.status_code, done.headers["location"]) == (303, f"/att-fordela?angra={waiting.id}#innehall")
    assert "är fördelat" in desk.ask(one, "GET", "/att-fordela").text
    _answer(house, desk, case.id, one, other)
    if house.url.startswith("sqlite"):
        _dies(desk, one, other)
        return
    assert desk.ask(other, "POST", "/logga-ut").status_code == 303
    assert desk.ask(one, "GET", "/att-fordela").status_code == 303
    for n in range(5):
        assert "Vänta en stund" not in desk.log_in((one, other)[n % 2], "gissning").text
    for process in (one, other):
        assert "Vänta en stund" in desk.log_in(process, h.PASSWORD).text
    assert desk.end() == 0


def _answer(house: h.House, desk: Desk, case_id: str, one: int, other: int) -> None:
    desk.ask(one, "GET", f"/arenden/{case_id}/svara?brev=svar")
    desk.ask(one, "POST", f"/arenden/{case_id}/svara/utkast", brev="svar", f_svar="Halvskrivet")
    assert "Halvskrivet" in desk.ask(other, "GET", f"/arenden/{case_id}/svara?brev=svar").text
    typed = {"brev": "svar", "f_svar": "Lyktan lagas.", "version": str(_stands(house, case_id).version)}
    assert desk.ask(other, "POST", f"/arenden/{case_id}/svara", gor="skicka", **typed).status_code == 303
    with house.store.read() as tx:
        letter = next(e for e in reversed(tx.letters_of(case_id)) if not e.internal)
    assert desk.ask(one, "POST", f"/arenden/{case_id}/brev/{letter.id}/angra").status_code == 303
    assert "Lyktan lagas." in desk.ask(other, "GET", f"/arenden/{case_id}/svara?brev=svar").text


def _stands(house: h.House, case_id: str):
    with house.store.read() as tx:
        return tx.get_case(case_id, h.SYSTEM)


def _dies(desk: Desk, one: int, other: int) -> None:
    """The one is replaced, and the new one knows the session; no child outlives the parent, however it ends."""
    os.kill(one, signal.SIGKILL)
    (new,) = _once(lambda: [child for child in desk.processes() if child not in (one, other)])
    assert desk.ask(new, "GET", "/att-fordela").status_code == 200
    desk.process.kill()
    assert desk.process.wait(_SECONDS) == -signal.SIGKILL
    assert _once(lambda: not any(map(_lives, (other, new))))


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _once(happened):
    until = time.monotonic() + _SECONDS
    while not (found := happened()):
        assert time.monotonic() < until
        # Nothing tells when another process has begun or ended.
        time.sleep(0.02)
    return found
