"""Refuses to work on a database that is away or of another shape, with the way out."""

from sqlalchemy.exc import OperationalError

from cases.errors import ConfigError
from config import Settings
from storage import migrate


def check_shape(settings: Settings) -> None:
    """Raises ConfigError where the database is away, lacks upgrades, or has had some this version does not know."""
    lacking = upgrades_lacking(settings.database.url.reveal())
    if lacking:
        raise ConfigError(f"Databasen saknar {len(lacking)} uppgraderingar. Kör `lyhord db upgrade` först.")


def upgrades_lacking(url: str) -> list[str]:
    """The upgrades that the database has not had. Raises ConfigError where it is away or had some unknown here."""
    try:
        return migrate.pending(url)
    except OperationalError as error:
        raise ConfigError("Databasen svarar inte. Se om den går; `lyhord check` säger vad den svarar.") from error
