"""Services say that they run, and what would rebuild their database refuses meanwhile."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from cases.errors import ConfigError
from service.backup.archive import new_key
from service.cli import main
from service.processes.attending import attending
from storage import migrate
from storage.database.engine import open_engine
from storage.database.presence import alone, open_presence
from storage.errors import InUse
from tests.servers.ports import free_port

_LYHORD = "from service.cli import main; raise SystemExit(main())"
OLD = "0009_public_and_api"


@pytest.fixture
def lyhord(environ: dict[str, str], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    for name, value in (environ | {"LYHORD_DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    return lambda *words: main([*words, "--config", "demo"])


@pytest.mark.parametrize("role", ["daemon", "desk"])
def test_nobody_goes_back_under_a_service_that_runs(
    role: str, lyhord: Callable[..., int], database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with attending(database_url, role):
        assert lyhord("db", "downgrade", "--to", "0009") == 1
    said = capsys.readouterr().err
    assert f"används av lyhord {role} (" in said
    assert "systemctl stop lyhord" in said
    assert migrate.current(database_url) == migrate.newest()
    assert lyhord("db", "downgrade", "--to", "0009") == 0
    assert migrate.current(database_url) == OLD


def test_an_upgrade_asks_for_a_stop_on_sqlite_alone(
    lyhord: Callable[..., int], database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On PostgreSQL one machine after the other moves to the new version, while all of them run."""
    with attending(database_url, "daemon"):
        assert lyhord("db", "upgrade") == 0
    migrate.downgrade(database_url, OLD)
    served = database_url.startswith("postgresql")
    with attending(database_url, "daemon"):
        assert lyhord("db", "upgrade") == (0 if served else 1)
    assert served or "lyhord daemon (" in capsys.readouterr().err
    assert migrate.current(database_url) == (migrate.newest() if served else OLD)


def test_nothing_is_restored_under_a_service_that_runs(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even looked at: the copy need not be there."""
    new_key(tmp_path / "key")
    asked = ["restore", str(tmp_path / "kopia.age"), "--to", database_url, "--key", str(tmp_path / "key")]
    with attending(database_url, "desk"):
        assert main([*asked, "--overwrite"]) == 1
    assert "lyhord desk (" in capsys.readouterr().err


def test_a_service_does_not_start_on_a_database_that_is_rebuilt(database_url: str) -> None:
    with attending(database_url, "daemon"):
        pass
    with alone(database_url), pytest.raises(ConfigError, match="byggs om"), attending(database_url, "daemon"):
        pass


@pytest.mark.postgres
def test_a_database_that_restarted_is_told_again(postgres_url: str) -> None:
    with attending(postgres_url, "daemon", every=0.01):
        engine = open_engine(postgres_url)
        with closing(engine.connect()) as connection:
            cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'lyhord%'"
            assert connection.execute(sa.text(cut)).scalars().all() == [True]
        engine.dispose()
        until = time.monotonic() + 20
        while not _refused(postgres_url):
            assert time.monotonic() < until
    assert not _refused(postgres_url)


@pytest.mark.slow
def test_daemon_and_desk_say_that_they_run(environ: dict[str, str], sqlite_url: str) -> None:
    """The whole service. Until it runs its lock is looked at and not tried, which would keep it from starting."""
    words = [sys.executable, "-c", _LYHORD, "run", "--config", "demo"]
    service = subprocess.Popen(words, env=environ | {"LYHORD_DESK_PORT": str(free_port())})
    try:
        until = time.monotonic() + 60
        while not open_presence(sqlite_url, "desk", "").holders():
            assert service.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        told = _refused(sqlite_url)
        assert f"lyhord daemon ({socket.gethostname()}, process {service.pid}) och lyhord desk" in told
    finally:
        service.send_signal(signal.SIGTERM)
        assert service.wait(30) == 0
    assert not _refused(sqlite_url)


_PROCESSES = """
import os, signal, sys
from functools import partial
from service.processes.attending import attending
from service.processes.workers import Workers
from storage.errors import InUse
from storage.database.presence import alone

class Serving:
    alive = True
    def start(self):
        try:
            with alone(sys.argv[1]): pass
        except InUse as error:
            print(error)
        os.kill(os.getppid(), int(sys.argv[2]))
    def stop(self): sys.stdout.flush()

raise SystemExit(Workers(1, Serving(), lambda: None, attend=partial(attending, sys.argv[1], "desk")).run())
"""


@pytest.mark.parametrize(("told", "status"), [(signal.SIGTERM, 0), (signal.SIGHUP, 129)])
def test_each_process_of_the_desk_says_that_it_runs(database_url: str, told: signal.Signals, status: int) -> None:
    """A hang-up ended it in the middle of things, and systemd took that for a good end."""
    words = [sys.executable, "-c", _PROCESSES, database_url, str(int(told))]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.count("lyhord desk (")) == (status, 1), done.stderr
    assert not _refused(database_url)


def _refused(url: str) -> str:
    try:
        with alone(url):
            return ""
    except InUse as error:
        return str(error)
