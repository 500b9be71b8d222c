"""An upgrade tried on a copy: there, and back again, with every table counted, before the real database is touched."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from cases.errors import LyhordError
from service.backup.database import (
    PG_DUMP,
    Fingerprint,
    Snapshot,
    copy_sqlite,
    differing,
    find_program,
    fingerprint_of,
    run_program,
    take_snapshot,
)
from service.checks.database import sqlite_file
from storage import migrate
from storage.database.engine import postgresql_url


class RehearsalError(LyhordError):
    """The upgrade could not be tried, or went wrong on the copy; the real database is as it was."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the upgrade did to a copy: ``steps`` migrations in ``seconds``.

    ``lost`` are tables that had fewer rows afterwards; ``back`` those that differed from the beginning after the way
    back, and ``no_way_back`` why there is none, or empty.
    """

    before: str
    after: str
    steps: int
    rows: int
    seconds: float
    lost: tuple[str, ...]
    back: tuple[str, ...]
    no_way_back: str = ""

    @property
    def fine(self) -> bool:
        """Whether the real upgrade may follow."""
        return not self.lost and not self.back and not self.no_way_back


def rehearse(url: str, room: Path, copy: str = "") -> Rehearsal:
    """Copy the database into ``room`` (SQLite) or beside it on its server (PostgreSQL), upgrade and go back there.

    ``copy`` names an empty PostgreSQL database to use, where our role may not create one. Everybody works on meanwhile;
    the copy is removed. Raises RehearsalError and BackupError.
    """
    if sqlite_file(url) is None and find_program("pg_dump") is None:
        raise RehearsalError("pg_dump saknas. Installera det på den här maskinen: apt-get install postgresql-client.")
    with _copied(url, take_snapshot(url, room), copy) as there:
        return _try(there)


def _try(there: str) -> Rehearsal:
    marks, before, steps = fingerprint_of(there), migrate.current(there), len(migrate.pending(there))
    began = time.monotonic()
    try:
        migrate.upgrade(there)
    except sa.exc.SQLAlchemyError as error:
        raise RehearsalError(
            f"Uppgraderingen misslyckades på kopian ({type(error).__name__}); databasen är orörd. "
            "Kör vidare på den version ni har, och rapportera felet."
        ) from error
    seconds = time.monotonic() - began
    after = fingerprint_of(there)
    lost = tuple(sorted(name for name, (count, _) in marks.items() if after.get(name, (0, ""))[0] < count))
    back, why = _there_and_back(there, before, marks) if steps and before else ((), "")
    rows = sum(count for count, _ in marks.values())
    return Rehearsal(before, migrate.newest(), steps, rows, seconds, lost, back, why)


def _there_and_back(there: str, before: str, marks: Fingerprint) -> tuple[tuple[str, ...], str]:
    try:
        migrate.downgrade(there, before)
    except (sa.exc.SQLAlchemyError, NotImplementedError) as error:
        return (), f"vägen tillbaka till {before} stannade ({type(error).__name__})"
    return tuple(differing(fingerprint_of(there), marks)), ""


@contextmanager
def _copied(url: str, snapshot: Snapshot, copy: str) -> Iterator[str]:
    if snapshot.kind != PG_DUMP:
        yield f"sqlite:///{snapshot.file}"
    elif copy:
        yield _filled(copy, snapshot.file)
    else:
        name = f"lyhord_rehearsal_{uuid4().hex[:8]}"
        _administer(url, f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield _filled(postgresql_url(url).set(database=name).render_as_string(hide_password=False), snapshot.file)
        finally:
            _administer(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _filled(copy: str, dump: Path) -> str:
    program = find_program("pg_restore")
    if program is None:
        raise RehearsalError("pg_restore saknas. Installera det: apt-get install postgresql-client.")
    done = run_program(
        [program, "--no-owner", "--no-acl", "--exit-on-error", "--clean", "--if-exists", str(dump)], copy
    )
    if done.returncode:
        raise RehearsalError(f"Kopian gick inte att fylla (pg_restore, status {done.returncode}). Är den tom och vår?")
    return copy


def _administer(url: str, statement: str) -> None:
    engine = sa.create_engine(postgresql_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        raise RehearsalError(
            "Rollen får inte skapa en databas för kopian. Skapa en tom själv, och ange den med --copy."
        ) from error
    finally:
        engine.dispose()


def restore_point(url: str) -> Path | None:
    """A copy of an SQLite database beside it, named after its revision, before an upgrade; None on PostgreSQL.

    An older one of the same revision is written over. Raises BackupError.
    """
    file, revision = sqlite_file(url), migrate.current(url)
    if file is None or not revision:
        return None
    target = file.with_name(f"{file.name}.before_upgrade_{revision}")
    target.unlink(missing_ok=True)
    copy_sqlite(file, target)
    return target
