"""How the service is doing, for the desk's page *Hälsa*: what the daemon noted, what waits, room and versions."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from cases.calendar import local_day
from cases.errors import ModelError
from cases.faults import machines_fault, machines_way_out, os_words
from cases.letters.letter import WAITS, OutboxStatus
from cases.numerals import size_words
from cases.people.access import SYSTEM
from cases.ports import Tx
from classifier.folder import shipped_version
from config import MailboxSettings
from desk.settings import HealthLine
from ingest.idle import MailboxState
from service.bootstrap import House
from service.checks.copies import copies_line
from service.checks.database import database_place, sqlite_file
from service.checks.line import CheckLine, guarded
from service.checks.machine import check_disk
from service.checks.model import SHIPPED_REMEDY
from service.checks.people import needed_people
from service.installation.model_room import model_folder
from service.jobs import late_jobs
from service.monitoring.systems import failing_hooks
from service.monitoring.waiting import letters_waiting, papers_waiting
from service.notes import LAST_PASS, MAILBOX_STATE, PASSES, age, failed_at, longest_silence, moment_of, note_of
from storage.database.engine import reading
from storage.queries.watch import standing

_START = "Starta tjänsten med lyhord run eller lyhord daemon, och se i dess logg."
_BUG = "Pröva lyhord check, och se i tjänstens logg."
# The sweep notes itself each minute.
_SWEEP_LATE = timedelta(minutes=5)
_OUTBOX = (
    (OutboxStatus.FAILED, "Brev som inte gick att skicka", "Rätta adressen eller svara på annat sätt; se utkorgen."),
    (OutboxStatus.UNCERTAIN, "Brev som är ovissa", "Fråga mottagaren, skicka om eller stäng dem i utkorgen."),
    (OutboxStatus.BOUNCED, "Brev som har studsat", "Rätta adressen eller svara på annat sätt; se utkorgen."),
)


def health_lines(house: House) -> list[HealthLine]:
    """Every line, faults and all; a part that fails is a line of its own, so the page always comes."""
    now = house.clock()
    parts: list[tuple[str, Callable[[], Iterator[CheckLine]]]] = [
        ("Tjänsten", partial(_daemon, house, now)),
        ("Brevlådorna", partial(_mailboxes, house, now)),
        ("Breven", partial(_letters, house, now)),
        ("Andra system", partial(_other_systems, house)),
        ("Personerna", partial(_people, house, local_day(now))),
        ("Databasen", partial(_database, house)),
        ("Säkerhetskopiorna", partial(_copies, house, now)),
        ("Modellen", partial(_model, house)),
    ]
    lines = [line for name, part in parts for line in guarded(name, part, _BUG)]
    lines.append(CheckLine("Lyhörd", True, f"version {version('lyhord')}"))
    return list(map(_shown, lines))


def unfetched(house: House) -> list[HealthLine]:
    """The lines of the mailboxes from which no letters come just now."""
    return [_shown(line) for line in _mailboxes(house, house.clock()) if not line.ok]


def _shown(line: CheckLine) -> HealthLine:
    return HealthLine(line.name, line.ok, line.text, line.remedy)


def _daemon(house: House, now: datetime) -> Iterator[CheckLine]:
    with house.store.read() as tx:
        noted = {name: note_of(tx.setting(LAST_PASS + name)) for name in PASSES}
    swept = moment_of(noted["sweep"])
    if swept is None:
        yield CheckLine("Tjänsten", False, "har aldrig gått i den här databasen", _START)
    elif now - swept > _SWEEP_LATE:
        yield CheckLine("Tjänsten", False, f"gick senast för {age(now - swept)} sedan", _START)
    else:
        yield CheckLine("Tjänsten", True, f"går; senaste varvet för {age(now - swept)} sedan")
    for late in late_jobs(house.store, now) if swept is not None and now - swept <= _SWEEP_LATE else ():
        text = f"gick senast för {age(now - late.at)} sedan" if late.at else ""
        yield CheckLine(late.name, False, text, "Se lyhord jobs, starta om tjänsten, och se i dess logg.")
    for name, note in noted.items():
        if (at := failed_at(note, now)) is not None:
            lacking = machines_fault(note["error"])
            why, remedy = (os_words(lacking), machines_way_out(lacking)) if lacking else (note["error"], _BUG)
            yield CheckLine(PASSES[name], False, f"misslyckades för {age(now - at)} sedan ({why})", remedy)


def _mailboxes(house: House, now: datetime) -> Iterator[CheckLine]:
    for box in house.settings.mailboxes:
        with house.store.read() as tx:
            note = note_of(tx.setting(MAILBOX_STATE + box.id))
        yield _mailbox(box, note, now)


def _mailbox(box: MailboxSettings, note: Mapping[str, str], now: datetime) -> CheckLine:
    name, at = f"Brevlådan {box.id}", moment_of(note)
    if at is None:
        return CheckLine(name, False, "har aldrig lästs", _START)
    since = age(now - at)
    if note.get("state") != MailboxState.OK:
        said, _, remedy = note.get("error", "").rpartition(". ")
        return CheckLine(name, False, f"senaste försöket för {since} sedan: {said or 'gick inte'}", remedy or _BUG)
    if now - at > longest_silence(box):
        return CheckLine(name, False, f"lästes senast för {since} sedan", _START)
    return CheckLine(name, True, f"läst för {since} sedan")


def _letters(house: House, now: datetime) -> Iterator[CheckLine]:
    asked = standing(house.store.engine, now)
    with house.store.read() as tx:
        late = [*letters_waiting(tx, house, asked, now), *papers_waiting(tx, house, now)]
        counts = tx.state_counts()
        amiss = _amiss(tx, counts)
    yield from (CheckLine(one.name, False, one.text, one.remedy) for one in late)
    yield CheckLine("Brev som väntar på att läsas", True, str(counts.get("raw_waiting", 0)))
    quarantined = counts.get("raw_quarantined", 0)
    remedy = "Öppna karantänen, pröva igen eller ta hand om brevet för hand." if quarantined else ""
    yield CheckLine("Brev i karantän", not quarantined, str(quarantined), remedy)
    for status, name, way_out in _OUTBOX:
        count = amiss[status]
        # Further down the page all are counted.
        over = counts.get(f"outbox.{status}", 0) - count
        text = f"{count}, och {over} i ärenden som har avslutats sedan" if over else str(count)
        yield CheckLine(name, not count, text, way_out if count else "")
    waiting = sum(counts.get(f"outbox.{status}", 0) for status in WAITS)
    yield CheckLine("Brev på väg ut", True, str(waiting))
    yield CheckLine("Brev som hålls inne", True, str(counts.get(f"outbox.{OutboxStatus.WITHHELD}", 0)))


def _amiss(tx: Tx, counts: Mapping[str, int]) -> Mapping[OutboxStatus, int]:
    """By state, the letters that *Utkorg* and its number in the menu tell of: not those of cases closed since."""
    found = {status: counts.get(f"outbox.{status}", 0) for status, _, _ in _OUTBOX}
    over = sum(found.values()) - tx.stuck_letters(SYSTEM, sum(found.values()))
    return {**found, OutboxStatus.BOUNCED: found[OutboxStatus.BOUNCED] - over}


def _other_systems(house: House) -> Iterator[CheckLine]:
    """One line for each system that events are sent to and that has missed some, or takes none just now."""
    with house.store.read() as tx:
        yield from (failing.line for failing in failing_hooks(tx, house))


def _people(house: House, today: date) -> Iterator[CheckLine]:
    """Only who is missing: no count of letters by flag leaves the store (dataskyddslagen 3:3)."""
    with house.store.read() as tx:
        users = tx.users()
    outside = house.settings.login.provider == "oidc"
    yield from (line for line in needed_people(users, today, outside=outside) if not line.ok)


def _database(house: House) -> Iterator[CheckLine]:
    url = house.settings.database.url.reveal()
    file = sqlite_file(url)
    if file is None:
        yield CheckLine("Databasen", True, f"{size_words(_size_on_server(house))} ({database_place(url)})")
        return
    parts = (file, file.with_name(f"{file.name}-wal"))
    yield CheckLine("Databasen", True, size_words(sum(part.stat().st_size for part in parts if part.exists())))
    yield from check_disk(url, house.settings.alarms.disk_mebibytes)


def _size_on_server(house: House) -> int:
    with reading(house.store.engine) as connection:
        return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())


def _copies(house: House, now: datetime) -> Iterator[CheckLine]:
    with house.store.read() as tx:
        line = copies_line(tx, house.settings, now)
    if line is not None:
        yield line


def _model(house: House) -> Iterator[CheckLine]:
    shipped: Path = model_folder(house.settings)
    try:
        yield CheckLine("Modellen", True, f"version {house.model.state().champion or shipped_version(shipped)}")
    except (ModelError, OSError, ValueError, KeyError):
        yield CheckLine("Modellen", False, "saknas eller är skadad", SHIPPED_REMEDY)
