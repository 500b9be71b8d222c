"""Putting a copy back: what stands there is kept, what fails or is killed leaves all as it was."""

import os
import sqlite3
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest

from cases.errors import ConfigError
from service.backup.archive import Manifest, decrypt, digest_of, from_json, new_key, pack, read_keys, unpack
from service.backup.create import make_backup
from service.backup.database import BackupError, differing, fingerprint_of, take_snapshot
from service.backup.restore import _empty_schema, restore
from service.checks.database import check_database
from service.database import check_shape, keeps_all_signs
from storage import SqlStore, migrate
from storage.search.analyse import analyse
from storage.tables.columns import metadata
from tests.databases import Cluster, two_schemas
from tests.service.copied import NOW, fill, settings_for


def test_what_stands_there_is_kept(
    environ: dict[str, str], database_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    fill(database_url, letters=2)
    made = make_backup(settings_for(environ, database_url, key, copies), environ, NOW)
    store = SqlStore(database_url, analyser=analyse)
    with store.begin() as tx:
        tx.save_setting("after", "the copy")
    with pytest.raises(BackupError, match="--overwrite"):
        restore(made.file, database_url, read_keys(key), NOW)
    with pytest.raises(BackupError, match="Stoppa lyhord"), store.read():
        restore(made.file, database_url, read_keys(key), NOW, overwrite=True)
    store.close()
    done = restore(made.file, database_url, read_keys(key), NOW, overwrite=True)
    assert differing(fingerprint_of(database_url), made.manifest.tables) == []
    assert "before_restore_20261126t090000" in done.kept
    if database_url.startswith("sqlite"):
        assert fingerprint_of(f"sqlite:///{done.kept}")["settings"][0] == 1
        assert stat.S_IMODE(Path(done.kept).stat().st_mode) == 0o600
    else:
        with psycopg.connect(database_url) as connection:
            row = connection.execute(f"SELECT value FROM {done.kept}.settings WHERE key = 'after'".encode()).fetchone()
        assert row == ("the copy",)


def test_a_restore_that_breaks_off_before_it_is_settled_has_put_nothing_back(
    environ: dict[str, str], database_url: str, key: Path, copies: Path
) -> None:
    """A service started on it would send once more what waited in the copy, and not look for what came after it."""
    fill(database_url, letters=1)
    made = make_backup(settings_for(environ, database_url, key, copies), environ, NOW)
    fill(database_url, letters=2)
    before = fingerprint_of(database_url)

    def breaks_off(url: str, taken_at: str) -> int:
        assert taken_at == made.manifest.taken_at
        assert differing(fingerprint_of(url), made.manifest.tables) == []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(made.file, database_url, read_keys(key), NOW, overwrite=True, settle=breaks_off)
    assert differing(fingerprint_of(database_url), before) == []


def test_a_restore_killed_at_the_last_step_leaves_the_database_where_it_was(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was moved aside first: killed then, none stood there, and `lyhord db upgrade` would make an empty one."""
    made = make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW)
    fill(sqlite_url, letters=1)
    before = fingerprint_of(sqlite_url)
    taken = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if str(target) == sqlite_url.removeprefix("sqlite:///"):
            raise KeyboardInterrupt
        return taken(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(made.file, sqlite_url, read_keys(key), NOW, overwrite=True)
    monkeypatch.undo()
    assert differing(fingerprint_of(sqlite_url), before) == []
    restore(made.file, sqlite_url, read_keys(key), NOW + timedelta(seconds=1), overwrite=True)
    assert differing(fingerprint_of(sqlite_url), made.manifest.tables) == []


def test_files_that_are_there_already_keep_the_database_as_it_is(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    (tmp_path / "lyhord.toml").write_text('extends = "demo"\n')
    settings = replace(settings_for(environ, sqlite_url, key, copies), source=str(tmp_path / "lyhord.toml"))
    made = make_backup(settings, environ, NOW)
    fill(sqlite_url, letters=1)
    before = fingerprint_of(sqlite_url)
    there = tmp_path / "out/config/lyhord.toml"
    there.parent.mkdir(parents=True)
    there.write_text("ours")
    with pytest.raises(BackupError, match="finns redan, så inget är ändrat"):
        restore(made.file, sqlite_url, read_keys(key), NOW, overwrite=True, files=tmp_path / "out")
    assert differing(fingerprint_of(sqlite_url), before) == []
    assert there.read_text() == "ours"


def test_a_restore_that_fails_puts_back_what_stood_there(
    environ: dict[str, str], database_url: str, key: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database_url, letters=1)
    made = make_backup(settings_for(environ, database_url, key, copies), environ, NOW)
    before = fingerprint_of(database_url)
    monkeypatch.setattr("service.backup.restore.differing", lambda *_: ["cases"])
    with pytest.raises(BackupError, match="skiljer sig cases"):
        restore(made.file, database_url, read_keys(key), NOW, overwrite=True)
    monkeypatch.undo()
    assert differing(fingerprint_of(database_url), before) == []


@pytest.mark.postgres
def test_a_restore_that_was_killed_is_told_and_begun_anew(
    environ: dict[str, str], postgres_url: str, key: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty database stood there afterwards, and a daemon would have begun to number cases from one."""
    fill(postgres_url)
    before = fingerprint_of(postgres_url)
    settings = settings_for(environ, postgres_url, key, copies)
    made = make_backup(settings, environ, NOW)
    with monkeypatch.context() as patch:
        patch.setattr("service.backup.restore._run_restore", lambda *_: os._exit(9))
        # The fork is what kill -9 leaves: nothing is put back.
        child = os.fork()
        if not child:
            try:
                restore(made.file, postgres_url, read_keys(key), NOW, overwrite=True)
            finally:
                os._exit(1)
        os.waitpid(child, 0)
    with pytest.raises(ConfigError, match=r"en återställning bröts på vägen\. Kör samma lyhord restore igen"):
        check_shape(settings)
    assert any("återställning bröts" in line.text for line in check_database(postgres_url, NOW) if not line.ok)
    done = restore(made.file, postgres_url, read_keys(key), NOW + timedelta(minutes=1), overwrite=True)
    assert differing(before, fingerprint_of(postgres_url)) == []
    assert differing(before, fingerprint_of(f"{postgres_url}?options=-csearch_path%3D{done.kept}")) == []
    check_shape(settings)


@pytest.mark.postgres
def test_one_of_several_schemas_is_copied_and_put_back_alone(
    environ: dict[str, str], postgres_url: str, key: Path, copies: Path
) -> None:
    """A municipality's copy holds nothing of its neighbour's, also where the first lies in ``public``."""
    own, other = two_schemas(postgres_url)
    for url in (own, other):
        migrate.upgrade(url)
        fill(url, letters=2)
    fill(postgres_url, letters=1)
    before = fingerprint_of(own)
    made = make_backup(settings_for(environ, own, key, copies), environ, NOW)

    done = restore(made.file, own, read_keys(key), NOW, overwrite=True)
    assert done.kept
    assert differing(before, fingerprint_of(own)) == []
    first = take_snapshot(postgres_url, copies)
    listed = subprocess.run(["pg_restore", "--list", str(first.file)], check=True, capture_output=True, text=True)
    assert "TABLE public cases" in listed.stdout
    assert "osby" not in listed.stdout and "rattvik" not in listed.stdout


@pytest.mark.postgres
def test_a_schema_that_is_not_ones_own_is_told(environ: dict[str, str], postgres: Cluster, postgres_url: str) -> None:
    """PostgreSQL 15 lets nobody but its owner make tables in a database; that came as a traceback."""
    role = f"role_{uuid4().hex}"
    postgres.execute(f"CREATE ROLE {role} LOGIN")
    url = postgres_url.replace("postgres@", f"{role}@")
    (line,) = check_database(url, NOW)
    assert f"rollen {role} får inte göra tabeller i schemat public" in line.text
    (line,) = check_database(f"{url}?options=-csearch_path%3Dingen", NOW)
    assert f"har inget schema som rollen {role} får använda" in line.text
    with pytest.raises(ConfigError, match="inget schema"):
        keeps_all_signs(f"{url}?options=-csearch_path%3Dingen")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {role} AUTHORIZATION {role}".encode())
    url = f"{url}?options=-csearch_path%3D{role}"
    migrate.upgrade(url)
    assert all(line.ok for line in check_database(url, datetime.now(UTC)))
    fill(url, letters=1)
    before = fingerprint_of(url)
    with pytest.raises(BackupError, match="GRANT CREATE ON DATABASE"), _empty_schema(url, NOW, overwrite=True):
        pass
    assert differing(before, fingerprint_of(url)) == []


def test_damage_and_wrong_keys_are_told(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    fill(sqlite_url, letters=1)
    made = make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW)
    target = f"sqlite:///{tmp_path / 'r.sqlite'}"
    new_key(tmp_path / "other.txt")
    with pytest.raises(BackupError, match="går inte att dekryptera"):
        restore(made.file, target, read_keys(tmp_path / "other.txt"), NOW)
    content = bytearray(made.file.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = copies / "damaged"
    damaged.write_bytes(content)
    with pytest.raises(BackupError, match="avbruten eller skadad"):
        restore(damaged, target, read_keys(key), NOW)
    decrypt(made.file, tmp_path / "whole", read_keys(key))
    # A disk without room: the copy was called damaged, the key wrong, and whoever believed it threw the one away.
    with patch("service.backup.archive._private", lambda _path: Path("/dev/full").open("wb")):
        with pytest.raises(BackupError, match="disken är full"):
            restore(made.file, target, read_keys(key), NOW)
        with pytest.raises(BackupError, match="disken är full"):
            unpack(tmp_path / "whole", tmp_path / "parts")
    assert not (tmp_path / "r.sqlite").exists()
    assert not list(tmp_path.glob(".lyhord-kopia-*"))


@pytest.mark.parametrize(
    ("names", "listed", "cut", "said"),
    [
        (["a", "b"], ["a"], None, "inte hel"),
        (["a"], ["a", "b"], None, "inte hel"),
        (["a"], ["a"], -20, "skadad|inte hel"),
        (["../a"], ["../a"], None, "annat än vanliga filer"),
        (["x/../../a"], ["x/../../a"], None, "annat än vanliga filer"),
        (["/tmp/lyhord-utanför"], ["/tmp/lyhord-utanför"], None, "annat än vanliga filer"),
    ],
)
def test_an_archive_that_is_not_whole_or_reaches_outside_is_refused(
    tmp_path: Path, names: list[str], listed: list[str], cut: int | None, said: str
) -> None:
    """Whoever has the public key can make one."""
    (tmp_path / "part").write_bytes(os.urandom(2000))
    digests = dict.fromkeys(listed, digest_of(tmp_path / "part"))
    pack(
        tmp_path / "archive",
        Manifest("1", "2026-11-26T09:00:00+00:00", "Ekdala", "sqlite", "0001", {}, digests),
        dict.fromkeys(names, tmp_path / "part"),
    )
    (tmp_path / "cut").write_bytes((tmp_path / "archive").read_bytes()[:cut])
    (tmp_path / "in").mkdir()
    with pytest.raises(BackupError, match=said):
        unpack(tmp_path / "cut", tmp_path / "in")
    assert not (tmp_path / "a").exists() and not Path("/tmp/lyhord-utanför").exists()


@pytest.mark.parametrize(("content", "said"), [(None, "går inte att läsa"), ("# public key: age1x", "ingen hemlig")])
def test_a_key_file_without_a_key_is_told(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    with pytest.raises(BackupError, match=said):
        read_keys(tmp_path / "key")


def test_no_table_is_left_out(sqlite_url: str) -> None:
    """A table that a migration makes and the metadata does not know would not be compared, or moved to PostgreSQL."""
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {n for n in there if not n.startswith(("search_fts", "sqlite_"))} - {"alembic_version"} == set(
        metadata.tables
    )


def test_another_format_is_refused() -> None:
    with pytest.raises(BackupError, match="formatet 9"):
        from_json(b'{"format": 9}')
    with pytest.raises(BackupError, match="skadad"):
        from_json(b"[]")
