"""``lyhord db upgrade|status``: bring the database to the shape this version needs."""

import argparse

from service.commands.common import add_config, settings_of
from storage import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    add_config(parser)
    parser.add_argument("what", choices=("upgrade", "status"), help="uppgradera, eller bara berätta")


def run(asked: argparse.Namespace) -> int:
    """Upgrade or tell."""
    url = settings_of(asked).database.url.reveal()
    if asked.what == "upgrade":
        migrate.upgrade(url)
    lacking = migrate.pending(url)
    print(f"Databasen står på {migrate.current(url) or 'ingenting'}; {len(lacking)} uppgraderingar återstår.")
    return 0
