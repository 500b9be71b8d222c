"""A PostgreSQL of one's own, outside pytest, that can be restarted under a daemon."""

import os
import shutil
import signal
from typing import Self

from tests.servers.cluster import QUICK, SAFE, Cluster, make_cluster, scratch_folder, serve
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

    def only_read(self, name: str = "soak") -> None:
        """Let the database be read alone, as at the address of a standby after a failover; until ``take_writing``."""
        server = Cluster(self.port)
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def take_writing(self, name: str = "soak") -> None:
        """Whoever asks anew may write again; connections that are open may not, and have to be given up."""
        Cluster(self.port).execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

    def _start(self) -> None:
        self._serving = serve(self._folder / "data", self.port, SAFE if self._safe else QUICK)
        next(self._serving)
