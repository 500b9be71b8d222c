"""What `lyhord check` says of the database."""

import errno
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from cases.errors import ConfigError
from config import load
from service.checks import damage
from service.checks.database import check_database, check_file
from service.checks.everything import check_all
from service.clock_and_ids import utc_now
from service.commands.doctor import running_lines
from service.database import check_shape
from tests.service.conftest import CLOSED, NOW


def test_a_database_that_is_well(sqlite_url: str) -> None:
    lines = list(check_database(sqlite_url, NOW))
    assert [line.ok for line in lines] == [True] * 4
    assert "WAL" in lines[1].text
    assert lines[3].text == "filen är läst och hel"


def test_a_database_without_its_tables(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "tom.sqlite").close()
    lines = list(check_database(f"sqlite:///{tmp_path / 'tom.sqlite'}", NOW))
    (fault,) = [line for line in lines if not line.ok]
    assert fault.text == "databasen är tom"
    assert "Är Lyhörd nytt här, kör lyhord db upgrade. Har den funnits, kör inte det" in fault.remedy, (
        "it may be lost, not new"
    )


def test_a_database_of_a_newer_version(sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'f999'")
    database.close()
    (fault,) = [line for line in check_database(sqlite_url, NOW) if not line.ok]
    assert "nyare än den här versionen" in fault.text


def test_a_folder_that_is_missing_and_a_file_that_is_no_database(tmp_path: Path) -> None:
    (fault,) = check_database(f"sqlite:///{tmp_path / 'ingen' / 'l.sqlite'}", NOW)
    assert "finns inte" in fault.text
    (tmp_path / "text.sqlite").write_text("det här är ingen databas " * 100)
    lines = list(check_database(f"sqlite:///{tmp_path / 'text.sqlite'}", NOW))
    assert [line.ok for line in lines] == [True, False]
    assert "not a database" in lines[1].text
    assert "Återställ den senaste hela kopian" in lines[1].remedy


def test_a_file_that_is_damaged_where_nothing_else_reads_it(sqlite_url: str) -> None:
    """Doctor found all in order, and the first who opened the case met the fault."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    database.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(content)
    (fault,) = [line for line in check_database(sqlite_url, NOW) if not line.ok]
    assert fault.name == "Databasen, innehåll"
    assert fault.text.startswith("filen är skadad (")
    assert "lyhord restore" in fault.remedy
    assert "lyhord mailbox recover" in fault.remedy


def test_a_file_too_large_to_read_in_time_is_left(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "_STEPS", 1)
    line = damage.check_damage(sqlite_url, patience=-1)
    assert line.ok
    assert line.text.startswith("hann inte läsas igenom")


@pytest.mark.postgres
def test_postgresql_that_takes_no_writing_is_told_as_that(
    postgres_url: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check and doctor found all in order, and the service ended with an error of ours."""
    shut = f"{postgres_url}?options=-cdefault_transaction_read_only%3Don"
    (fault,) = check_database(shut, NOW)
    assert "ställd på bara läsning (default_transaction_read_only)" in fault.text
    settings = load("demo", environ | {"LYHORD_DATABASE_URL": shut})
    assert [line.text for line in running_lines(settings)] == [fault.text]
    with pytest.raises(ConfigError, match="bara läsning"):
        check_shape(settings)
    monkeypatch.setattr("service.checks.database._SHUT", "SELECT true, false")
    (fault,) = check_database(postgres_url, NOW)
    assert "reserv (standby)" in fault.text


@pytest.mark.postgres
def test_a_disk_that_was_shut_for_writing_is_no_matter_of_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way out was chown, which a disk that fails does not take either."""
    monkeypatch.setattr(os, "statvfs", lambda _folder: SimpleNamespace(f_flag=os.ST_RDONLY))
    line = next(iter(check_database(f"sqlite:///{tmp_path}/lyhord.sqlite", NOW)))
    assert (line.ok, line.text) == (False, f"disken för {tmp_path} är monterad bara för läsning")
    assert "journalctl -k" in line.remedy


def test_a_disk_that_the_kernel_shut_is_told_though_it_looks_open(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newer kernels answer statvfs and access as if it could be written; what was said was an unknown error."""
    opened = os.open

    def shut(path: Path, flags: int, *more: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", shut)
    (line,) = check_database(sqlite_url, NOW)
    assert "monterad bara för läsning" in line.text


def test_what_looks_at_the_file_lets_go_of_no_lock_on_it(tmp_path: Path) -> None:
    """Who opens and closes the file loses all locks of the process: two wrote at once, and the database was damaged."""
    file = tmp_path / "l.sqlite"
    ours = sqlite3.connect(file, isolation_level=None)
    ours.execute("CREATE TABLE letters (id)")
    ours.execute("BEGIN IMMEDIATE")
    assert check_file(file).ok
    theirs = f"import sqlite3; sqlite3.connect({str(file)!r}, timeout=0).execute('BEGIN IMMEDIATE')"
    said = subprocess.run([sys.executable, "-c", theirs], capture_output=True, text=True, check=False).stderr
    ours.close()
    assert "database is locked" in said


def test_postgresql_its_version_and_its_clock(postgres_url: str) -> None:
    lines = list(check_database(postgres_url, utc_now()))
    assert [line.ok for line in lines] == [True] * 3
    assert lines[0].text.startswith("PostgreSQL 15")
    for minutes, said in ((5, "före"), (-5, "efter")):
        (wrong,) = (
            line for line in check_database(postgres_url, utc_now() + timedelta(minutes=minutes)) if not line.ok
        )
        assert wrong.name == "Klockan mot databasen"
        assert wrong.text.endswith(f" s {said} databasserverns")


@pytest.mark.postgres
def test_what_needs_the_database_says_so_where_it_does_not_answer(environ: dict[str, str], caplog) -> None:
    away = environ | {"LYHORD_DATABASE_URL": f"postgresql://lyhord@127.0.0.1:{CLOSED}/lyhord"}
    lines = {line.name: line for line in check_all("demo", away, clock=utc_now)}
    assert "svarar inte" in lines["Databasen"].text
    assert lines["Personerna"].text == "kan inte läsas utan databas"
    assert lines["Brevmallarna"].ok
    assert caplog.records == []


def test_postgresql_that_is_not_there_keeps_its_password_to_itself(postgres_url: str) -> None:
    place, _, _ = postgres_url.rpartition("/")
    (fault,) = check_database(f"{place.replace('postgres@', 'postgres:hemligt-db@')}/finns_inte", NOW)
    assert "does not exist" in fault.text
    assert "hemligt-db" not in str(fault)
    (closed,) = check_database("postgresql://lyhord:hemligt-db@127.0.0.1:1/lyhord", NOW)
    assert "hemligt-db" not in str(closed)
