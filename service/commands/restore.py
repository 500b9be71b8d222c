"""``lyhord restore``: a backup becomes a database again."""

import argparse
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from cases.errors import ConfigError
from service.backup.archive import read_keys
from service.backup.restore import restore
from service.backup.restored import settle
from service.clock_and_ids import new_id, utc_now
from service.commands.common import add_config, settings_of
from service.database import keeps_all_signs, standing_still
from service.late import analyse
from storage import SqlStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, where to, with which key."""
    add_config(parser)
    parser.add_argument("file", type=Path, metavar="KOPIA", help="kopian från lyhord backup")
    parser.add_argument("--to", default="", metavar="URL", help="en annan databas än inställningarnas database.url")
    parser.add_argument("--key", required=True, type=Path, metavar="NYCKELFIL", help="den hemliga nyckeln")
    parser.add_argument("--files", type=Path, metavar="MAPP", help="lägg inställningar och mallar i den här mappen")
    parser.add_argument(
        "--overwrite", action="store_true", help="ersätt en databas som har innehåll; den sparas under annat namn"
    )


def run(asked: argparse.Namespace) -> int:
    """Restore, and say what comes next."""
    now = utc_now()
    url = _database(asked)
    with standing_still(url):
        keeps_all_signs(url)
        done = restore(
            asked.file,
            url,
            read_keys(asked.key),
            now,
            overwrite=asked.overwrite,
            files=asked.files,
            settle=partial(_settled, now),
        )
    tables = done.manifest.tables
    print(f"Återställt från {done.manifest.taken_at[:16].replace('T', ' ')} UTC: {tables['cases'][0]} ärenden.")
    print(f"Alla {sum(marks[0] for marks in tables.values())} rader är jämförda med kopian.")
    if done.upgraded:
        print(f"Databasen är uppgraderad med {done.upgraded} steg till den här versionen.")
    if done.kept:
        print(f"Den gamla databasen ligger i {done.kept}. Ta bort den när allt fungerar; den är lika hemlig.")
    if done.unsure:
        print(f"{done.unsure} brev till medborgare som väntade i kopian kan ha gått sedan dess; de står som ovissa.")
    print("Kör nu lyhord mailbox recover, så att brev som kom efter kopian hittas igen. Starta sedan tjänsten.")
    return 0


def _settled(now: datetime, url: str, taken_at: str) -> int:
    with closing(SqlStore(url, analyser=analyse)) as store:
        return settle(store, taken_at, now, new_id)


def _database(asked: argparse.Namespace) -> str:
    """The database of ``--to``, or the settings' own with its password. Raises ConfigError."""
    if not asked.to:
        return settings_of(asked).database.url.reveal()
    _known_database(asked.to)
    return str(asked.to)


def _known_database(url: str) -> None:
    """Raises ConfigError for an address that names no database; it is not repeated, for it may hold a password."""
    try:
        known = sa.make_url(url).get_backend_name() in {"sqlite", "postgresql"}
    except sa.exc.ArgumentError:
        known = False
    if not known:
        raise ConfigError(
            "--to är ingen databas som Lyhörd känner. Skriv den som i database.url, till exempel"
            " sqlite:////var/lib/lyhord/lyhord.sqlite."
        )
