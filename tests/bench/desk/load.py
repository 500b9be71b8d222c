"""Asks for pages of the desk as eight people at once do, and says how long the server took."""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx

from desk.app import create_app
from desk.login.sessions import COOKIE
from storage import SqlStore
from storage.search.analyse import analyse
from tests.desk import house as h
from tests.desk.browser.conftest import listening

PEOPLE = ("registrator", "registrator", "registrator", "gataregistrator", "handlaggare", "handlaggare", "chef", "chef")
QUERIES = (
    "gatlykta", "lampa", "skolan", "buss", "hemtjänst mamma", "vatten", "snö vägen", "anna alm", "EK-2026-00017",
    "hans.vik@mejl.example", "förskola", "när kommer plogen", "sopor", "cykelväg", "tack",
)  # fmt: skip
_CASE = re.compile(r'href="/arenden/([^"/?#]+)"')
# A person reads before asking for the next page.
_THINKS = 0.5


@dataclass
class Times:
    """Milliseconds and kilobytes by kind of page, as whoever asks sees them on loopback."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    size: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    processor: float = 0.0
    busy: tuple[float, float] = (0.0, 0.0)

    def lines(self) -> Iterator[str]:
        """A line for each kind of page."""
        for kind, took in sorted(self.took.items()):
            parts = quantiles(took, n=100) if len(took) > 1 else took * 99
            yield (
                f"{kind:12} {len(took):5} asked  p50 {parts[49]:6.1f} ms  p95 {parts[94]:6.1f} ms  "
                f"max {max(took):6.1f} ms  {self.size[kind] / 1000:5.1f} kB at most"
            )
        count = sum(map(len, self.took.values()))
        yield f"{'processor':12} {1000 * self.processor / max(count, 1):5.1f} ms a page"
        yield "load average of the minute before and at the end: {:.1f}, {:.1f}".format(*self.busy)


def measure(url: str, seconds: float, thinks: float = _THINKS, processes: int = 2) -> Times:
    """Let eight people work for so long at a database that ``fill`` filled, at a desk of so many processes."""
    tokens = _log_in(url)
    with _server(url, processes) as (base, process):
        clients, resting = [_client(base, token) for token in tokens], os.getloadavg()[0]
        seen = Times()
        for turn in range(2 * processes):
            # Often enough that each process has met each kind of page.
            for who, client in zip(PEOPLE, clients, strict=True):
                _day(client, who, Times(), random.Random(f"{who}{turn}"), until=0.0, thinks=0.0)
        before, until = _processor(process), time.monotonic() + seconds
        workers = [
            threading.Thread(
                target=_day,
                args=(client, who, seen, random.Random(n)),
                kwargs={"until": until, "thinks": thinks},
            )
            for n, (who, client) in enumerate(zip(PEOPLE, clients, strict=True))
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        seen.processor = _processor(process) - before
        seen.busy = (resting, os.getloadavg()[0])
    return seen


def _log_in(url: str) -> list[str]:
    store = SqlStore(url, analyser=analyse)
    watch = h.Watch()
    app = create_app(store=store, office=h.office(), classifier=None, clock=watch, settings=h.settings())
    with store.begin() as tx:
        tokens = [app.state.desk.sessions.begin(tx, tx.user(who), watch()).token for who in PEOPLE]
    store.close()
    return tokens


@contextmanager
def _server(url: str, processes: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    listener = listening()
    port = listener.getsockname()[1]
    listener.close()
    base = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "tests.servers.desking", url, str(port), str(processes)])
    try:
        _await(base, process)
        yield base, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(base: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{base}/logga-in", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the desk did not start within a minute")


def _client(base: str, token: str) -> httpx.Client:
    # A connection for each page, as a proxy makes them.
    client = httpx.Client(base_url=base, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
    client.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
    return client


def _processor(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor the server's processes used (proc(5): the 14th and 15th field, hundredths)."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    stats = [Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split() for one in children]
    return sum(int(words[11]) + int(words[12]) for words in stats) / 100


def _day(client: httpx.Client, who: str, seen: Times, dice: random.Random, *, until: float, thinks: float) -> None:
    """Lists, cases and searches in the order people use them; once through, and on until the time is over."""
    while True:
        for kind, path in _round(who, dice):
            found = _CASE.findall(_ask(client, kind, path, seen))
            time.sleep(thinks * (0.5 + dice.random()))
            if found:
                _open(client, f"/arenden/{dice.choice(found)}", seen)
                time.sleep(thinks * (0.5 + dice.random()))
        if time.monotonic() >= until:
            return


def _open(client: httpx.Client, path: str, seen: Times) -> None:
    """A case page, and what its script fetches once it stands."""
    _ask(client, "case", path, seen)
    _ask(client, "same", f"{path}/samma-handelse?del=ja", seen)


def _round(who: str, dice: random.Random) -> Sequence[tuple[str, str]]:
    search = ("search", f"/sok?q={dice.choice(QUERIES)}")
    queue = [
        ("queue", "/att-fordela"),
        ("queue", "/att-fordela/lista"),
        ("queue", f"/att-fordela?sida={dice.randint(1, 90)}"),
    ]
    own = {"chef": [("chef", "/chef")], "handlaggare": [("list", "/mina")]}
    lists = [
        ("list", "/enheten"),
        ("list", "/forsenat"),
        ("register", "/diarium"),
        ("register", "/diarium?enhet=gata&typ=klagomal"),
    ]
    mine: Mapping[str, list[tuple[str, str]]] = own
    return [*(queue if "registrator" in who else mine.get(who, [])), search, dice.choice(lists)]


def _ask(client: httpx.Client, kind: str, path: str, seen: Times) -> str:
    began = time.perf_counter()
    answer = client.get(path)
    took = 1000 * (time.perf_counter() - began)
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    seen.took[kind].append(took)
    seen.size[kind] = max(seen.size[kind], len(answer.content))
    return answer.text
