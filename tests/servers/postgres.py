"""A PostgreSQL of one's own, outside pytest, that can be restarted under a daemon."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Self

import psycopg

from tests.servers.cluster import BINARIES, QUICK, SAFE, Cluster, as_postgres, make_cluster, scratch_folder, serve
from tests.servers.ports import free_port


class OwnPostgres:
    """A context manager; ``port`` stays the same through restarts. ``safe`` waits for the disk."""

    def __init__(self, *, safe: bool = False) -> None:
        self._safe = safe

    def __enter__(self) -> Self:
        self.port, self._folder = free_port(), scratch_folder()
        make_cluster(self._folder / "data")
        self._start()
        Cluster(self.port).execute("CREATE DATABASE soak")
        return self

    def __exit__(self, *_exc: object) -> None:
        self._serving.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, port: int, name: str = "soak") -> str:
        """A database's address through a port."""
        return Cluster(port).url(name)

    def create(self, name: str) -> str:
        """The address of a new database."""
        Cluster(self.port).execute(f"CREATE DATABASE {name}")
        return self.url(self.port, name)

    def restart(self) -> None:
        """Stop it in the midst of everything, and start it again."""
        self._serving.close()
        self._start()

    def crash(self) -> None:
        """Restart it without letting it write what it has not written yet."""
        postmaster = (self._folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        os.kill(int(postmaster), signal.SIGQUIT)
        self.restart()

    def lose_to_standby(self, meanwhile: Callable[[], None]) -> None:
        """Let a standby take over for good, at another port; what is done ``meanwhile`` it has not heard of."""
        port, folder = free_port(), scratch_folder()
        where = f"host=127.0.0.1 port={self.port} user=postgres"
        copied = as_postgres(BINARIES / "pg_basebackup", "-R", "-c", "fast", "-d", where, "-D", folder / "data")
        subprocess.run(copied, check=True, capture_output=True, timeout=120)
        standing_by = self._serve(folder / "data", port)
        _until(port, f"pg_last_wal_replay_lsn() >= '{_told(self.port, 'pg_current_wal_lsn()')}'")
        Cluster(port).execute("ALTER SYSTEM SET primary_conninfo = ''")
        Cluster(port).execute("SELECT pg_reload_conf()")
        _until(port, "NOT EXISTS (SELECT FROM pg_stat_wal_receiver)")
        meanwhile()
        self.__exit__()
        self.port, self._folder, self._serving = port, folder, standing_by
        Cluster(port).execute("SELECT pg_promote()")

    def only_read(self, name: str = "soak") -> None:
        """Let the database be read alone, as at the address of a standby after a failover; until ``take_writing``."""
        server = Cluster(self.port)
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def take_writing(self, name: str = "soak") -> None:
        """Whoever asks anew may write again; connections that are open may not, and have to be given up."""
        Cluster(self.port).execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

    def _start(self) -> None:
        self._serving = self._serve(self._folder / "data", self.port)

    def _serve(self, data: Path, port: int) -> Generator[Cluster]:
        serving = serve(data, port, SAFE if self._safe else QUICK)
        next(serving)
        return serving


def _told(port: int, what: str) -> object:
    with psycopg.connect(Cluster(port).url("postgres")) as connection:
        row = connection.execute(f"SELECT {what}".encode()).fetchone()
    return row and row[0]


def _until(port: int, what: str) -> None:
    for _ in range(600):
        if _told(port, what):
            return
        _told(port, "pg_sleep(0.05)")
    raise RuntimeError(f"never: {what}")
