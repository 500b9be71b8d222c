"""``lyhord db upgrade|status|downgrade``: bring the database to the shape this version needs, tried on a copy first."""

import argparse
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext

from cases.errors import ConfigError
from service.backup.create import workshop
from service.backup.rehearsal import Rehearsal, rehearse, restore_point
from service.checks.database import sqlite_file
from service.commands.common import add_config, refuse_out_of_place, settings_of
from service.config_record import news, record_keys
from service.database import keeps_all_signs, standing_still, upgrades_lacking
from service.late import analyse
from storage import SqlStore, migrate

_PLACES = {
    "--to": ("downgrade",),
    "--rehearse": ("upgrade",),
    "--copy": ("upgrade",),
    "--no-restore-point": ("upgrade",),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    add_config(parser)
    parser.add_argument(
        "what", choices=("upgrade", "status", "downgrade"), help="uppgradera, bara berätta, eller gå tillbaka"
    )
    parser.add_argument("--rehearse", action="store_true", help="pröva uppgraderingen på en kopia och rör inget annat")
    parser.add_argument("--copy", default="", metavar="URL", help="tom PostgreSQL-databas för kopian vid --rehearse")
    parser.add_argument("--no-restore-point", action="store_true", help="spara ingen kopia av en SQLite-databas först")
    parser.add_argument("--to", default="", metavar="VERSION", help="databasens version att gå tillbaka till")


def run(asked: argparse.Namespace) -> int:
    """Upgrade, try, tell or go back; 1 where the rehearsal found a fault."""
    refuse_out_of_place(asked, _PLACES)
    if asked.copy and not asked.rehearse:
        raise ConfigError("--copy hör till --rehearse: kopian är till att pröva på. Inget är ändrat.")
    url = settings_of(asked).database.url.reveal()
    upgrades_lacking(url)
    if asked.rehearse:
        return _rehearse(url, asked.copy)
    if asked.what == "upgrade":
        _upgrade(url, keep=not asked.no_restore_point)
    elif asked.what == "downgrade":
        _downgrade(url, asked.to)
    lacking = upgrades_lacking(url)
    print(f"Databasen står på {migrate.current(url) or 'ingenting'}; {len(lacking)} uppgraderingar återstår.")
    return 0


def _upgrade(url: str, *, keep: bool) -> None:
    if not migrate.current(url):
        keeps_all_signs(url)
    with _room_for(url):
        if keep and migrate.pending(url):
            point = restore_point(url)
            if point is not None:
                print(f"Databasen som den var är sparad i {point}. Ta bort den när ni är nöjda: den gallras inte.")
        migrate.upgrade(url)
    with closing(SqlStore(url, analyser=analyse)) as store:
        for line in news(store):
            print(line)
        record_keys(store)


def _room_for(url: str) -> AbstractContextManager[None]:
    """Services of the old version may go on, on PostgreSQL: migrations only add.

    An SQLite file has one writer, so that nothing could be kept meanwhile, and what was kept after the restore point
    would be missing there.
    """
    return standing_still(url) if sqlite_file(url) is not None and migrate.pending(url) else nullcontext()


def _downgrade(url: str, revision: str) -> None:
    known = migrate.revisions()
    # 0009 is enough of 0009_public_and_api, where it is one.
    meant = [name for name in known if revision and name.startswith(revision)]
    if len(meant) != 1:
        raise ConfigError(f"--to {revision or '(tomt)'} är ingen version. Välj en av {', '.join(known)}.")
    revision = meant[0]
    if known.index(revision) > known.index(migrate.current(url) or known[0]):
        raise ConfigError(f"Databasen är äldre än {revision}. Kör lyhord db upgrade för att gå framåt.")
    with standing_still(url):
        migrate.downgrade(url, revision)


def _rehearse(url: str, copy: str) -> int:
    with workshop(url) as room:
        done = rehearse(url, room, copy)
    print("\n".join(_told(done)))
    return 0 if done.fine else 1


def _told(done: Rehearsal) -> Iterator[str]:
    if not done.steps:
        yield f"Databasen står på {done.before} och har inget att uppgradera."
        return
    yield (
        f"På en kopia med {done.rows} rader: {done.steps} uppgraderingar från {done.before or 'ingenting'} till "
        f"{done.after} på {done.seconds:.1f} sekunder."
    )
    if done.lost:
        yield f"✘ Rader försvann ur {', '.join(done.lost)}. Uppgradera inte; rapportera det."
    if done.no_way_back:
        yield f"✘ Det finns ingen väg tillbaka: {done.no_way_back}. Gör en säkerhetskopia före uppgraderingen."
    elif done.back:
        yield f"✘ Efter vägen tillbaka skiljer sig {', '.join(done.back)}. Gör en säkerhetskopia före uppgraderingen."
    elif done.before:
        yield f"✔ Vägen tillbaka (lyhord db downgrade --to {done.before}) gav samma rader som förut."
    if done.fine:
        yield "✔ Kör lyhord db upgrade när ni är redo. Databasen är orörd."
