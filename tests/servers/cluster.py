"""A PostgreSQL cluster on loopback: its folder, made and served until it is let go."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

BINARIES = Path("/usr/lib/postgresql/15/bin")
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")
"""What tests need: nothing waits for the disk."""
SAFE = ("max_connections=60", "shared_buffers=256MB")
"""It waits for the disk as in production, for measuring and for being killed."""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL on loopback that trusts everybody."""

    port: int

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def as_postgres(*command: str | Path) -> list[str]:
    # PostgreSQL refuses to run as root; and it ends with us, however we end.
    words = ["setpriv", "--pdeathsig=INT"] if shutil.which("setpriv") else []
    if os.geteuid() == 0:
        words += ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    return [*words, *map(str, command)]


@contextmanager
def own_folder() -> Iterator[Path]:
    """The folder of a new cluster with nothing in it, taken away afterwards."""
    folder = scratch_folder()
    try:
        make_cluster(folder / "data")
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_cluster(data: Path, *more: str) -> None:
    """Make an empty cluster in a folder; ``more`` is what ``initdb`` is told besides."""
    words = ("-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", *more)
    subprocess.run(as_postgres(BINARIES / "initdb", *words), check=True, capture_output=True, timeout=120)


def scratch_folder() -> Path:
    # Below pytest's own folder the postgres user may not walk; sockets want a short path besides.
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"lyhord-pg-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


def serve(data: Path, port: int, settings: Sequence[str] = QUICK) -> Generator[Cluster]:
    """The cluster of a folder, until the generator is closed."""
    options = [
        f"-c{setting}" for setting in (*settings, "listen_addresses=127.0.0.1", f"unix_socket_directories={data}")
    ]
    with (data.parent / "log").open("ab") as log:
        command = as_postgres(BINARIES / "postgres", "-D", data, "-p", str(port), *options)
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _await(port, server)
            yield Cluster(port)
        finally:
            # Fast shutdown: it does not wait for a client that forgot to close.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    ready = [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        assert server.poll() is None, "PostgreSQL ended while starting"
        assert time.monotonic() < until, "PostgreSQL did not start in 30 seconds"
        time.sleep(0.05)
