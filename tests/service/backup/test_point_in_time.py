"""What docs/admin/backup.md says of PostgreSQL's own point-in-time recovery, done on a cluster of the test's own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from service.backup.database import fingerprint_of
from storage import SqlStore, migrate
from storage.database.timeline import timeline
from storage.search.analyse import analyse
from tests.servers.cluster import BINARIES, Cluster, as_postgres, make_cluster, scratch_folder, serve
from tests.servers.ports import free_port
from tests.steps.house import SmallHouse, mail

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def folder() -> Iterator[Path]:
    if not (BINARIES / "pg_basebackup").exists():
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql-15")
    made = scratch_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def serving(data: Path, *settings: str) -> Iterator[Cluster]:
    yield from serve(data, free_port(), settings)


def run(*words: str | Path) -> None:
    subprocess.run(as_postgres(*words), check=True, capture_output=True, timeout=60)


def letters(url: str) -> int:
    return fingerprint_of(url)["raw_messages"][0]


def test_the_database_comes_back_as_it_was_at_one_moment(folder: Path) -> None:
    data, base, archive = folder / "data", folder / "base", folder / "archive"
    run("mkdir", "-m", "0700", archive)
    make_cluster(data, "-N")
    keep = f"archive_command=test ! -f {archive}/%f && cp %p {archive}/%f"
    with serving(data, "wal_level=replica", "archive_mode=on", keep) as cluster:
        cluster.execute("CREATE DATABASE lyhord")
        url = cluster.url("lyhord")
        migrate.upgrade(url)
        with closing(SqlStore(url, analyser=analyse)) as store:
            house = SmallHouse(store)
            house.receive(mail(message_id="<m1@mejl.example>"))
            run(
                BINARIES / "pg_basebackup",
                "-c",
                "fast",
                "-h",
                "127.0.0.1",
                "-p",
                str(cluster.port),
                "-U",
                "postgres",
                "-D",
                base,
            )
            house.receive(mail("Två.", message_id="<m2@mejl.example>"))
            with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
                connection.execute("SELECT pg_create_restore_point('before_the_mistake')")
            wanted = fingerprint_of(url)
            house.receive(mail("Tre.", message_id="<m3@mejl.example>"))
            assert letters(url) == 3
            before = timeline(store.engine)
        cluster.execute("SELECT pg_switch_wal()")
    run("touch", base / "recovery.signal")
    fetch = f"restore_command=cp {archive}/%f %p"
    target = ("recovery_target_name=before_the_mistake", "recovery_target_action=promote")
    with serving(base, fetch, *target) as cluster:
        assert fingerprint_of(cluster.url("lyhord")) == wanted
        assert letters(cluster.url("lyhord")) == 2
        with closing(SqlStore(cluster.url("lyhord"), analyser=analyse)) as store:
            assert "" != before != timeline(store.engine), "by this a service that lives through it knows"
