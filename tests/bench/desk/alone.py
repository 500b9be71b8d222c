"""Asks for each kind of page by itself, in this process: processor time and wall time, the best of three."""

import re
import time
from collections.abc import Iterator

from fastapi.testclient import TestClient

from desk.app import create_app
from desk.login.sessions import COOKIE
from storage import SqlStore
from storage.search.analyse import analyse
from tests.bench.desk.load import QUERIES
from tests.desk import house as h
from tests.desk.conftest import BASE

PAGES = {
    "registrator": (
        *("/att-fordela", "/att-fordela?sida=60", "/att-fordela?enhet=gata", "/enheten", "/enheten?sortera=inkom"),
        *("/forsenat", "/diarium", "/diarium?sida=500", "/diarium?sortera=svar", "/diarium?sent=ja&sortera=inkom"),
    ),
    "gataregistrator": ("/att-fordela",),
    "handlaggare": ("/mina", "/enheten", "/forsenat", "/diarium?enhet=gata&typ=klagomal"),
    "skolhandlaggare": ("/mina", "/diarium", "/diarium?enhet=gata&sortera=nummer"),
    "chef": ("/chef",),
}
_CASES = 3


def alone(url: str) -> Iterator[str]:
    """A line for each page of a database that ``fill`` filled."""
    store = SqlStore(url, analyser=analyse)
    app = create_app(store=store, office=h.office(), classifier=None, clock=h.Watch(), settings=h.settings())
    yield f"{'ms: processor':15} {'wall':>7} {'kB':>6}"
    for who, paths in PAGES.items():
        page = TestClient(app, base_url=BASE, follow_redirects=False)
        with store.begin() as tx:
            # The person as stored: the passwords of the tests are hashed anew in each process.
            token = app.state.desk.sessions.begin(tx, tx.user(who), app.state.desk.clock()).token
        page.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
        cases = list(dict.fromkeys(re.findall(r'href="/arenden/([^"/?#]+)"', page.get(paths[0]).text)))[:_CASES]
        opened = [f"/arenden/{case}{tail}" for case in cases for tail in ("", "/samma-handelse?del=ja")]
        searches = [f"/sok?q={query}" for query in QUERIES] if who != "chef" else []
        for path in (*paths, *opened, *searches):
            yield _line(page, who, path)
    store.close()


def _line(page: TestClient, who: str, path: str) -> str:
    took = [_asked(page, path) for _ in range(4)][1:]
    processor, wall, size = (min(one[n] for one in took) for n in range(3))
    return f"{1000 * processor:15.1f} {1000 * wall:7.1f} {size / 1000:6.1f}  {who} {path}"


def _asked(page: TestClient, path: str) -> tuple[float, float, float]:
    began, used = time.perf_counter(), time.process_time()
    answer = page.get(path)
    took = time.process_time() - used, time.perf_counter() - began, float(len(answer.content))
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took
