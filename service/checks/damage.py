"""Reads an SQLite file through for damage, for as long as whoever asked may wait."""

from sqlite3 import SQLITE_CORRUPT, SQLITE_INTERRUPT, SQLITE_NOTADB, Connection
from time import monotonic

import sqlalchemy as sa

from service.checks.line import CheckLine
from storage.database.engine import open_engine, reading

NAME = "Databasen, innehåll"
REMEDY = (
    "Stoppa tjänsten och spara undan filen med sina -wal och -shm. Se i `journalctl -k` om disken är trasig. Återställ "
    "den senaste hela kopian med lyhord restore, och kör lyhord mailbox recover."
)
_PATIENCE = 20.0
"""Seconds. From a cold disk some gigabytes are read meanwhile, more letters than most get in their years."""
_STEPS = 10_000
"""Of SQLite's machine, some milliseconds, between two looks at the clock."""
_DAMAGED = (SQLITE_CORRUPT, SQLITE_NOTADB)


def is_damage(error: Exception) -> bool:
    """Whether SQLite says of its file that it is damaged, or none of its."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def check_damage(url: str, patience: float = _PATIENCE) -> CheckLine:
    """What SQLite's own quick_check finds in ``patience`` seconds. Raises SQLAlchemyError where it cannot be begun."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, Connection)
            until = monotonic() + patience
            driver.set_progress_handler(lambda: monotonic() > until, _STEPS)
            try:
                return _told(str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()))
            finally:
                driver.set_progress_handler(None, 0)
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) != SQLITE_INTERRUPT:
            raise
        read = f"hann inte läsas igenom på {patience:.0f} s, men det som lästes är helt"
        return CheckLine(NAME, True, f"{read}; lyhord backup läser allt")
    finally:
        engine.dispose()


def _told(found: str) -> CheckLine:
    if found == "ok":
        return CheckLine(NAME, True, "filen är läst och hel")
    return CheckLine(NAME, False, f"filen är skadad ({found.splitlines()[-1]})", REMEDY)
