"""``lyhord doctor``: what is wrong in a running system, why, and what to do; and what ``lyhord check`` tries."""

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from cases.calendar import swedish_time
from config import InvalidSettings, Settings, load
from service.backup.restored import restored_state
from service.bootstrap import House, build
from service.checks.database import check_file, check_revision, check_writing, refused, sqlite_file
from service.checks.everything import check_all
from service.checks.line import CheckLine
from service.clock_and_ids import utc_now
from service.commands.common import add_config
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import DATABASE, AlarmRoom, active_alarms
from service.monitoring.alarms_post import teller
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.monitoring.outage import DatabaseOutage


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which municipality, and how much is tried."""
    add_config(parser)
    parser.add_argument("--quick", action="store_true", help="pröva inga servrar; se bara på tjänstens läge")
    parser.add_argument("--alarm", action="store_true", help="larma som tjänsten gör, också när den inte går")


def run(asked: argparse.Namespace) -> int:
    """Print what is wrong first, with the way out; 1 where anything is."""
    found = [] if asked.quick else list(check_all(asked.config, os.environ, clock=utc_now))
    try:
        settings = load(asked.config, os.environ)
    except InvalidSettings as error:
        if not found:
            print(error)
        settings = None
    if settings is not None:
        running = list(running_lines(settings, alarm=asked.alarm))
        found = [*without(found, running), *running]
    elif not found:
        return 1
    return tell(found)


def without(tried: Iterable[CheckLine], running: Sequence[CheckLine]) -> list[CheckLine]:
    """What was tried but for the faults that the running system knows, too: of the same name and with the same cure."""
    known = {(line.name, line.remedy) for line in running if not line.ok}
    return [line for line in tried if line.ok or (line.name, line.remedy) not in known]


def tell(found: list[CheckLine]) -> int:
    """Faults as symptom, cause and cure, then how much is well; the exit status."""
    faults = list({(line.name, line.text): line for line in found if not line.ok}.values())
    for number, line in enumerate(faults, start=1):
        print(f"{number}. {line.name}: {line.text}.\n   Gör så här: {line.remedy}")
    print(f"{len(faults)} fel, {sum(line.ok for line in found)} saker är i ordning.")
    if faults:
        print("docs/admin/troubleshoot.md berättar mer om varje symptom.")
    return 1 if faults else 0


def running_lines(settings: Settings, *, alarm: bool = False) -> Iterator[CheckLine]:
    """How the running system does: health, alarms, and whether a restored copy waits for its mailbox."""
    unread = _unreadable(settings.database.url.reveal())
    if unread is not None:
        yield unread
        if alarm:
            # A service that cannot start on it does not tell; the one that can again tells that it is over.
            told = Alarm(DATABASE, unread.name, unread.text, unread.remedy)
            if teller(settings, utc_now)([told], {}, utc_now()):
                DatabaseOutage(settings).note(down=True)
        return
    house = build(settings)
    try:
        alarms = list(_alarms(house, alarm=alarm))
        named = {one.name for one in alarms}
        for line in health_lines(house):
            if line.ok or line.name not in named:
                yield CheckLine(line.name, line.ok, line.text, line.remedy)
        yield from alarms
        yield from _restored(house)
    except sa.exc.SQLAlchemyError as error:
        yield refused(settings.database.url.reveal(), error)
    finally:
        house.store.close()


def _unreadable(url: str) -> CheckLine | None:
    """What is wrong with the database or its tables, so that the rest cannot be read."""
    file = sqlite_file(url)
    try:
        line = check_writing(url) if file is None else check_file(file)
        line = check_revision(url) if line is None or line.ok else line
    except sa.exc.SQLAlchemyError as error:
        return refused(url, error)
    return None if line.ok else line


def _alarms(house: House, *, alarm: bool) -> Iterator[CheckLine]:
    now = house.clock()
    if alarm:
        AlarmRoom(house, teller(house.settings, house.clock)).sweep(now)
    with house.store.read() as tx:
        told = active_alarms(tx)
    for one in conditions(house, now):
        noted = told.get(one.key, {})
        since = f", larmat sedan den {swedish_time(datetime.fromisoformat(noted['since']))}" if "told" in noted else ""
        yield CheckLine(one.name, False, one.text + since, one.remedy)


def _restored(house: House) -> Iterator[CheckLine]:
    with house.store.read() as tx:
        state = restored_state(tx)
    if state and not state["recovered_at"]:
        text = "databasen är återställd från en kopia, och brev som kom efter den är inte hittade"
        yield CheckLine("Återställningen", False, text, "Kör lyhord mailbox recover innan tjänsten startas.")
