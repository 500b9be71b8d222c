"""An upgrade is tried on a copy and back again, the real database untouched; what it brings to the settings is told."""

import hashlib
import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from cases.errors import LyhordError
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from config.changes import changes, known_keys
from service.backup.database import BackupError, fingerprint_of
from service.backup.rehearsal import RehearsalError, rehearse, restore_point
from service.cli import main
from service.config_record import news, record_keys
from service.processes.web import DeskServer
from storage import SqlStore, migrate
from storage.database.engine import open_engine
from storage.search.analyse import analyse
from tests.databases import Cluster
from tests.storage.samples import NOW, case, entry

OLD = "0009_public_and_api"


@pytest.fixture
def old_url(database_url: str) -> str:
    """A database that a version some migrations ago left, with a case in it."""
    with closing(SqlStore(database_url, analyser=analyse)) as store, store.begin() as tx:
        tx.add_case(case())
    migrate.downgrade(database_url, OLD)
    return database_url


def test_the_way_back_leaves_no_kind_that_the_version_before_does_not_know(database_url: str) -> None:
    """A question to somebody outside ended there each page of its case, and each pass that sends letters."""
    with closing(SqlStore(database_url, analyser=analyse)) as store, store.begin() as tx:
        tx.add_case(case())
        for number, status in enumerate((OutboxStatus.SENT, OutboxStatus.QUEUED)):
            asked = entry(f"q{number}", letter=replace(entry().letter, kind=LetterKind.FRAGA_UTANFOR))
            tx.queue(replace(asked, status=status))
        tx.add_event(CaseEvent("e1", "c1", NOW, "u1", EventKind.ASKED, "Fråga till Belysning AB"))
    migrate.downgrade(database_url, "0025_asked_if_helped")
    engine = open_engine(database_url)
    with engine.connect() as connection:
        letters = connection.exec_driver_sql("SELECT kind, status FROM outbox ORDER BY id").all()
        noted = connection.exec_driver_sql("SELECT kind, text FROM journal").all()
    engine.dispose()
    assert letters == [("till_handlaggare", "sent"), ("till_handlaggare", "failed")]
    assert noted == [("note", "Fråga till Belysning AB")]


def test_a_copy_that_finds_no_room_says_so_and_leaves_no_half_one(tmp_path: Path, sqlite_url: str) -> None:
    """An empty file stood there as restore point, and the way out was to ask `lyhord doctor`."""
    real = sqlite3.connect

    def small(place: str | Path, *, uri: bool = False) -> sqlite3.Connection:
        connection = real(place, uri=uri)
        if isinstance(place, Path):
            connection.execute("PRAGMA max_page_count = 5")
        return connection

    with (
        patch("service.backup.database.sqlite3.connect", small),
        pytest.raises(BackupError, match="Frigör utrymme"),
    ):
        restore_point(sqlite_url)
    assert not list(tmp_path.glob("*.before_upgrade_*"))


def test_an_upgrade_is_tried_there_and_back_on_a_copy(
    old_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = fingerprint_of(old_url)
    (tmp_path / "room").mkdir()
    done = rehearse(old_url, tmp_path / "room")
    assert (done.before, done.after, done.fine) == (OLD, migrate.newest(), True)
    assert done.steps == len(migrate.pending(old_url)) > 0
    assert done.rows == sum(count for count, _ in before.values()) > 0
    assert (migrate.current(old_url), fingerprint_of(old_url)) == (OLD, before)
    if old_url.startswith("postgresql"):
        assert _copies(request.getfixturevalue("postgres")) == []


def _copies(cluster: Cluster) -> list[str]:
    """What a rehearsal left behind on the server."""
    engine = open_engine(cluster.url("postgres"))
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
    engine.dispose()
    return [name for name in names if name.startswith("lyhord_rehearsal_")]


@pytest.fixture
def plain_role(postgres: Cluster, postgres_url: str) -> Iterator[str]:
    postgres.execute("CREATE ROLE plain LOGIN")
    postgres.execute(f"ALTER DATABASE {postgres_url.rpartition('/')[2]} OWNER TO plain")
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'ALTER TABLE "{name}" OWNER TO plain')
    engine.dispose()
    yield postgres_url.replace("postgres@", "plain@")
    postgres.execute(f"ALTER DATABASE {postgres_url.rpartition('/')[2]} OWNER TO postgres")


@pytest.mark.postgres
def test_a_role_that_may_not_create_databases_is_told_to_name_one(
    postgres: Cluster, plain_role: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    migrate.downgrade(plain_role, OLD)
    with pytest.raises(RehearsalError, match="--copy"):
        rehearse(plain_role, tmp_path)
    assert _copies(postgres) == []
    postgres.execute("CREATE DATABASE named_copy OWNER plain")
    request.addfinalizer(lambda: postgres.execute("DROP DATABASE named_copy WITH (FORCE)"))
    (tmp_path / "again").mkdir()
    copy = postgres.url("named_copy").replace("postgres@", "plain@")
    assert rehearse(plain_role, tmp_path / "again", copy).fine


def test_an_upgrade_that_fails_on_the_copy_leaves_the_database_alone(sqlite_url: str, tmp_path: Path) -> None:
    migrate.downgrade(sqlite_url, OLD)
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW letter_texts AS SELECT 1")
    engine.dispose()
    (tmp_path / "room").mkdir()
    with pytest.raises(RehearsalError, match="orörd"):
        rehearse(sqlite_url, tmp_path / "room")
    assert migrate.current(sqlite_url) == OLD


def test_the_restore_point_is_the_database_as_it_was(sqlite_url: str) -> None:
    migrate.downgrade(sqlite_url, OLD)
    before = fingerprint_of(sqlite_url)
    point = restore_point(sqlite_url)
    assert point is not None
    migrate.upgrade(sqlite_url)
    assert (migrate.current(f"sqlite:///{point}"), fingerprint_of(f"sqlite:///{point}")) == (OLD, before)
    assert point.stat().st_mode & 0o777 == 0o600


# The command


@pytest.fixture
def lyhord(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return lambda *words: main([*words, "--config", "demo"])


def test_rehearse_upgrade_and_go_back_by_the_command(
    lyhord: Callable[..., int], environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(environ["LYHORD_DATABASE_URL"].removeprefix("sqlite:///"))
    assert lyhord("db", "upgrade") == 0
    assert lyhord("db", "downgrade", "--to", "0009") == 0
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    capsys.readouterr()
    assert lyhord("db", "upgrade", "--rehearse") == 0
    said = capsys.readouterr().out
    assert f"från {OLD} till {migrate.newest()}" in said
    assert "Databasen är orörd" in said
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    assert not list(file.parent.glob(".lyhord-kopia-*"))
    assert lyhord("db", "upgrade") == 0
    assert file.with_name(f"{file.name}.before_upgrade_{OLD}").is_file()
    assert "0 uppgraderingar återstår" in capsys.readouterr().out


@pytest.mark.parametrize("revision", ["", "9999", "00"])
def test_going_back_asks_for_a_version_there_is(
    revision: str, lyhord: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert lyhord("db", "upgrade") == 0
    assert lyhord("db", "downgrade", "--to", revision) == 1
    assert "0001" in capsys.readouterr().err


# The settings


def test_a_new_a_gone_and_a_changed_key_are_each_told() -> None:
    before = known_keys()
    del before["desk.port"]
    before |= {"desk.old": "1", "smtp.timeout_seconds": "20"}
    lines = changes(before)
    assert len(lines) == 3
    assert lines[0].startswith("Ny nyckel desk.port (förval 8080): ")
    assert "smtp.timeout_seconds: förut 20, nu 30" in lines[1]
    assert "desk.old finns inte längre" in lines[2]
    assert changes(known_keys()) == []


def test_the_upgrade_tells_what_changed_since_the_last_one(sqlite_store: SqlStore) -> None:
    assert news(sqlite_store) == ()
    record_keys(sqlite_store)
    assert list(news(sqlite_store)) == []
    with sqlite_store.begin() as tx:
        tx.save_setting("config:keys", json.dumps({key: at for key, at in known_keys().items() if key != "desk.port"}))
    assert [line.split()[2] for line in news(sqlite_store)] == ["desk.port"]


def test_keys_of_another_version_are_compared_from_a_file(
    lyhord: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lyhord("config", "keys") == 0
    kept = json.loads(capsys.readouterr().out)
    del kept["desk.host"]
    (tmp_path / "old.json").write_text(json.dumps(kept))
    assert lyhord("config", "diff", "--since", str(tmp_path / "old.json")) == 0
    assert capsys.readouterr().out.startswith("Ny nyckel desk.host")
    (tmp_path / "old.json").write_text("[]")
    assert lyhord("config", "diff", "--since", str(tmp_path / "old.json")) == 1


def test_without_a_record_the_way_out_is_told(
    lyhord: Callable[..., int], environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    migrate.upgrade(environ["LYHORD_DATABASE_URL"])
    assert lyhord("config", "diff") == 1
    assert "lyhord config keys" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("daemon",), ("desk",), ("db", "upgrade"), ("doctor", "--quick")])
def test_a_database_that_is_away_is_one_line_and_no_traceback(
    command: tuple[str, ...],
    lyhord: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        # Bound and not listening: nobody answers there, and nobody else can take it meanwhile.
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("LYHORD_DATABASE_URL", f"postgresql://lyhord@{place}/lyhord")
        assert lyhord(*command) == 1
        told = capsys.readouterr()
    said = told.out if command[0] == "doctor" else told.err
    assert f"lyhord på {place} svarar inte (connection " in said
    assert "Kontrollera database.url och lösenordet" in said
    assert "oväntat fel" not in said
    if command[0] == "doctor":
        assert said.startswith("1. Databasen: ")
        assert "1 fel, 0 saker är i ordning." in said
    else:
        assert said.startswith("lyhord: Databasen lyhord på ")


def test_a_file_that_somebody_else_holds_is_said_to_be_locked(
    lyhord: Callable[..., int],
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    migrate.upgrade(environ["LYHORD_DATABASE_URL"])

    def pending(_url: str) -> list[str]:
        raise sa.exc.OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(migrate, "pending", pending)
    assert lyhord("user", "list") == 1
    said = capsys.readouterr().err
    assert f"{environ['LYHORD_DATABASE_URL'].removeprefix('sqlite:///')} svarar inte (database is locked)" in said
    assert "Något annat skriver i den" in said


@pytest.mark.parametrize(
    "words", [("upgrade", "--to", "0009"), ("status", "--rehearse"), ("downgrade", "--to", "0009", "--rehearse")]
)
def test_a_choice_that_belongs_to_another_word_is_refused(
    words: tuple[str, ...], lyhord: Callable[..., int], environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It was passed over: `upgrade --to` upgraded to the newest, and `downgrade --rehearse` tried an upgrade."""
    assert lyhord("db", *words) == 1
    assert "hör till lyhord db" in capsys.readouterr().err
    assert migrate.current(environ["LYHORD_DATABASE_URL"]) == migrate.newest()


@pytest.mark.postgres
def test_a_database_that_cannot_keep_every_sign_is_not_filled(
    postgres: Cluster, lyhord: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    postgres.execute("DROP DATABASE IF EXISTS latin")
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    monkeypatch.setenv("LYHORD_DATABASE_URL", postgres.url("latin"))
    assert lyhord("db", "upgrade") == 1
    said = capsys.readouterr().err
    assert "är kodad i LATIN1. Gör om databasen med CREATE DATABASE" in said
    assert not migrate.current(postgres.url("latin"))


def test_a_database_whose_folder_is_missing_is_told_so(
    lyhord: Callable[..., int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LYHORD_DATABASE_URL", f"sqlite:///{tmp_path}/saknas/lyhord.sqlite")
    assert lyhord("db", "upgrade") == 1
    said = capsys.readouterr().err
    assert said.startswith(f"lyhord: Mappen {tmp_path}/saknas finns inte. Är Lyhörd nytt här")
    assert "lyhord restore" in said, "or a disk is not mounted"


def test_a_port_that_is_taken_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LyhordError, match=f"{port}: porten används redan.*desk.port"):
            DeskServer(FastAPI(), "127.0.0.1", port)
