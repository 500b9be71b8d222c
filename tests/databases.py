"""Fixtures: a store on SQLite, and on a PostgreSQL cluster that one pytest session starts for itself."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from storage import SqlStore, migrate
from storage.analyse import analyse
from storage.engine import open_engine

_BINARIES = Path("/usr/lib/postgresql/15/bin")


def two_schemas(url: str) -> list[str]:
    """Makes the schemas of two municipalities, Osby and Rättvik, in one database; a URL each."""
    names = ("osby", "rattvik")
    engine = open_engine(url)
    with engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine.dispose()
    return [f"{url}?options=-csearch_path%3D{name}" for name in names]


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL on loopback that trusts everybody."""

    port: int

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _as_postgres(*command: str | Path) -> list[str]:
    # PostgreSQL refuses to run as root; and it ends with us, however we end.
    words = ["setpriv", "--pdeathsig=INT"] if shutil.which("setpriv") else []
    if os.geteuid() == 0:
        words += ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    return [*words, *map(str, command)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    ready = [str(_BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        assert server.poll() is None, "PostgreSQL ended while starting"
        assert time.monotonic() < until, "PostgreSQL did not start in 30 seconds"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for the session."""
    if not (_BINARIES / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql-15")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("running as root without setpriv, and PostgreSQL refuses root")
    folder = Path(_scratch())
    data, port = folder / "data", _free_port()
    try:
        made = _as_postgres(
            _BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        subprocess.run(made, check=True, capture_output=True)
        yield from _serve(data, port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _scratch() -> str:
    # Below pytest's own folder the postgres user may not walk; sockets want a short path besides.
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"lyhord-pg-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return str(folder)


def _serve(data: Path, port: int, *, safe: bool = False) -> Iterator[Cluster]:
    """``safe`` waits for the disk as in production, for measuring."""
    quick = [] if safe else ["-c", "fsync=off", "-c", "full_page_writes=off"]
    quick += ["-c", "max_connections=60", "-c", f"shared_buffers={'256MB' if safe else '32MB'}"]
    where = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}", "-p", str(port)]
    with (data.parent / "log").open("wb") as log:
        command = _as_postgres(_BINARIES / "postgres", "-D", data, *where, *quick)
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _await(port, server)
            yield Cluster(port)
        finally:
            # Fast shutdown: it does not wait for a client that forgot to close.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


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


@pytest.fixture
def postgres_url(postgres_template: Cluster) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    name = f"lyhord_{uuid4().hex}"
    postgres_template.execute(f"CREATE DATABASE {name} TEMPLATE lyhord_template")
    yield postgres_template.url(name)
    postgres_template.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
