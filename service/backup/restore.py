"""``lyhord restore``: a backup becomes a database again, compared row by row; nothing that stood there is destroyed."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from service.backup import archive as archives
from service.backup.archive import Manifest
from service.backup.create import workshop
from service.backup.database import (
    KEPT_SCHEMA,
    PG_DUMP,
    SQLITE,
    BackupError,
    differing,
    find_program,
    fingerprint_of,
    run_program,
    safe_name,
    transfer,
)
from service.checks.database import RESTORING, broken_restore, sqlite_file
from storage import migrate
from storage.database.engine import open_engine, reading, writing
from storage.database.presence import ALONE
from storage.tables.columns import metadata

_STOP = "Stoppa lyhord (systemctl stop lyhord) och försök igen."
Settle = Callable[[str, str], int]
"""Marks the letters that waited in the copy: given the database's address and when the copy was taken; how many."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. ``kept`` is where the database that stood there lies now, or empty; ``unsure`` are letters."""

    manifest: Manifest
    kept: str
    upgraded: int
    unsure: int


def restore(
    source: Path,
    url: str,
    keys: Sequence[str],
    now: datetime,
    *,
    overwrite: bool = False,
    files: Path | None = None,
    settle: Settle = lambda _url, _taken_at: 0,
) -> Restored:
    """Put a backup back at ``url``; settings and templates go into ``files``, where given.

    A database with rows in it is only replaced with ``overwrite``, and is then kept under another name. The result is
    compared with the backup's fingerprint before any upgrade, and settled before a service could find it: broken off
    there, the letters in it would go once more. Raises BackupError; then what stood there stands there.
    """
    with workshop(url) as room:
        archives.decrypt(source, room / "archive", keys)
        (room / "parts").mkdir(mode=0o700)
        manifest = archives.unpack(room / "archive", room / "parts")
        (room / "archive").unlink()
        places = {} if files is None else _places(manifest, files)
        finish = partial(_finish, manifest, settle)
        done = _put_back(manifest, room / "parts", url, now, finish, overwrite=overwrite)
        _lay_out(room / "parts", places)
    return done


def _put_back(
    manifest: Manifest,
    parts: Path,
    url: str,
    now: datetime,
    finish: Callable[[str], tuple[int, int]],
    *,
    overwrite: bool,
) -> Restored:
    file = sqlite_file(url)
    if manifest.database == PG_DUMP and file is not None:
        raise BackupError("Kopian är gjord av pg_dump och går bara att återställa på PostgreSQL. Ange en sådan i --to.")
    if file is not None:
        copy = parts / "database.sqlite"
        _compare(manifest, f"sqlite:///{copy}")
        done = finish(f"sqlite:///{copy}")
        return Restored(manifest, _into_file(copy, file, now, overwrite=overwrite), *done)
    with _empty_schema(url, now, overwrite=overwrite) as (here, kept):
        if manifest.database == SQLITE:
            _into_server(manifest, parts / "database.sqlite", url)
        else:
            _run_restore(parts / "database.dump", url, here)
            _compare(manifest, url)
        done = finish(url)
    return Restored(manifest, kept, *done)


def _finish(manifest: Manifest, settle: Settle, url: str) -> tuple[int, int]:
    """Bring it to this version's shape and settle it; how many upgrades and letters that were."""
    lacking = migrate.pending(url)
    migrate.upgrade(url)
    return len(lacking), settle(url, manifest.taken_at)


def _compare(manifest: Manifest, url: str) -> None:
    """Raises BackupError where a table does not hold what the backup says. One of an older shape is compared too."""
    wrong = differing(fingerprint_of(url), manifest.tables)
    if wrong:
        raise BackupError(f"Efter återställningen skiljer sig {', '.join(wrong)} från kopian. Ta en annan kopia.")


def _into_file(copy: Path, file: Path, now: datetime, *, overwrite: bool) -> str:
    if not file.parent.is_dir():
        raise BackupError(f"Mappen {file.parent} finns inte. Skapa den, ägd av Lyhörds användare.")
    aside = ""
    if file.exists():
        if _rows(f"sqlite:///{file}") and not overwrite:
            raise _occupied(str(file))
        _let_go(file)
        kept = file.with_name(f"{file.name}.{KEPT_SCHEMA}{_stamp(now)}")
        _name_also(file, kept)
        aside = str(kept)
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    copy.replace(file)
    return aside


def _name_also(file: Path, kept: Path) -> None:
    """Give the database a second name, so that killed before the copy takes over the first one finds it there still."""
    try:
        kept.hardlink_to(file)
    except OSError:
        # A disk that knows one name for a file: the copy must follow at once.
        file.replace(kept)


def _let_go(file: Path) -> None:
    """Bring the write-ahead log into the file. Raises BackupError where somebody has the database open."""
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"Databasen {file} används just nu. {_STOP}") from error


def _occupied(place: str) -> BackupError:
    return BackupError(
        f"I {place} finns redan ärenden eller brev, så inget är ändrat. Ange --overwrite om de ska ersättas; "
        "den gamla databasen sparas då under annat namn."
    )


def _rows(url: str) -> int:
    """How many rows the tables of this version hold there; nought for an empty or missing database."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            there = set(sa.inspect(connection).get_table_names())
            tables = [table for table in metadata.sorted_tables if table.name in there]
            counts = [connection.execute(sa.select(sa.func.count()).select_from(table)) for table in tables]
            return sum(int(count.scalar_one()) for count in counts)
    except sa.exc.DatabaseError as error:
        raise BackupError("Databasen går inte att läsa. Flytta undan den, och återställ sedan.") from error
    finally:
        engine.dispose()


def _stamp(now: datetime) -> str:
    return safe_name(f"{now:%Y%m%dT%H%M%S}")


@contextmanager
def _empty_schema(url: str, now: datetime, *, overwrite: bool) -> Iterator[tuple[str, str]]:
    """Move the tables there aside into a schema of their own, and back where the restoring fails; both names."""
    engine = open_engine(url)
    kept = KEPT_SCHEMA + _stamp(now)
    try:
        if broken := broken_restore(url):
            _bring_back(engine, broken)
        rows = _rows(url)
        if rows and not overwrite:
            raise _occupied("databasen")
        with writing(engine) as connection:
            others = connection.execute(_OTHERS, {"alone": ALONE}).scalar_one()
            if overwrite and others:
                raise BackupError(f"Databasen används av {others} andra anslutningar. {_STOP}")
            here = _move_aside(connection, kept)
        try:
            yield here, kept if rows else ""
        except BaseException:
            _bring_back(engine, kept)
            raise
        with writing(engine) as connection:
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {here} IS NULL")
            if not rows:
                connection.exec_driver_sql(f"DROP SCHEMA {kept} CASCADE")
    finally:
        engine.dispose()


def _schema(connection: sa.Connection) -> str:
    """The schema that is worked in, as it is quoted."""
    name = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
    return connection.dialect.identifier_preparer.quote(name)


def _move_aside(connection: sa.Connection, kept: str) -> str:
    """An empty schema in the place of the one that is there, whose comment says so should we be killed; its name."""
    here = _schema(connection)
    try:
        connection.exec_driver_sql(f"ALTER SCHEMA {here} RENAME TO {kept}")
    except sa.exc.ProgrammingError as error:
        raise BackupError(
            f"Rollen får inte flytta undan schemat {here}, så inget är ändrat. Ge den rätten så länge, som databasens "
            "ägare: GRANT CREATE ON DATABASE … TO …"
        ) from error
    connection.exec_driver_sql(f"CREATE SCHEMA {here}")
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {here} IS '{RESTORING}{kept}'")
    return here


def _bring_back(engine: sa.Engine, kept: str) -> None:
    """What stood there stands there again; what was restored so far is gone."""
    with writing(engine) as connection:
        here = _schema(connection)
        connection.exec_driver_sql(f"DROP SCHEMA {here} CASCADE")
        connection.exec_driver_sql(f"ALTER SCHEMA {kept} RENAME TO {here}")


_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' "
    # The command's own, which keeps services from starting.
    "AND application_name <> :alone"
)


def _run_restore(dump: Path, url: str, here: str) -> None:
    program = find_program("pg_restore")
    if program is None:
        raise BackupError("pg_restore är inte installerat. Installera postgresql-client.")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    # What lies in the schema: the schema itself is there, and older copies may hold others.
    done = run_program([program, *options, "-n", here, str(dump)], url)
    if done.returncode:
        # Its words name tables and keys, never rows, unless data are refused: then they might quote a letter.
        raise BackupError(f"pg_restore misslyckades (status {done.returncode}). Är serverns version minst kopians?")


def _into_server(manifest: Manifest, copy: Path, url: str) -> None:
    """Rows of an SQLite copy into PostgreSQL: the copy is brought to this version's shape first."""
    local = f"sqlite:///{copy}"
    _compare(manifest, local)
    migrate.upgrade(local)
    migrate.upgrade(url)
    source, target = open_engine(local), open_engine(url)
    try:
        with reading(source) as rows, writing(target) as connection:
            transfer(rows, connection)
    finally:
        source.dispose()
        target.dispose()
    wrong = differing(fingerprint_of(url), fingerprint_of(local))
    if wrong:
        raise BackupError(f"Efter återställningen skiljer sig {', '.join(wrong)} från kopian. Ta en annan kopia.")


def _places(manifest: Manifest, files: Path) -> dict[str, Path]:
    """Where settings and templates go, by their names in the copy. Raises BackupError where something is there."""
    places = {name: files / name for name in manifest.members if "/" in name}
    for target in places.values():
        if target.exists():
            raise BackupError(f"{target} finns redan, så inget är ändrat. Ange en tom mapp i --files.")
    return places


def _lay_out(parts: Path, places: Mapping[str, Path]) -> None:
    for name, target in places.items():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The folder may lie on another disk, where a file cannot simply be renamed to.
        target.touch(mode=0o600)
        target.write_bytes((parts / name).read_bytes())
