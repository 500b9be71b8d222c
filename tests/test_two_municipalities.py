"""Two municipalities on one machine, or on one PostgreSQL: what opens the one is worth nothing at the other."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from cases.api import ApiClient, ApiScope, token_key
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from desk.login.sessions import COOKIE
from desk.outside import ApiSettings, PublicSettings
from ingest.reading.attachments import make_attachment
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from tests.databases import two_schemas
from tests.desk import house as h
from tests.desk.conftest import BASE, make_app
from tests.desk.external.outside import URL, link_of
from tests.steps.by_mail import HANS, internal
from tests.steps.deciding import assigned
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import PASS, take_in

PUBLIC = PublicSettings(register=True, case_page=True, url=URL)


@dataclass
class Town:
    """A municipality with its store, its desk and one case on it."""

    house: h.House
    client: TestClient
    case: object = None


@pytest.fixture(params=["files", pytest.param("schemas", marks=pytest.mark.postgres)])
def stores(request: pytest.FixtureRequest, tmp_path) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two files, or two schemas of one database, each migrated by itself."""
    if request.param == "files":
        template = request.getfixturevalue("sqlite_template")
        files = [shutil.copy(template, tmp_path / f"{name}.sqlite") for name in ("osby", "rattvik")]
        urls = [f"sqlite:///{file}" for file in files]
    else:
        urls = two_schemas(request.getfixturevalue("postgres_url"))
        for url in urls:
            migrate.upgrade(url)
    with closing(SqlStore(urls[0], analyser=analyse)) as one, closing(SqlStore(urls[1], analyser=analyse)) as other:
        yield one, other


@pytest.fixture
def towns(stores: tuple[SqlStore, SqlStore]) -> tuple[Town, Town]:
    """The same people and the same words in both, so that nothing but the installation tells them apart."""
    return _town(stores[0], "the first one's secret, long enough"), _town(stores[1], "the other one's secret, long too")


def _town(store: SqlStore, secret: str) -> Town:
    house = h.House(store, replace(h.office(), public_url=PUBLIC.url), h.Watch())
    house.people()
    api = ApiSettings(attach=make_attachment, description="open", per_minute=1000, max_letter_bytes=100_000)
    app = make_app(house, secret=secret, public=PUBLIC, api=api)
    return Town(house, TestClient(app, base_url=BASE, follow_redirects=False))


def _session(town: Town) -> str:
    desk = town.client.app.state.desk
    with desk.store.begin() as tx:
        return str(desk.sessions.begin(tx, h.PEOPLE["registrator"], desk.clock()).token)


def test_nothing_of_the_one_opens_the_other(towns: tuple[Town, Town]) -> None:
    _sessions(towns)
    _keys(towns)
    _links_and_cases(towns)


def _sessions(towns: tuple[Town, Town]) -> None:
    osby, rattvik = towns
    cookie = {"Cookie": f"{COOKIE}={_session(osby)}"}
    assert osby.client.get("/att-fordela", headers=cookie).status_code == 200
    answer = rattvik.client.get("/att-fordela", headers=cookie)
    assert (answer.status_code, answer.headers["location"][:10]) == (303, "/logga-in?")


def _keys(towns: tuple[Town, Town]) -> None:
    """A key to the interface."""
    osby, rattvik = towns
    token = "lyhord_osby-only"
    made = ApiClient(
        id=osby.house.office.new_id(),
        name="Appen",
        key=token_key(token),
        scopes=frozenset({next(iter(ApiScope))}),
        units=frozenset({"gata"}),
        made_at=osby.house.clock(),
        ends_at=osby.house.clock() + timedelta(days=30),
    )
    with osby.house.store.begin() as tx:
        tx.save_client(made)
    asked = {"Authorization": f"Bearer {token}"}
    assert osby.client.get("/api/v1/cases", headers=asked).status_code == 200
    assert rattvik.client.get("/api/v1/cases", headers=asked).status_code == 401


def _links_and_cases(towns: tuple[Town, Town]) -> None:
    """A case's own address on the desk, and the link that its citizen got."""
    osby, rattvik = towns
    # Ids are random in production; these come from a counter, so let the two stand apart.
    for _ in range(50):
        osby.house.office.new_id()
    case = h.lamp(osby.house)
    for town, status in ((osby, 200), (rattvik, 404)):
        cookie = {"Cookie": f"{COOKIE}={_session(town)}"}
        assert town.client.get(f"/arenden/{case.id}", headers=cookie).status_code == status
    path = link_of(osby.house, case)
    # The other one's numbers begin at one of its own, so that the number alone tells nothing.
    assert h.lamp(rattvik.house).number == case.number == "EK-2026-00001"
    assert case.number in osby.client.get(path).text
    elsewhere, nowhere = rattvik.client.get(path), rattvik.client.get(path[:-4] + "aaaa")
    assert case.number not in elsewhere.text
    assert (elsewhere.status_code, elsewhere.text) == (nowhere.status_code, nowhere.text)


@pytest.mark.parametrize("secret", [b"rattvik" * 6, b"osby" * 9], ids=["own key", "the same key by mistake"])
def test_a_reply_address_of_the_one_answers_nothing_at_the_other(
    stores: tuple[SqlStore, SqlStore], secret: bytes
) -> None:
    osby = take_in(SmallHouse(stores[0], office_changes={"secret": b"osby" * 9}))
    assigned(osby)
    rattvik = SmallHouse(stores[1], office_changes={"secret": secret})
    for _ in range(100):
        rattvik.office.new_id()
    take_in(rattvik)
    assigned(rattvik)
    before = _letters(rattvik)
    rattvik.receive(
        mail(
            "Lampan byts i morgon.",
            sender=HANS,
            to=internal(osby).reply_to,
            subject="#svar",
            message_id="<h1@ekdala.example>",
            Authentication_Results=PASS,
        )
    )
    assert LetterKind.SVAR not in [kind for kind, to in _letters(rattvik) - before if to == "berit@mejl.example"]
    assert not {to for _, to in _letters(rattvik) - before} & {"berit@mejl.example"}


def _letters(house: SmallHouse) -> set[tuple[LetterKind, str]]:
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=100))
        return {(e.letter.kind, e.recipient) for line in lines for e in tx.letters_of(line.id)}
