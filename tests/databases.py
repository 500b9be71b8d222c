"""Fixtures: a store on SQLite, and on a PostgreSQL cluster that one pytest session starts for itself."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from storage import SqlStore, migrate
from storage.database import sqlite_file
from storage.database.engine import open_engine
from storage.search.analyse import analyse
from tests.servers.cluster import BINARIES, Cluster, own_folder, serve
from tests.servers.ports import free_port

_SHIPPED = sqlite_file._DURABLE


class _Statements(LRUCache[tuple[Any, ...], Any]):
    """The SQL of each statement, made once for all databases of a kind: SQLAlchemy keeps it by each one's dialect."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], made: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), made)


_STATEMENTS = _Statements(5000)


def _share_statements(connection: sa.Connection) -> None:
    connection.engine._compiled_cache = _STATEMENTS


@pytest.fixture(scope="session", autouse=True)
def quick_databases() -> Iterator[None]:
    """Each test has a database of its own: neither its SQL nor the disk may cost more than what the test does there."""
    sa.event.listen(sa.Engine, "engine_connect", _share_statements)
    with pytest.MonkeyPatch.context() as patch:
        # As on the tests' PostgreSQL, no commit waits for the disk.
        patch.setattr(sqlite_file, "_DURABLE", "OFF")
        yield
    sa.event.remove(sa.Engine, "engine_connect", _share_statements)


@pytest.fixture
def durable_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits for the disk as it does outside the tests."""
    monkeypatch.setattr(sqlite_file, "_DURABLE", _SHIPPED)


def two_schemas(url: str) -> list[str]:
    """Makes the schemas of two municipalities, Osby and Rättvik, in one database; a URL each."""
    names = ("osby", "rattvik")
    engine = open_engine(url)
    with engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine.dispose()
    return [f"{url}?options=-csearch_path%3D{name}" for name in names]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for the session."""
    if not (BINARIES / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql-15")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("running as root without setpriv, and PostgreSQL refuses root")
    with own_folder() as data:
        yield from serve(data, free_port())


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> Cluster:
    """The cluster with a migrated database ``lyhord_template``, from which each test's own is copied in a moment."""
    postgres.execute("CREATE DATABASE lyhord_template")
    migrate.upgrade(postgres.url("lyhord_template"))
    return postgres


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file of the test's own."""
    shutil.copy(sqlite_template, tmp_path / "lyhord.sqlite")
    return f"sqlite:///{tmp_path / 'lyhord.sqlite'}"


@contextmanager
def own_database(cluster: Cluster, template: str = "template1") -> Iterator[str]:
    """A PostgreSQL database made for one test; without another template one that nobody has migrated."""
    name = f"lyhord_{uuid4().hex}"
    # Copied as files, not through the log: half the processor time, as nothing here waits for a checkpoint's disk.
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield cluster.url(name)
    cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_template: Cluster) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    with own_database(postgres_template, "lyhord_template") as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once on SQLite and once on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """An empty store; the test runs once on SQLite and once on PostgreSQL."""
    opened = SqlStore(database_url, analyser=analyse)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    """An empty store on SQLite alone, for tests of other rooms."""
    opened = SqlStore(sqlite_url, analyser=analyse)
    yield opened
    opened.close()
