"""Backup and restore on both databases: made while people write, encrypted, compared row by row, mailbox caught up."""

import errno
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
import sqlalchemy as sa

from cases.errors import ConfigError, ModelError
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from config import Settings, load
from ingest.poller import poll_once
from service.backup import database as backup_database
from service.backup.after_restore import check_recovered, recover, settle
from service.backup.archive import encrypt, from_json, new_key, read_keys
from service.backup.create import CHECKSUM, make_backup, rotate
from service.backup.database import BackupError, differing, fingerprint_of, take_snapshot
from service.backup.restore import _empty_schema, restore
from service.bootstrap import House, build, reader
from service.checks.copies import copies_line, newest_copy
from service.checks.database import check_database
from service.cli import main
from service.database import check_shape, keeps_all_signs
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from service.post_room import PostRoom
from service.stages import Stages
from storage import SqlStore, migrate
from storage.database.engine import open_engine
from storage.search.analyse import analyse
from storage.tables.columns import metadata
from tests.databases import Cluster, two_schemas
from tests.steps.house import ScriptedModel, SmallHouse, mail

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_ids = count(1)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    new_key(tmp_path / "key.txt")
    return tmp_path / "key.txt"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies"


def settings_for(environ: dict[str, str], url: str, key: Path, copies: Path) -> Settings:
    public = key.read_text().splitlines()[0].rpartition(" ")[2]
    settings = load("demo", environ | {"LYHORD_DATABASE_URL": url})
    return replace(settings, backup=replace(settings.backup, folder=copies, recipients=(public,), keep=2))


def fill(url: str, letters: int = 6) -> SmallHouse:
    """Cases with journal, receipts, a reply and an attachment."""
    store = SqlStore(url, analyser=analyse)
    house = SmallHouse(store)
    for n in range(letters):
        house.receive(mail(f"Lampa {n} på Ängsgatan är trasig.", message_id=f"<m{n}@mejl.example>"))
    house.receive(
        mail("Tack!", subject="Sv: Trasig lampa", message_id="<r@mejl.example>", In_Reply_To="<m1@mejl.example>")
    )
    store.close()
    return house


@pytest.fixture
def empty_postgres(postgres_template: Cluster) -> Iterator[str]:
    """A database that nobody has migrated."""
    name = f"lyhord_empty_{next(_ids)}"
    postgres_template.execute(f"CREATE DATABASE {name}")
    yield postgres_template.url(name)
    postgres_template.execute(f"DROP DATABASE {name} WITH (FORCE)")


def target_of(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'restored.sqlite'}"
    return str(request.getfixturevalue("empty_postgres"))


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


@pytest.mark.postgres
def test_a_restore_that_fails_puts_back_what_stood_there(
    environ: dict[str, str], postgres_url: str, key: Path, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(postgres_url, letters=1)
    made = make_backup(settings_for(environ, postgres_url, key, copies), environ, NOW)
    before = fingerprint_of(postgres_url)
    monkeypatch.setattr("service.backup.restore.differing", lambda *_: ["cases"])
    with pytest.raises(BackupError, match="skiljer sig cases"):
        restore(made.file, postgres_url, read_keys(key), NOW, overwrite=True)
    monkeypatch.undo()
    assert differing(fingerprint_of(postgres_url), before) == []


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
    role = f"role_{next(_ids)}"
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
    with pytest.raises(BackupError, match="går inte att dekryptera"):
        restore(damaged, target, read_keys(key), NOW)
    assert not (tmp_path / "r.sqlite").exists()
    assert not list(tmp_path.glob(".lyhord-kopia-*"))


def test_a_damaged_database_is_no_backup(environ: dict[str, str], sqlite_url: str, key: Path, copies: Path) -> None:
    fill(sqlite_url, letters=2)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with file.open("r+b") as raw:
        raw.seek(file.stat().st_size // 2 // 4096 * 4096)
        raw.write(os.urandom(16_384))
    with pytest.raises(BackupError):
        make_backup(settings_for(environ, sqlite_url, key, copies), environ, NOW)
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


# The mailbox after an older state


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as opened:
        yield opened


def house_at(environ: dict[str, str], post: EmbeddedPost, url: str) -> House:
    ports = {"LYHORD_IMAP_PORT": str(post.imap_port), "LYHORD_SMTP_PORT": str(post.smtp_port)}
    house = build(load("demo", environ | ports | {"LYHORD_DATABASE_URL": url}))
    stages = Stages(house.store, house.office, reader(house.settings), ScriptedModel)
    return replace(house, stages=stages)


def work(house: House) -> None:
    """One round of everything the daemon does with letters."""
    now = house.clock()
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=now, new_id=house.new_id)
    house.stages.read(now)
    house.stages.suggest(now)
    PostRoom(house).send_due(house.clock() + timedelta(days=4))


def cases_of(house: House) -> dict[str, str]:
    """Each case's first letter."""
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=100))
        return {tx.thread(line.id)[0]: line.number for line in lines}


def receipts(house: House) -> dict[str, OutboxStatus]:
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=100))
        entries = [entry for line in lines for entry in tx.letters_of(line.id)]
    return {e.in_reply_to: e.status for e in entries if e.letter.kind is LetterKind.MOTTAGNING}


def citizen(n: int) -> bytes:
    return mail(f"Lampa {n} är trasig.", sender=f"p{n}@mejl.example", message_id=f"<l{n}@mejl.example>")


def sent(post: EmbeddedPost) -> dict[str, int]:
    return {to: len(mails) for to, mails in post.boxes().items() if to.startswith("p")}


def test_nothing_lost_and_nothing_twice_after_an_older_state(
    environ: dict[str, str], post: EmbeddedPost, sqlite_url: str, key: Path, copies: Path, tmp_path: Path
) -> None:
    house = house_at(environ, post, sqlite_url)
    for n in (1, 2):
        post.deliver(citizen(n), envelope_from=f"p{n}@mejl.example")
    work(house)
    # The copy is taken while the third letter's receipt waits in the outbox.
    post.deliver(citizen(3), envelope_from="p3@mejl.example")
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
    house.stages.read(house.clock())
    house.stages.suggest(house.clock())
    made = make_backup(settings_for(environ, sqlite_url, key, copies), environ, house.clock())
    for n in (4, 5):
        post.deliver(citizen(n), envelope_from=f"p{n}@mejl.example")
    work(house)
    assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3, 4, 5)}
    house.store.close()

    target = f"sqlite:///{tmp_path / 'older.sqlite'}"
    restore(made.file, target, read_keys(key), NOW)
    older = house_at(environ, post, target)
    assert settle(older.store, made.manifest.taken_at, older.clock() + timedelta(days=4), older.new_id) == 1
    with pytest.raises(ConfigError, match="mailbox recover"):
        check_recovered(older)
    # The first run breaks off when the found letters' receipts are queued already, and is made again.
    stops = patch.object(Stages, "promises", side_effect=ModelError("Modellen går inte att läsa."))
    with pytest.raises(ModelError), stops:
        recover(older, older.clock())
    with pytest.raises(ConfigError, match="mailbox recover"):
        check_recovered(older)
    done = recover(older, older.clock())
    assert (done.kept, done.known, done.unsure, done.problems) == (0, 5, 2, [])
    check_recovered(older)
    work(older)
    assert set(cases_of(older)) == {f"<l{n}@mejl.example>" for n in (1, 2, 3, 4, 5)}
    assert sent(post) == {f"p{n}@mejl.example": 1 for n in (1, 2, 3, 4, 5)}
    unsure = dict.fromkeys((f"<l{n}@mejl.example>" for n in (3, 4, 5)), OutboxStatus.UNCERTAIN)
    assert receipts(older) == dict.fromkeys(("<l1@mejl.example>", "<l2@mejl.example>"), OutboxStatus.SENT) | unsure
    # Again, as one does who is not sure that it went well: nothing more is found, nothing sent.
    again = recover(older, older.clock())
    assert (again.kept, again.known, again.unsure) == (0, 5, 0)
    post.deliver(citizen(6), envelope_from="p6@mejl.example")
    work(older)
    assert sent(post)["p6@mejl.example"] == 1
    older.store.close()


def test_a_database_that_postgresql_itself_put_back(
    environ: dict[str, str], post: EmbeddedPost, sqlite_url: str
) -> None:
    """Letters that waited in it may have gone since; only a person can know."""
    house = house_at(environ, post, sqlite_url)
    post.deliver(citizen(1), envelope_from="p1@mejl.example")
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
    house.stages.read(house.clock())
    house.stages.suggest(house.clock())
    done = recover(house, house.clock() + timedelta(days=4), NOW.date(), restored=True)
    assert (done.kept, done.unsure) == (0, 1)
    assert receipts(house) == {"<l1@mejl.example>": OutboxStatus.UNCERTAIN}
    check_recovered(house)
    house.store.close()


def test_a_copy_of_no_database_makes_none(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LYHORD_DATABASE_URL", f"sqlite:///{tmp_path / 'ingen.sqlite'}")
    assert main(["backup", "-c", "demo", "--folder", str(tmp_path)]) == 1
    assert not (tmp_path / "ingen.sqlite").exists()


def test_the_commands(
    environ: dict[str, str],
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    fill(sqlite_url, letters=1)
    assert main(["backup", "--new-key", str(tmp_path / "k")]) == 0
    public = capsys.readouterr().out.split()[6]
    assert public.startswith("age1")
    profile = tmp_path / "lyhord.toml"
    profile.write_text(f'extends = "demo"\n[backup]\nfolder = "."\nrecipients = ["{public}"]\n')
    assert main(["backup", "-c", str(profile), "--verify-with", str(tmp_path / "k")]) == 0
    said = capsys.readouterr().out
    assert "2 ärenden" in said and "jämförd" in said and "desk.secret" in said
    settings = load(str(profile), environ)
    with closing(SqlStore(sqlite_url, analyser=analyse)) as store, store.read() as tx:
        assert newest_copy(tx, settings) is not None
    assert main(["backup", "-c", str(profile), "--folder", str(tmp_path / "omonterad")]) == 1
    with closing(SqlStore(sqlite_url, analyser=analyse)) as store, store.read() as tx:
        line = copies_line(tx, settings, datetime.now(UTC) + timedelta(hours=2))
        assert line is not None and "omonterad finns inte" in line.text and "gjordes för 2 timmar" in line.text
    capsys.readouterr()
    (copy,) = tmp_path.glob("lyhord-*.age")
    to = f"sqlite:///{tmp_path / 'new.sqlite'}"
    assert main(["restore", str(copy), "--to", to, "--key", str(tmp_path / "k"), "--files", str(tmp_path / "f")]) == 0
    assert "mailbox recover" in capsys.readouterr().out
    assert main(["restore", str(copy), "--to", to, "--key", str(tmp_path / "k")]) == 1
    assert "--overwrite" in capsys.readouterr().err
    monkeypatch.setenv("LYHORD_DATABASE_URL", to)
    # Without --to it is the settings' own database, whose password is on no command line.
    assert main(["restore", str(copy), "-c", str(profile), "--key", str(tmp_path / "k")]) == 1
    assert to.removeprefix("sqlite:///") in capsys.readouterr().err
    assert main(["restore", "ingen.age", "-c", str(profile), "--key", str(tmp_path / "k"), "--overwrite"]) == 1
    assert "Kopian ingen.age går inte att läsa" in capsys.readouterr().err
    assert main(["daemon", "-c", str(profile)]) == 1
    assert "mailbox recover" in capsys.readouterr().err
    assert main(["mailbox", "recover", "-c", str(profile), "--skip"]) == 0


@pytest.mark.parametrize("place", ["/tmp/kopia.sqlite", "mysql://lyhord:hemligt@db/lyhord"])
def test_a_place_that_is_no_database_is_refused_unrepeated(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "kopia.age", "--to", place, "--key", "nyckel"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("lyhord: --to är ingen databas som Lyhörd känner.")
    assert "hemligt" not in said


def test_a_disk_that_fills_up_is_told_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").write_bytes(b"x" * 200_000)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("service.backup.archive._Hashing.write", full)
    public = new_key(tmp_path / "key")
    with pytest.raises(BackupError, match=f"skriva i {tmp_path}.*No space left.*Frigör utrymme"):
        encrypt(tmp_path / "plain", tmp_path / "sealed", [public])
