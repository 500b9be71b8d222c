"""The database as one file that stands still: copied while everybody works, and counted so that it can be proven."""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from cases.errors import LyhordError
from service.checks.database import sqlite_file
from storage import migrate
from storage.database.engine import libpq_options, open_engine, reading, writing
from storage.tables.columns import metadata

SQLITE, PG_DUMP = "sqlite", "pg_dump"
KEPT_SCHEMA = "before_restore_"
_ROWS = 500
_INSTALLED = Path("/usr/lib/postgresql")
_OTHERS = sa.text(
    "SELECT nspname FROM pg_namespace WHERE nspname <> :here AND nspname <> 'information_schema' AND nspname !~ '^pg_'"
)
Fingerprint = dict[str, tuple[int, str]]
"""Table name to its number of rows and a digest that does not depend on their order or on the kind of database."""


class BackupError(LyhordError):
    """A copy could not be made, read or put back."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database in a file: ``kind`` is SQLITE or PG_DUMP, ``revision`` its migration, ``note`` what to tell."""

    kind: str
    file: Path
    revision: str
    fingerprint: Fingerprint
    note: str = ""


def take_snapshot(url: str, folder: Path) -> Snapshot:
    """Write the database as it is at this moment into ``folder``; nobody waits for it. Raises BackupError."""
    file = sqlite_file(url)
    if file is None:
        return _snapshot_postgresql(url, folder)
    if not file.is_file():
        raise BackupError(f"Databasen {file} finns inte. Rätta database.url, eller kör lyhord db upgrade.")
    target = folder / "database.sqlite"
    copy_sqlite(file, target)
    copy = f"sqlite:///{target}"
    return Snapshot(SQLITE, target, migrate.current(copy), fingerprint_of(copy))


def copy_sqlite(file: Path, target: Path) -> None:
    """Copy one moment of the database by SQLite's online backup; writers go on. Raises BackupError."""
    target.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        target.unlink()  # half a copy is to be taken for none
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise BackupError(f"Kopian får inte plats i {target.parent}. Frigör utrymme och gör om det.") from error
        raise BackupError(f"{file} går inte att kopiera ({type(error).__name__}). Kör lyhord doctor.") from error
    if found != "ok":
        raise BackupError(f"Databasen {file} är skadad. Behåll äldre kopior och återställ den senaste hela.")


def _snapshot_postgresql(url: str, folder: Path) -> Snapshot:
    revision = migrate.current(url)
    engine = open_engine(url)
    try:
        # One transaction sees one moment; pg_dump is told to see the same.
        with reading(engine) as connection:
            marks = fingerprint(connection)
            moment = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
            schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
            others = connection.execute(_OTHERS, {"here": schema}).scalars().all()
            # A municipality that came later may have a schema beside ours, and is none of our business.
            which = [f'-N"{name}"' for name in others] if schema == "public" else [f'-n"{schema}"']
            why_not = _dump(url, which, moment, folder / "database.dump")
            if not why_not:
                return Snapshot(PG_DUMP, folder / "database.dump", revision, marks)
            target = folder / "database.sqlite"
            _fill_sqlite(connection, target, revision)
    finally:
        engine.dispose()
    note = f"{why_not} Kopian är därför gjord av Lyhörd själv, rad för rad, och går att återställa på båda databaserna."
    return Snapshot(SQLITE, target, revision, marks, note)


def _dump(url: str, which: Sequence[str], moment: str, target: Path) -> str:
    """Run pg_dump; why it could not be used, or empty. Raises BackupError where it began and failed."""
    program = find_program("pg_dump")
    if program is None:
        return "pg_dump är inte installerat (apt-get install postgresql-client)."
    target.touch(mode=0o600)
    done = run_program([program, "-Fc", f"--snapshot={moment}", *which, "-f", str(target)], url)
    if done.returncode == 0:
        return ""
    if "version mismatch" in done.stderr:
        return "pg_dump är äldre än databasservern; installera serverns version av postgresql-client."
    raise BackupError(f"pg_dump misslyckades (status {done.returncode}). Pröva lyhord doctor; servern kan ha stoppats.")


def find_program(name: str) -> str | None:
    """PostgreSQL's own program: on PATH, else the newest that Debian has installed; None where there is none."""
    found = shutil.which(name)
    if found:
        return found
    installed = sorted(_INSTALLED.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    return str(installed[-1]) if installed else None


def run_program(words: Sequence[str], url: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of PostgreSQL's on this database; the password goes by the environment, which nobody else reads."""
    told = libpq_options(url)
    environ = {**os.environ, "LC_ALL": "C"}
    if password := told.pop("password", ""):
        environ["PGPASSWORD"] = password
    command = [*words, "-d", make_conninfo(**told)]
    # The words are ours and the address is one of the settings; no shell reads them.
    return subprocess.run(  # noqa: S603
        command, env=environ, check=False, capture_output=True, text=True, errors="replace"
    )


def _fill_sqlite(connection: sa.Connection, target: Path, revision: str) -> None:
    url = f"sqlite:///{target}"
    migrate.upgrade(url)
    if migrate.current(url) != revision:
        raise BackupError("Databasen har en annan version än programmet. Kör lyhord db upgrade innan kopian görs.")
    into = open_engine(url)
    try:
        with writing(into) as other:
            transfer(connection, other)
    finally:
        into.dispose()


def transfer(source: sa.Connection, target: sa.Connection) -> None:
    """Every row of one database into another of the same shape, whichever kind each is; what stood there goes."""
    for table in reversed(metadata.sorted_tables):
        target.execute(table.delete())
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=_ROWS).execute(sa.select(table))
        for part in rows.mappings().partitions(_ROWS):
            target.execute(table.insert(), [dict(row) for row in part])
        if target.dialect.name == "postgresql" and "seq" in table.primary_key.columns:
            _count_on(target, table.name)


def _count_on(target: sa.Connection, table: str) -> None:
    """Let new rows be numbered after those that were put there with numbers of their own."""
    last = f"SELECT max(seq) FROM {table}"  # noqa: S608 - a table of ours
    sequence = f"pg_get_serial_sequence('{table}', 'seq')"
    target.exec_driver_sql(f"SELECT setval({sequence}, coalesce(({last}), 1), ({last}) IS NOT NULL)")


def fingerprint_of(url: str) -> Fingerprint:
    """The fingerprint of a database nobody else writes to."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            return fingerprint(connection)
    finally:
        engine.dispose()


def fingerprint(connection: sa.Connection) -> Fingerprint:
    """Rows and digest of each table this version knows and the database has; the same rows give the same anywhere."""
    there = set(sa.inspect(connection).get_table_names())
    return {table.name: _marks(connection, table) for table in metadata.sorted_tables if table.name in there}


def _marks(connection: sa.Connection, table: sa.Table) -> tuple[int, str]:
    there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    query = sa.select(*(column for column in table.columns if column.name in there))
    count, total = 0, 0
    for row in connection.execution_options(yield_per=_ROWS).execute(query):
        told = repr([_plain(value) for value in row])
        # Added up, so that the order of rows, which each database sorts its own way, does not matter.
        total += int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())
        count += 1
    return count, f"{total % 2**256:064x}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return bytes(value) if isinstance(value, memoryview) else value


def differing(one: Mapping[str, Sequence[object]], other: Mapping[str, Sequence[object]]) -> list[str]:
    """Names of the tables that do not hold the same."""
    names = sorted(one.keys() | other.keys())
    return [name for name in names if list(one.get(name, ())) != list(other.get(name, ()))]


def safe_name(text: str) -> str:
    """A text as part of a schema's or file's name."""
    return re.sub(r"[^0-9a-z]", "", text.lower())
