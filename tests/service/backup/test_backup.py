"""Backup and restore on both databases: made while people write, encrypted, compared row by row, mailbox caught up."""

import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from cases.people.access import SYSTEM
from service.backup import archive
from service.backup import database as backup_database
from service.backup.archive import new_key, read_keys
from service.backup.create import CHECKSUM, make_backup, rotate, workshop
from service.backup.database import BackupError, differing, fingerprint_of, run_program, take_snapshot
from service.backup.restore import restore
from service.checks.database import database_place
from service.stopping import STOPS
from storage import SqlStore
from storage.database.engine import open_engine
from storage.search.analyse import analyse
from tests.service.copied import NOW, fill, settings_for, target_of
from tests.steps.house import SmallHouse, mail


def test_every_row_comes_back(
    environ: dict[str, str], database_url: str, key: Path, copies: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    old = fill(database_url)
    settings = settings_for(environ, database_url, key, copies)
    made = make_backup(settings, environ, NOW, verify_with=key)
    assert made.whole
    assert made.manifest.note == ""
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert b"Berit" not in made.file.read_bytes()
    assert sorted(p.name for p in copies.iterdir()) == [made.file.name, made.file.name + CHECKSUM]
    sums = made.file.with_name(made.file.name + CHECKSUM)
    assert sums.read_text() == f"{archive.digest_of(made.file)}  {made.file.name}\n", "as sha256sum -c wants it"
    assert stat.S_IMODE(sums.stat().st_mode) == 0o600
    target = target_of(database_url, request, tmp_path)
    done = restore(made.file, target, read_keys(key), NOW)
    assert (done.kept, done.upgraded) == ("", 0)
    before, after = fingerprint_of(database_url), fingerprint_of(target)
    assert differing(before, after) == []
    assert {name: before[name][0] for name in ("cases", "raw_messages", "raw_contents", "messages")} == {
        "cases": 6, "raw_messages": 7, "raw_contents": 7, "messages": 7,
    }  # fmt: skip
    assert min(before[name][0] for name in ("journal", "outbox", "suggestions", "counters", "case_numbers")) > 0
    _goes_on(target, "EK-2026-00007", old)


@pytest.mark.parametrize("number", STOPS)
def test_who_is_stopped_while_copying_leaves_nothing_in_clear(tmp_path: Path, number: int) -> None:
    """At a reboot in the night a database without encryption stayed beside the one in use, for ever."""
    before = signal.getsignal(number)
    signal.signal(number, signal.SIG_DFL)

    def copying() -> None:
        with workshop(f"sqlite:///{tmp_path}/l.sqlite") as room:
            (room / "database.sqlite").touch()
            signal.raise_signal(number)

    with pytest.raises(SystemExit) as left:
        copying()
    assert left.value.code == 128 + number
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(number) == signal.SIG_DFL
    signal.signal(number, signal.SIG_IGN)
    with workshop(f"sqlite:///{tmp_path}/l.sqlite"):
        signal.raise_signal(number)  # nohup
    signal.signal(number, before)


def test_what_was_left_by_one_whose_power_was_cut_is_taken_away(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path
) -> None:
    beside = Path(sqlite_url.removeprefix("sqlite:///")).parent
    old, busy = beside / ".lyhord-kopia-old", beside / ".lyhord-kopia-busy"
    partial = copies / ".lyhord-20260101T011500Z.tar.zst.age.partial"
    for room in (old, busy):
        (room / "parts").mkdir(parents=True)
    partial.touch()
    for left in (old, partial):
        os.utime(left, (1, 1))
    made = make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW)
    assert list(beside.glob(".lyhord-*")) == [busy], "that of another one at work stays"
    assert sorted(copies.iterdir()) == [made.file, made.file.with_name(made.file.name + CHECKSUM)]


def _goes_on(url: str, number: str, old: SmallHouse) -> None:
    """The restored database reads and finds what is in it, takes new letters and gives the next number."""
    store = SqlStore(url, analyser=analyse)
    with store.read() as tx:
        assert len(tx.search("lampa", SYSTEM)) == 6
        assert all(tx.raw_content(raw_id) for raw_id in _raw_ids(url))
    old.store, old.stages = store, replace(old.stages, store=store)
    old.receive(mail("Bänken vid ån är sönder.", subject="Bänk", message_id="<ny@mejl.example>"))
    with store.read() as tx:
        assert tx.case_by_number(number)
    store.close()


def _raw_ids(url: str) -> list[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(sa.text("SELECT id FROM raw_messages")).scalars())
    engine.dispose()
    return found


def test_copied_while_others_write(environ: dict[str, str], database_url: str, tmp_path: Path) -> None:
    """Whatever moment the copy shows, it is one: never a case without its number, journal and letter."""
    store = SqlStore(database_url, analyser=analyse)
    house = SmallHouse(store)
    stop = threading.Event()

    def write() -> None:
        for n in count():
            if stop.is_set():
                return
            house.post(mail(f"Lampa {n}.", message_id=f"<w{n}@mejl.example>"))
            house.stages.read(house.now)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for n in range(4):
            (tmp_path / str(n)).mkdir()
            taken = take_snapshot(database_url, tmp_path / str(n)).fingerprint
            assert taken["cases"][0] == taken["case_numbers"][0] == taken["messages"][0]
            assert taken["raw_messages"][0] == taken["raw_contents"][0] >= taken["cases"][0]
            counts.append(taken["raw_messages"][0])
    finally:
        stop.set()
        writer.join()
        store.close()
    assert counts == sorted(counts)


def test_postgresqls_programs_are_told_several_servers_in_their_own_way_and_no_password_that_others_see() -> None:
    """pg_dump took a port for part of a name, so that with a standby there was no copy; ``ps`` showed the password."""
    two = "postgresql://lyhord:hemligt@/lyhord?host=db1.example:5433&host=db2.example&target_session_attrs=read-write"
    said = run_program(["sh", "-c", 'echo "$PGPASSWORD: $*"', "sh"], two).stdout
    assert said.startswith("hemligt: -d ") and "hemligt" not in said[1:]
    assert "host=db1.example,db2.example" in said and "port=5433," in said
    assert database_place(two) == "lyhord på db1.example:5433, db2.example:5432"
    assert database_place("postgresql:///lyhord") == "lyhord på localhost:5432"


@pytest.mark.postgres
def test_without_pg_dump_our_own_copy_serves_both_databases(
    environ: dict[str, str],
    postgres_url: str,
    empty_postgres: str,
    key: Path,
    copies: Path,
    tmp_path: Path,
    monkeypatch,
) -> None:
    fill(postgres_url)
    monkeypatch.setattr(backup_database, "find_program", lambda _name: None)
    made = make_backup(settings_for(environ, postgres_url, key, copies), environ, NOW)
    assert "pg_dump är inte installerat" in made.manifest.note
    for target in (f"sqlite:///{tmp_path / 'moved.sqlite'}", empty_postgres):
        restore(made.file, target, read_keys(key), NOW)
        assert differing(fingerprint_of(postgres_url), fingerprint_of(target)) == []
    with psycopg.connect(empty_postgres) as connection:
        last = connection.execute("SELECT max(seq) FROM raw_messages").fetchone()
        following = connection.execute("SELECT nextval(pg_get_serial_sequence('raw_messages', 'seq'))").fetchone()
    assert last is not None and following is not None and following[0] == last[0] + 1


def test_a_damaged_database_is_no_backup(environ: dict[str, str], sqlite_url: str, key: Path, copies: Path) -> None:
    fill(sqlite_url, letters=2)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with file.open("r+b") as raw:
        raw.seek(file.stat().st_size // 2 // 4096 * 4096)
        raw.write(os.urandom(16_384))
    with pytest.raises(BackupError):
        make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW)
    assert not list(copies.iterdir())


def test_a_database_that_can_be_read_and_is_damaged_all_the_same_is_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    """Pages that belong to nothing are found by SQLite's own check alone."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_%'")
    with pytest.raises(BackupError, match="är skadad"):
        take_snapshot(sqlite_url, tmp_path)


def _spoilt(step: str, made: Callable[..., Any]) -> Callable[..., Any]:
    """The step of making a copy, after which a byte of what it wrote is another."""

    def spoils(*asked: Any) -> Any:
        answer = made(*asked)
        written = asked[0] if step == "pack" else asked[1]
        content = bytearray(written.read_bytes())
        content[len(content) // 2] ^= 1
        written.write_bytes(content)
        return answer

    return spoils


@pytest.mark.parametrize(
    ("step", "said"),
    [("pack", "skadad|inte hel"), ("encrypt", "inte den som skrevs"), ("decrypt", "inte den som krypterades")],
)
def test_a_copy_that_is_not_what_was_written_does_not_count(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path, monkeypatch, step: str, said: str
) -> None:
    monkeypatch.setattr(archive, step, _spoilt(step, getattr(archive, step)))
    with pytest.raises(BackupError, match=said):
        make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW, verify_with=key)
    assert not list(copies.iterdir())


def test_rotation_and_what_must_be_given(environ: dict[str, str], sqlite_url: str, key: Path, copies: Path) -> None:
    settings = settings_for(environ, sqlite_url, key, copies)
    files = [make_backup(settings, environ, NOW + timedelta(days=n)) for n in range(3)]
    assert [one.file.exists() for one in files] == [False, True, True]
    assert files[2].removed == [files[0].file]
    assert len(list(copies.iterdir())) == 4
    assert rotate(copies, 2) == []
    with pytest.raises(BackupError, match="--new-key"):
        make_backup(replace(settings, backup=replace(settings.backup, recipients=())), environ, NOW)
    with pytest.raises(BackupError, match=r"backup\.folder"):
        make_backup(replace(settings, backup=replace(settings.backup, folder="")), environ, NOW)
    gone = str(copies / "flyttad")
    with pytest.raises(BackupError, match=f"{gone} finns inte.*install -d"):
        make_backup(replace(settings, backup=replace(settings.backup, folder=gone)), environ, NOW)
    with pytest.raises(BackupError, match="finns redan"):
        new_key(key)


def test_settings_templates_and_secrets_come_along(
    environ: dict[str, str], sqlite_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    (tmp_path / "mallar" / "sv").mkdir(parents=True)
    (tmp_path / "mallar" / "sv" / "svar.txt").write_text("Hej!")
    (tmp_path / "hemlig").write_text("imap-hemligt")
    source = tmp_path / "lyhord.toml"
    for folder in ("imap", "smtp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ca.pem").write_text(folder)
    source.write_text(
        'a.password_file = "hemlig"\nb = [{ secret_env = "LYHORD_DESK_SECRET" }]\n'
        'c = [{ ca_file = "imap/ca.pem" }, { ca_file = "smtp/ca.pem" }, { ca_file = "imap/ca.pem" }]\n'
    )
    settings = settings_for(environ, sqlite_url, key, copies)
    letters = replace(settings.letters, template_folder=tmp_path / "mallar")
    settings = replace(settings, source=str(source), letters=letters)
    plain = make_backup(settings, environ, NOW)
    certificates = {"config/certificates/ca.pem", "config/certificates/2-ca.pem"}
    assert set(plain.manifest.members) == {
        "database.sqlite", "config/lyhord.toml", "templates/sv/svar.txt", *certificates,
    }  # fmt: skip
    secret = replace(settings, backup=replace(settings.backup, with_secrets=True))
    made = make_backup(secret, environ, NOW + timedelta(seconds=1))
    out = tmp_path / "out"
    restore(made.file, f"sqlite:///{tmp_path / 'r.sqlite'}", read_keys(key), NOW, files=out)
    assert (out / "config/secrets/hemlig").read_text() == "imap-hemligt"
    assert (out / "config/secrets/environment").read_text() == f"LYHORD_DESK_SECRET={environ['LYHORD_DESK_SECRET']}\n"
    assert (out / "templates/sv/svar.txt").read_text() == "Hej!"
    assert {(out / name).read_text() for name in certificates} == {"imap", "smtp"}
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.rglob("*") if p.is_file()} == {0o600}
