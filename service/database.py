"""Refuses to work on a database that is away or of another shape, with the way out."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa

from cases.errors import ConfigError
from cases.faults import machines_way_out, os_words
from cases.numerals import count_words
from config import Settings
from service.checks.database import (
    NEW_OR_LOST,
    broken_restore,
    check_encoding,
    check_file,
    check_revision,
    check_writing,
    database_place,
    refused,
    sqlite_file,
)
from service.checks.line import CheckLine
from storage import migrate
from storage.database.presence import alone
from storage.faults import disk_failed

_UNWRITTEN = (
    "Databasens disk är full, trasig eller skrivskyddad, så det du gjorde nyss är inte sparat. Allt tidigare är kvar. "
    "Säg till systemförvaltaren, och försök igen när det är lagat."
)

_LACKING = (
    "Det gick inte just nu ({}). Det du gjorde nyss är kanske inte sparat; allt tidigare är kvar. Säg till "
    "systemförvaltaren, och försök igen om en stund."
)


def check_shape(settings: Settings) -> None:
    """Raises ConfigError where the database is away, lacks upgrades, or has had some this version does not know."""
    url = settings.database.url.reveal()
    lacking = upgrades_lacking(url)
    if lacking and not migrate.current(url):
        raise ConfigError(f"Databasen {database_place(url)} är tom eller finns inte. {NEW_OR_LOST}")
    if lacking:
        upgrades = count_words(len(lacking), "en uppgradering", "uppgraderingar")
        raise ConfigError(f"Databasen saknar {upgrades}. Kör `lyhord db upgrade` först.")


def upgrades_lacking(url: str) -> list[str]:
    """The upgrades that the database has not had. Raises ConfigError where it is away or had some unknown here."""
    _writable(url)
    try:
        if shut := check_writing(url):
            raise _told(shut)
        if broken_restore(url):
            raise _told(check_revision(url))
        return migrate.pending(url)
    except sa.exc.DatabaseError as error:
        raise _told(refused(url, error)) from error


@contextmanager
def standing_still(url: str) -> Iterator[None]:
    """No daemon and no desk runs on the database until the end. Raises InUse, ConfigError where it is away."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(url))
        except sa.exc.DatabaseError as error:
            raise _told(refused(url, error)) from error
        yield


def keeps_all_signs(url: str) -> None:
    """Raises ConfigError where a PostgreSQL database is not in UTF-8: a letter with an emoji could not be kept."""
    line = check_encoding(url)
    if line is not None:
        raise _told(line)


def outage_words(problem: Exception) -> str:
    """What a person at the desk is told where the database or the machine gives nothing; empty for any other error."""
    if isinstance(problem, OSError) and machines_way_out(problem):
        return _LACKING.format(os_words(problem))
    if not isinstance(problem, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError):
        return ""
    if isinstance(problem, sa.exc.DBAPIError) and disk_failed(problem):
        return _UNWRITTEN
    return (
        "Databasen svarar inte just nu. Det du gjorde nyss är inte sparat; allt tidigare är kvar. Försök om en stund."
    )


def _told(line: CheckLine) -> ConfigError:
    said = line.text if line.text.startswith("databasen ") else f"Databasen {line.text}"
    return ConfigError(f"{said[:1].upper()}{said[1:]}. {line.remedy}")


def _writable(url: str) -> None:
    """Raises ConfigError where the folder of an SQLite file is missing, or this user may not write there."""
    file = sqlite_file(url)
    if file is None or not file.name:
        return
    line = check_file(file)
    # A file that is not there yet is made by the first upgrade.
    if not line.ok and (file.exists() or not os.access(file.parent, os.W_OK | os.X_OK)):
        raise ConfigError(f"{line.text[:1].upper()}{line.text[1:]}. {line.remedy}")
