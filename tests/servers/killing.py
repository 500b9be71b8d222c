"""Starts a program, kills it with SIGKILL at chosen instants, starts it again, and lets it finish at last."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.dovecot import Box

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60


@dataclass
class Killer:
    """``command`` is the program under test; it says a line containing ``ready`` when its work begins.

    ``env`` is added to the environment.
    """

    command: Sequence[str]
    ready: str = "ready"
    env: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        env = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"} | self.env
        self._process = subprocess.Popen(self.command, cwd=_ROOT, env=env, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if self.ready.encode() in line:
                return
        raise RuntimeError(f"{self.command} ended before it was ready: {self._process.wait(_START_SECONDS)}")

    def wait(self, seconds: float) -> None:
        """Let it work for a while. Raises AssertionError where it ends by itself."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"{self.command} ended by itself: {self._process.wait(seconds)}")

    def wait_until(self, happened: Callable[[], bool], seconds: float, every: float = 0.0005) -> bool:
        """Let it work until something is seen, at most for some seconds; False where it is not seen."""
        left = seconds
        while left > 0:
            if happened():
                return True
            self.wait(every)
            left -= every
        return False

    @property
    def pid(self) -> int | None:
        """Its process id; None where it is not started, or has ended by itself."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of this repository."""
    return [sys.executable, "-m", module, *arguments]


def instants(seed: int, count: int, longest: float) -> list[float]:
    """Random instants spread evenly over the time a pass takes, in random order: seconds."""
    dice = random.Random(seed)
    spread = [(place + dice.random()) * longest / count for place in range(count)]
    dice.shuffle(spread)
    return spread


def environ(box: Box, database: str, smtp_port: int) -> dict[str, str]:
    """What ``tests.servers.daemoning`` is told: a mailbox, a database by its URL, and an SMTP server on loopback."""
    return {
        "LYHORD_IMAP_PORT": str(box.server.port),
        "LYHORD_IMAP_USER": box.user,
        "LYHORD_IMAP_PASSWORD": box.server.password,
        "LYHORD_SMTP_PORT": str(smtp_port),
        "LYHORD_DATABASE_URL": database,
        "LYHORD_DESK_SECRET": "prov" * 10,
    }
