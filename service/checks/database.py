"""Tries the database: that it is there, can be written, and has the shape this version needs."""

import errno
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryFile

import sqlalchemy as sa

from service.checks.damage import NAME as CONTENT
from service.checks.damage import REMEDY as RESTORE
from service.checks.damage import check_damage, is_damage
from service.checks.line import CheckLine, redacted
from storage import migrate
from storage.database.engine import libpq_options, open_engine, reading
from storage.errors import NewerDatabase

NAME = "Databasen"
_AS_US = "Kör som Lyhörds användare (sudo -u lyhord …)"
_UPGRADE = "Kör lyhord db upgrade."
_LOST = (
    "Har den funnits, kör inte det, för då börjar en tom databas: montera disken som den ligger på, rätta "
    "database.url, eller lägg tillbaka en kopia med lyhord restore."
)
NEW_OR_LOST = f"Är Lyhörd nytt här, kör lyhord db upgrade. {_LOST}"
"""What to do where there is no database: one that was lost is not to be begun anew, with numbers that are given."""
_MAKE = f"Är Lyhörd nytt här, skapa den och kör lyhord db upgrade. {_LOST}"
_LARGEST_SKEW = 60.0
_SCHEMA = "SELECT current_schema(), has_schema_privilege(current_schema(), 'CREATE')"
_SHUT = "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on'"
_COMMENT = "SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')"
RESTORING = "lyhord restore; before: "
"""What a schema's comment says while a restore fills it, before the name of the schema that keeps what stood there."""


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    target = sa.make_url(url)
    return Path(target.database or "") if target.get_backend_name() == "sqlite" else None


def database_place(url: str) -> str:
    """Where the database is, without its password."""
    file = sqlite_file(url)
    if file is not None:
        return str(file)
    told = libpq_options(url)
    hosts, ports = (told.get(name, "").split(",") for name in ("host", "port"))
    places = (f"{host or 'localhost'}:{port or 5432}" for host, port in zip_longest(hosts, ports))
    return f"{told.get('dbname', '')} på {', '.join(places)}"


def check_database(url: str, now: datetime) -> Iterator[CheckLine]:
    """The lines of the database. Never creates or changes anything. ``now`` is compared with a server's clock."""
    file = sqlite_file(url)
    if file is not None:
        written = check_file(file)
        yield written
        if not written.ok:
            return
    try:
        connected = _connects(url)
        yield connected
        if not connected.ok:
            return
        yield check_revision(url)
        yield _clock_of_server(url, now) if file is None else check_damage(url)
    except sa.exc.SQLAlchemyError as error:
        yield refused(url, error)


def check_file(file: Path) -> CheckLine:
    """Whether an SQLite file is there and can be written: its folder too, where the write-ahead log lies."""
    name, folder = f"{NAME}, fil", file.parent
    if not folder.is_dir():
        return CheckLine(name, False, f"mappen {folder} finns inte", _MAKE)
    if _shut(folder):
        remedy = (
            "Se efter i `journalctl -k` varför: en disk som går sönder blir det. Stoppa tjänsten, kör fsck på disken "
            "och montera den igen."
        )
        return CheckLine(name, False, f"disken för {folder} är monterad bara för läsning", remedy)
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = f"{_AS_US}, eller ge den skrivrätt där: chown lyhord {folder}."
        return CheckLine(name, False, f"mappen {folder} går inte att skriva i", remedy)
    if not file.exists():
        return CheckLine(name, False, f"{file} finns inte", NEW_OR_LOST)
    if not os.access(file, os.R_OK | os.W_OK):
        remedy = f"{_AS_US}, eller ge den läs- och skrivrätt: chown lyhord {file}."
        return CheckLine(name, False, f"{file} går inte att skriva i", remedy)
    return CheckLine(name, True, f"{file} och dess mapp går att skriva i")


def _shut(folder: Path) -> bool:
    """Whether the disk takes no writing. Newer kernels tell of one that they shut themselves only when it is tried.

    It is tried with a file of no name. To open and close the database itself would let go of all locks that SQLite has
    on it in this process, and other processes would write into the middle of each other.
    """
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return True
    try:
        TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.errno == errno.EROFS
    return False


def _connects(url: str) -> CheckLine:
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            if connection.dialect.name == "sqlite":
                return _journal(str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()))
            version = connection.exec_driver_sql("SHOW server_version").scalar()
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
            schema, may_make = connection.exec_driver_sql(_SCHEMA).one()
            shut = _shut_server(url, connection)
    finally:
        engine.dispose()
    if shut is not None:
        return shut
    if encoding != "UTF8":
        return _miscoded(url, str(encoding))
    if not may_make:
        return _closed(url, schema)
    return CheckLine(NAME, True, f"PostgreSQL {version} svarar ({database_place(url)})")


def check_writing(url: str) -> CheckLine | None:
    """What keeps a PostgreSQL server from taking anything; None where nothing does, and for SQLite.

    Raises SQLAlchemyError where it does not answer.
    """
    if sqlite_file(url) is not None:
        return None
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            return _shut_server(url, connection)
    finally:
        engine.dispose()


def _shut_server(url: str, connection: sa.Connection) -> CheckLine | None:
    standby, shut = connection.exec_driver_sql(_SHUT).one()
    if standby:
        text = f"databasen {database_place(url)} är en reserv (standby) och går bara att läsa"
        remedy = "Skriv servern som tar emot skrivning i database.url. Ska reserven ta över: pg_ctl promote på den."
        return CheckLine(NAME, False, text, remedy)
    if shut:
        text = f"databasen {database_place(url)} är ställd på bara läsning (default_transaction_read_only)"
        remedy = (
            "Fråga den som sköter servern varför: en full disk kan vara det. Sedan ALTER SYSTEM, ALTER DATABASE eller "
            "ALTER ROLE … RESET default_transaction_read_only, där det är satt."
        )
        return CheckLine(NAME, False, text, remedy)
    return None


def _closed(url: str, schema: str | None) -> CheckLine:
    """Nobody may make a table there; PostgreSQL 15 opens ``public`` to the database's owner alone."""
    role = sa.make_url(url).username
    if schema is None:
        text = f"databasen {database_place(url)} har inget schema som rollen {role} får använda"
        return CheckLine(NAME, False, text, f"CREATE SCHEMA … AUTHORIZATION {role}, med namnet i database.url.")
    text = f"databasen {database_place(url)}: rollen {role} får inte göra tabeller i schemat {schema}"
    return CheckLine(
        NAME, False, text, f"Låt rollen äga databasen (ALTER DATABASE … OWNER TO {role}), eller ett eget schema."
    )


def _miscoded(url: str, encoding: str) -> CheckLine:
    remedy = "Gör om databasen med CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
    return CheckLine(NAME, False, f"databasen {database_place(url)} är kodad i {encoding}", remedy)


def check_encoding(url: str) -> CheckLine | None:
    """What is wrong with the signs a PostgreSQL database can keep; None where nothing is, and for SQLite."""
    line = _connects(url) if sqlite_file(url) is None else None
    return None if line is None or line.ok else line


def _journal(mode: str) -> CheckLine:
    if mode.lower() == "wal":
        return CheckLine(NAME, True, "SQLite svarar och skriver i WAL-läge")
    remedy = "Lägg filen på en lokal disk; nätverksdiskar klarar inte WAL-läge."
    return CheckLine(NAME, False, f"SQLite skriver i läget {mode} i stället för WAL", remedy)


def broken_restore(url: str) -> str:
    """The schema that keeps what stood here before a restore into PostgreSQL that never came to its end; else empty."""
    if sqlite_file(url) is not None:
        return ""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            said = connection.exec_driver_sql(_COMMENT).scalar()
    finally:
        engine.dispose()
    return str(said or "").partition(RESTORING)[2]


def check_revision(url: str) -> CheckLine:
    """Whether every migration has been run. Raises SQLAlchemyError where the database does not answer."""
    name = f"{NAME}, version"
    if broken_restore(url):
        text = "databasen är inte hel: en återställning bröts på vägen"
        return CheckLine(name, False, text, "Kör samma lyhord restore igen; det som stod där tas först tillbaka.")
    try:
        lacking = migrate.pending(url)
    except NewerDatabase:
        remedy = (
            "Installera den version av Lyhörd som uppgraderade den, eller en senare; eller gå tillbaka med den"
            " versionens lyhord db downgrade."
        )
        text = f"databasen står på {migrate.current(url)} och är nyare än den här versionen av Lyhörd"
        return CheckLine(name, False, text, remedy)
    here = migrate.current(url)
    if not lacking:
        return CheckLine(name, True, f"tabellerna är uppgraderade ({here})")
    count = f"{len(lacking)} uppgradering{'ar' if len(lacking) > 1 else ''} återstår"
    return CheckLine(name, False, count, _UPGRADE) if here else CheckLine(name, False, "databasen är tom", NEW_OR_LOST)


def has_shape(url: str) -> bool:
    """Whether the database is there with every upgrade, so that what stands in it can be read; creates nothing."""
    file = sqlite_file(url)
    if file is not None and not check_file(file).ok:
        return False
    try:
        return check_revision(url).ok
    except sa.exc.SQLAlchemyError:
        return False


def _clock_of_server(url: str, now: datetime) -> CheckLine:
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            there: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    finally:
        engine.dispose()
    ahead = (there - now).total_seconds()
    skew = abs(ahead)
    if skew <= _LARGEST_SKEW:
        return CheckLine("Klockan mot databasen", True, f"skiljer {skew:.0f} s från databasserverns")
    remedy = "Slå på tidssynkronisering (NTP) på båda maskinerna."
    text = f"går {skew:.0f} s {'efter' if ahead > 0 else 'före'} databasserverns"
    return CheckLine("Klockan mot databasen", False, text, remedy)


def refused(url: str, error: sa.exc.SQLAlchemyError) -> CheckLine:
    """A database that does not answer, in its own words but for its password, and the way out."""
    own = getattr(error, "orig", None) or type(error).__name__
    words = redacted(own, sa.make_url(url).password or "")
    if is_damage(error):
        return CheckLine(
            CONTENT, False, f"{database_place(url)} är skadad, eller ingen SQLite-databas ({words})", RESTORE
        )
    if "database is locked" in words:
        remedy = (
            "Något annat skriver i den och släpper inte taget: se vad som har filen öppen (fuser), och försök igen."
        )
    elif sqlite_file(url) is not None:
        remedy = "Kontrollera att filen ägs av Lyhörds användare och att disken är hel, annars återställ en kopia."
    else:
        remedy = "Kontrollera database.url och lösenordet, att databasen finns och att servern tar emot anslutningar."
    return CheckLine(NAME, False, f"{database_place(url)} svarar inte ({words})", remedy)
