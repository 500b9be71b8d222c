"""The desk over a real SQLite store, and a browser without a screen for each person."""

import re
from collections.abc import Callable, Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.login import passwords
from desk.login.sessions import COOKIE
from storage import SqlStore
from storage.search.analyse import analyse
from tests.desk import house as h
from tests.desk.kept_pages import with_kept_pages
from tests.desk.steps import cases

__all__ = ["BASE", "Surfer", "cases", "make_app"]

BASE = "http://127.0.0.1:8000"
SHIPPED_HASHER = passwords._HASHER


class Surfer:
    """One person's browser: remembers the cookie, and finds the token in the page it last saw."""

    def __init__(self, app, who: str = "") -> None:
        self.client = TestClient(app, base_url=BASE, follow_redirects=False)
        if who:
            self._be(app.state.desk, who)

    def _be(self, desk, who: str) -> None:
        """Begin as this person without the hundreds of milliseconds a password takes; logging in has its own tests."""
        with desk.store.begin() as tx:
            value = desk.sessions.begin(tx, h.PEOPLE[who], desk.clock()).token
        self.client.cookies.set(COOKIE, value, domain="127.0.0.1", path="/")

    def log_in(self, email: str, password: str, nasta: str = "/"):
        self.get("/logga-in")
        return self.post("/logga-in", epost=email, losenord=password, nasta=nasta)

    def get(self, path: str):
        answer = self.client.get(path)
        found = (
            re.search(r'name="csrf" value="([^"]+)"', answer.text)
            if "html" in answer.headers.get("content-type", "")
            else None
        )
        self.token = found[1] if found else getattr(self, "token", "")
        return answer

    def post(self, path: str, **fields):
        return self.client.post(path, data={"csrf": self.token, **fields})

    def follow(self, answer):
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])


@pytest.fixture(scope="package", autouse=True)
def one_loop() -> Iterator[None]:
    """One event loop for every browser: a client that is not told of one starts a thread and a loop for each page."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password is kept as it is outside the tests, without the third of a second that guessing it shall cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def clock() -> h.Watch:
    return h.Watch()


@pytest.fixture
def house(sqlite_url: str, clock: h.Watch) -> Iterator[h.House]:
    store = SqlStore(sqlite_url, analyser=analyse)
    made = h.House(store, h.office(), clock)
    made.people()
    yield made
    store.close()


def make_app(house: h.House, **changes: object):
    """The desk of this house, with some of its settings changed."""
    settings = h.settings(**changes)
    app = create_app(store=house.store, office=house.office, classifier=None, clock=house.clock, settings=settings)
    return with_kept_pages(app)


@pytest.fixture
def app(house: h.House):
    return make_app(house)


@pytest.fixture
def surf(app) -> Callable[..., Surfer]:
    return lambda who="": Surfer(app, who)
