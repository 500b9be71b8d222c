"""Databases to be copied and put back, for tests: what fills them, the key and the folder of the copies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Settings, load
from service.backup.archive import new_key
from storage import SqlStore
from storage.search.analyse import analyse
from tests.databases import own_database
from tests.servers.cluster import Cluster
from tests.steps.house import SmallHouse, mail

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    new_key(tmp_path / "key.txt")
    return tmp_path / "key.txt"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies"


def settings_for(environ: dict[str, str], url: str, key: Path, copies: Path) -> Settings:
    public = key.read_text().splitlines()[0].rpartition(" ")[2]
    settings = load("demo", environ | {"LYHORD_DATABASE_URL": url})
    return replace(settings, backup=replace(settings.backup, folder=copies, recipients=(public,), keep=2))


def fill(url: str, letters: int = 6) -> SmallHouse:
    """Cases with journal, receipts, a reply and an attachment."""
    store = SqlStore(url, analyser=analyse)
    house = SmallHouse(store)
    for n in range(letters):
        house.receive(mail(f"Lampa {n} på Ängsgatan är trasig.", message_id=f"<m{n}@mejl.example>"))
    house.receive(
        mail("Tack!", subject="Sv: Trasig lampa", message_id="<r@mejl.example>", In_Reply_To="<m1@mejl.example>")
    )
    store.close()
    return house


@pytest.fixture
def empty_postgres(postgres_template: Cluster) -> Iterator[str]:
    """A database that nobody has migrated."""
    with own_database(postgres_template) as url:
        yield url


def target_of(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'restored.sqlite'}"
    return str(request.getfixturevalue("empty_postgres"))
