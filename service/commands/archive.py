"""``lyhord archive export``: ended cases as packages for the archive, one for each authority (nämnd)."""

import argparse
from datetime import date, datetime, time
from importlib.metadata import version
from pathlib import Path

from cases.calendar import STOCKHOLM, local_day
from cases.case import ENDED
from cases.errors import ConfigError, LyhordError, NotFound
from cases.faults import os_words
from cases.journal import EventKind
from cases.numerals import count_words
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.citizen import note
from cases.records.archive import ArchiveCase, archive_case
from cases.records.retention import whole
from reports.archive import Package
from reports.erms import Sender
from service.bootstrap import House
from service.commands.common import add_config, settings_of
from service.commands.opening import opened

_MOST = 100_000


class ArchiveFolderError(LyhordError):
    """The package could not be written."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which cases, and where to."""
    add_config(parser)
    parser.add_argument("what", choices=("export",), help="skriv leveranser till arkivet")
    parser.add_argument(
        "--closed-before", required=True, type=date.fromisoformat, metavar="DATUM", help="avslutade före den dagen"
    )
    parser.add_argument(
        "--closed-from", type=date.fromisoformat, metavar="DATUM", help="avslutade den dagen eller senare"
    )
    parser.add_argument("--agreement", default="", metavar="TEXT", help="leveransöverenskommelsens nummer")
    parser.add_argument("--without-protected", action="store_true", help="lämna skyddade ärenden kvar")
    parser.add_argument("--whistle", action="store_true", help="ta med ärenden om visselblåsning")
    parser.add_argument("out", type=Path, metavar="MAPP", help="mappen att skriva leveranserna i")


def run(asked: argparse.Namespace) -> int:
    """Write them."""
    if asked.closed_from and asked.closed_from >= asked.closed_before:
        raise ConfigError("--closed-from ska vara en dag före --closed-before; annars finns det inget att leverera.")
    with opened(settings_of(asked)) as house:
        try:
            return _export(house, asked)
        except FileExistsError as error:
            said = f"I {asked.out} ligger redan en leverans från i dag. Ange en annan mapp, eller flytta undan den."
            raise ArchiveFolderError(said) from error
        except OSError as error:
            said = os_words(error)
            raise ArchiveFolderError(f"Leveransen gick inte att skriva i {asked.out}: {said}.") from error


def _export(house: House, asked: argparse.Namespace) -> int:
    packages: dict[str, Package] = {}
    delivered: dict[str, list[str]] = {}
    left = 0
    for case_id in _chosen(house, asked):
        one = _gather(house, case_id)
        if one.case.whistle and not asked.whistle:
            left += 1
            continue
        key = one.case.authority_id
        if key not in packages:
            packages[key] = _package(house, asked, one)
        packages[key].add(one)
        delivered.setdefault(key, []).append(case_id)
    for key, package in packages.items():
        print(f"{package.folder}: {count_words(len(delivered[key]), 'ett ärende', 'ärenden')}, {package.close()} filer")
    _journal(house, [case_id for ids in delivered.values() for case_id in ids])
    if not packages:
        print("Inget avslutat ärende att leverera.")
    if left:
        held = count_words(left, "ett ärende", "ärenden").capitalize()
        print(f"{held} om visselblåsning är inte med. De utsedda mottagarna tar med sådana: --whistle.")
    if waiting := _appealable(house):
        print(f"Inte med, för ett beslut att inte lämna ut kan överklagas eller prövas: {', '.join(waiting)}.")
        print(
            "Leverera dem när det är avgjort, med de dagar då de avslutades. Ingen senare leverans tar annars med dem."
        )
    return 0


def _appealable(house: House) -> list[str]:
    """The numbers of ended cases in which a decision not to hand out is watched: no delivery holds them until then."""
    with house.store.read() as tx:
        found = [tx.get_case(case_id, SYSTEM) for case_id in {one.case_id for one in tx.refused_watched()}]
    return sorted(case.number for case in found if case.status in ENDED and not case.whistle)


def _chosen(house: House, asked: argparse.Namespace) -> list[str]:
    """The ids of the cases that ended in the time asked for.

    A letter that another case answers goes when that one does, or no year's delivery would hold it.
    """
    before = datetime.combine(asked.closed_before, time(), STOCKHOLM)
    since = datetime.combine(asked.closed_from or date(1900, 1, 1), time(), STOCKHOLM)
    with house.store.read() as tx:
        found = tx.ended_cases(SYSTEM, before, _MOST)
    ends = whole(found)
    chosen = [one for one in found if one.id in ends and ends[one.id] >= since]
    return [one.id for one in chosen if not (asked.without_protected and one.protected)]


def _package(house: House, asked: argparse.Namespace, one: ArchiveCase) -> Package:
    now = house.clock()
    sender = Sender(
        one.authority or house.settings.municipality.name,
        house.settings.municipality.name,
        f"Lyhörd {version('lyhord')}",
        asked.agreement,
    )
    name = f"lyhord-{one.case.authority_id or 'kommun'}-{local_day(now).isoformat()}"
    return Package(asked.out / name, sender, now)


def _gather(house: House, case_id: str) -> ArchiveCase:
    with house.store.read() as tx:
        file = tx.case_file(case_id, SYSTEM)
        return archive_case(
            file,
            house.office.organisation,
            lambda raw_id: _raw(tx, raw_id),
            lambda attachment_id: tx.attachment(attachment_id, SYSTEM).content,
        )


def _raw(tx: Tx, raw_id: str) -> bytes:
    try:
        return tx.raw_content(raw_id)
    except NotFound:
        return b""


def _journal(house: House, ids: list[str]) -> None:
    """Only once every package is whole."""
    now = house.clock()
    with house.store.begin() as tx:
        for case_id in ids:
            note(tx, house.office, case_id, EventKind.ARCHIVED, now, "Med i en leverans till arkivet.")
