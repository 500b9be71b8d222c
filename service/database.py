"""Refuses to work on a database of another shape, with the way out."""

from cases.errors import ConfigError
from config import Settings
from storage import migrate


def check_shape(settings: Settings) -> None:
    """Raises ConfigError where the database lacks upgrades, or has had some this version does not know."""
    lacking = migrate.pending(settings.database.url.reveal())
    if lacking:
        raise ConfigError(f"Databasen saknar {len(lacking)} uppgraderingar. Kör `lyhord db upgrade` först.")
