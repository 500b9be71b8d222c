"""Starts a program, kills it with SIGKILL at chosen instants, starts it again, and lets it finish at last."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from tests.servers.dovecot import Box

_ROOT = Path(__file__).parents[2]
_END_SECONDS = 10


class Killer:
    """``main(*arguments)`` of a module is the program under test; it says ``ready`` when its work begins.

    ``env`` is added to the environment. Each start is a new process, forked from one that has loaded the module and is
    there as long as the context (``tests.servers.nursery``).
    """

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._command = [sys.executable, "-m", "tests.servers.nursery", module, *arguments]
        self._env = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"} | dict(env or {})
        self._pid: int | None = None

    def __enter__(self) -> Self:
        self._nursery = subprocess.Popen(
            self._command, cwd=_ROOT, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._nursery.kill()
        with self._nursery:
            pass  # closes what leads to it, and waits for its end

    def start(self) -> None:
        """Start it and wait until it is ready."""
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(b"\n")
        while (line := self._line(None)) != b"ready":
            if line in (b"died", b""):
                raise RuntimeError(f"{self._command} ended before it was ready")

    def wait(self, seconds: float) -> None:
        """Let it work for a while. Raises AssertionError where it ends by itself."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            assert self._line(left) != b"died", f"{self._command} ended by itself"

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
        while self._pid is not None and self._line(0):
            pass
        return self._pid

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        if (process := self.pid) is not None:
            os.kill(process, signal.SIGKILL)
        while self._pid is not None:
            assert self._line(_END_SECONDS), f"{self._command} does not end"

    def _line(self, seconds: float | None) -> bytes:
        """The next line, awaited for some seconds or for ever; empty where there is none."""
        assert self._nursery.stdout is not None
        if not select.select([self._nursery.stdout], [], [], seconds)[0]:
            return b""
        line = self._nursery.stdout.readline().rstrip()
        if line.startswith(b"born "):
            self._pid = int(line.split()[1])
        elif line == b"died":
            self._pid = None
        return line


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
