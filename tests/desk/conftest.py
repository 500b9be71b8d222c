"""The desk over a real SQLite store, and a browser without a screen for each person."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.sessions import COOKIE, new_session, password_stamp
from storage import SqlStore
from storage.analyse import analyse
from tests.desk import house as h

BASE = "http://127.0.0.1:8000"


class Surfer:
    """One person's browser: remembers the cookie, and finds the token in the page it last saw."""

    def __init__(self, app, who: str = "") -> None:
        self.client = TestClient(app, base_url=BASE, follow_redirects=False)
        if who:
            self._be(app.state.desk, who)

    def _be(self, desk, who: str) -> None:
        """Begin as this person without the hundreds of milliseconds a password takes; logging in has its own tests."""
        session = new_session(desk.clock())
        session.user_id, session.stamp = who, password_stamp(h.PEOPLE[who])
        value = desk.sessions.dump(session, touch=True).split(";")[0].partition("=")[2]
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


@pytest.fixture
def app(house: h.House):
    return create_app(store=house.store, office=house.office, classifier=None, clock=house.clock, settings=h.settings())


@pytest.fixture
def surf(app) -> Callable[..., Surfer]:
    return lambda who="": Surfer(app, who)
