"""What is wrong with the running of the service just now: mailboxes, what waits, room, clock, jobs, days that end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cases.calendar import local_day, swedish_date
from cases.errors import ModelError
from cases.letters.outgoing import SENDING_HELD
from cases.numerals import count_words
from cases.ports import Tx
from config import MailboxSettings
from ingest.idle import MailboxState
from ingest.quota import Room
from service.bootstrap import House
from service.checks.antivirus import check_antivirus
from service.checks.copies import copies_line, never_copied
from service.checks.database import sqlite_file
from service.checks.line import CheckLine
from service.checks.machine import check_disk
from service.checks.model import SHIPPED_REMEDY
from service.checks.room import room_line
from service.jobs import RULES, late_jobs
from service.monitoring.alarm import Alarm
from service.monitoring.probe import SUBJECT, probe_late, probe_state
from service.monitoring.systems import failing_hooks
from service.monitoring.waiting import letters_waiting, papers_waiting, quarantined
from service.notes import (
    LAST_PASS,
    MAILBOX_ROOM,
    MAILBOX_STATE,
    MAILBOX_STAYING,
    MAILBOX_UNTAKEN,
    age,
    failed_at,
    last_read,
    longest_silence,
    moment_of,
    note_of,
)
from storage.database.engine import reading
from storage.queries.watch import standing

_SKEW_SECONDS = 120.0
_FULL = 98
_REFUSED = timedelta(minutes=5)
_FIRST_NIGHT = timedelta(days=1)
_NEW_KEY = (
    "Gör en ny nyckel på sidan Andra system, lämna den till den som har hand om systemet, och återkalla den gamla."
)


def conditions(house: House, now: datetime) -> list[Alarm]:
    """What is wrong now. Raises ``sqlalchemy.exc.SQLAlchemyError`` where the database does not answer."""
    url = house.settings.database.url.reveal()
    asked = standing(house.store.engine, now)
    skew = 0.0 if sqlite_file(url) else _server_skew(house)
    with house.store.read() as tx:
        mailboxes = [_mailbox(tx, house, box, now) for box in house.settings.mailboxes]
        rooms = [_room(tx, box) for box in house.settings.mailboxes]
        untaken = [_untaken(tx, box) for box in house.settings.mailboxes]
        staying = [_staying(tx, box) for box in house.settings.mailboxes]
        older = _older(tx)
        probe = _probe(tx, house, now)
        backup = _backup(copies_line(tx, house.settings, now), never=never_copied(tx, house.settings))
        model = _model(tx, now)
        waiting = [*letters_waiting(tx, house, asked, now), *papers_waiting(tx, house, now), *quarantined(asked)]
        expiries = list(_expiries(tx, house, now))
        systems = [_of_line(f"webhook:{hook.id}", hook.line) for hook in failing_hooks(tx, house) if hook.dead]
    found = [older, *mailboxes, *rooms, *untaken, *staying, *waiting, model, _clock(asked.skew_seconds, skew)]
    found += [*_jobs(house, now), *expiries, probe, *systems]
    # A backup's own copy comes and goes within a minute.
    found += [_of_line("disk", line, confirm=True) for line in check_disk(url, house.settings.alarms.disk_mebibytes)]
    found += [backup, *_antivirus(house)]
    return [alarm for alarm in found if alarm is not None]


def _of_line(key: str, line: CheckLine | None, *, confirm: bool = False) -> Alarm | None:
    return None if line is None or line.ok else Alarm(key, line.name, line.text, line.remedy, confirm=confirm)


def _backup(line: CheckLine | None, *, never: bool) -> Alarm | None:
    """Where none was ever made, the first night is awaited; tries that fail are told at once."""
    alarm = _of_line("backup", line)
    return replace(alarm, patience=_FIRST_NIGHT) if alarm and never else alarm


def _antivirus(house: House) -> Iterator[Alarm | None]:
    """Files come in unchecked meanwhile; one that is started anew is back at the next look."""
    if house.settings.antivirus.socket:
        yield from (_of_line("antivirus", line, confirm=True) for line in check_antivirus(house.settings.antivirus))


def _probe(tx: Tx, house: House, now: datetime) -> Alarm | None:
    chosen, state = house.settings.probe, probe_state(tx)
    if not probe_late(tx, chosen, now):
        return None
    if why := state.get("unsent"):
        text = f"det senaste provbrevet kunde inte skickas ({why.rstrip('.')})"
        remedy = f"Kör lyhord check. Går annan e-post, låt SMTP-servern skicka från {chosen.from_address}."
        return Alarm("probe", "Provbrev", text, remedy)
    passed = age(now - datetime.fromisoformat(state["sent_at"]))
    text = f"det senaste skickades för {passed} sedan och har inte blivit ett ärende"
    remedy = (
        f"Sök efter {SUBJECT} i brevlådan och dess skräppost. Ligger det där, kör lyhord doctor; annars följ det i "
        "SMTP-serverns logg."
    )
    return Alarm("probe", "Provbrev", text, remedy)


def _mailbox(tx: Tx, house: House, box: MailboxSettings, now: datetime) -> Alarm | None:
    note = note_of(tx.setting(MAILBOX_STATE + box.id))
    asked = timedelta(minutes=house.settings.alarms.poll_minutes)
    read = last_read(note)
    if read is not None and now - read <= max(asked, longest_silence(box)) and not _cut_off(note, asked, now):
        return None
    text = f"lästes senast för {age(now - read)} sedan" if read else "har inte kunnat läsas"
    why, _, way_out = note.get("error", "").rpartition(". ")
    said = f"{text} ({why})" if why else text
    remedy = way_out or "Kör lyhord check; se om tjänsten och servern går."
    return Alarm(f"mailbox:{box.id}", f"Brevlådan {box.id}", said, remedy, confirm=True)


def _room(tx: Tx, box: MailboxSettings) -> Alarm | None:
    """A mailbox that is nearly full, and once more when letters to it must be expected to come back."""
    note = note_of(tx.setting(MAILBOX_ROOM + box.id))
    if "limit" not in note:
        return None
    room = Room(int(note["used"]), int(note["limit"]))
    line = room_line(box.id, box.done, room)
    key, degree = f"room:{box.id}", int(room.percent >= _FULL)
    return None if line.ok else Alarm(key, line.name, line.text, line.remedy, degree)


def _untaken(tx: Tx, box: MailboxSettings) -> Alarm | None:
    """Letters that lie in the mailbox and that nobody at the desk can see, since the mail server keeps them back."""
    count = int(note_of(tx.setting(MAILBOX_UNTAKEN + box.id)).get("count", "0"))
    if not count:
        return None
    text = f"mejlservern lämnar inte ut {count_words(count, 'ett brev', 'brev')} som ligger i den"
    remedy = (
        "Öppna brevlådan i ett e-postprogram och lägg in brevet för hand (Nytt ärende), eller be den som sköter "
        "servern. Tjänstens logg säger vilket brev det är och vad servern svarar."
    )
    return Alarm(f"untaken:{box.id}", f"Brevlådan {box.id}", text, remedy, count, confirm=True)


def _staying(tx: Tx, box: MailboxSettings) -> Alarm | None:
    """Letters that are taken in and cannot be moved: colleagues see them as new, and the mailbox fills."""
    count = int(note_of(tx.setting(MAILBOX_STAYING + box.id)).get("count", "0"))
    if not count:
        return None
    text = f"{count_words(count, 'ett brev', 'brev')} är hämtade men ligger kvar, för mejlservern flyttar dem inte"
    remedy = (
        f"Inget blir två ärenden. Kör lyhord check: är brevlådan full, eller får kontot inte ta bort brev och skriva i "
        f"{box.done}? Tjänstens logg säger vad servern svarar. Svarar den ja men behåller breven (automatisk rensning "
        "avstängd, bevarande av raderade brev), be den som sköter servern ändra det."
    )
    return Alarm(f"staying:{box.id}", f"Brevlådan {box.id}", text, remedy, confirm=True)


def _older(tx: Tx) -> Alarm | None:
    """A database that was put back, or a colleague's own order in the mailbox: a person must say which."""
    name = tx.setting(SENDING_HELD)
    if not name:
        return None
    text = (
        f"känner inte alla brev som är hämtade ur brevlådan {name}: den kan vara återställd från en äldre kopia. "
        "Nya brev tas emot, men inget skickas, för det kan ha gått redan"
    )
    remedy = (
        "Är den återställd: stoppa tjänsten, kör lyhord mailbox recover och starta den igen. Har någon lagt brev i "
        "mappen för hämtade brev för hand: kör lyhord mailbox recover --skip, så fortsätter sändningen av sig själv."
    )
    return Alarm("older", "Databasen", text, remedy)


def _cut_off(note: dict[str, str], asked: timedelta, now: datetime) -> bool:
    """Whether the server has been away for as long as was asked to tell of, or has refused the log-in for some minutes.

    A refusal ends by a person's hand alone; and the silence that is well in IDLE is no longer that.
    """
    patience: dict[str | None, timedelta] = {MailboxState.LOST: asked, MailboxState.REFUSED: _REFUSED}
    lasts, since = patience.get(note.get("state")), moment_of(note, "since")
    return lasts is not None and since is not None and now - since >= lasts


def _model(tx: Tx, now: datetime) -> Alarm | None:
    """A model that cannot be loaded: cases come in without suggestions."""
    note = note_of(tx.setting(LAST_PASS + "suggest"))
    if note.get("error") != ModelError.__name__ or failed_at(note, now) is None:
        return None
    text = "kan inte användas, så ärendena kommer utan förslag"
    return Alarm(
        "model", "Modellen", text, f"Kör lyhord check, som säger vad som är fel. {SHIPPED_REMEDY}", confirm=True
    )


def _jobs(house: House, now: datetime) -> Iterator[Alarm]:
    """Jobs that ought to have gone long ago; where those that go each few seconds are, half of all, the service is."""
    late = late_jobs(house.store, now)
    remedy = "Se lyhord jobs, starta om tjänsten (systemctl restart lyhord) och läs dess logg."
    if 2 * len(late) >= len(RULES):
        newest = max(job.at for job in late if job.at)
        text = f"gick senast för {age(now - newest)} sedan"
        yield Alarm("service", "Tjänsten", text, remedy, confirm=True, hides="job:")
        return
    for job in late:
        if job.at:
            text = f"gick senast för {age(now - job.at)} sedan"
            yield Alarm(f"job:{job.key}", f"Jobbet {job.name}", text, remedy, confirm=True)


def _clock(mails_ahead: float, databases_ahead: float) -> Alarm | None:
    """A clock that is far from another server's, which may be the one that is wrong."""
    ahead = max(mails_ahead, databases_ahead, key=abs)
    if abs(ahead) <= _SKEW_SECONDS:
        return None
    server = "e-postservern" if ahead == mails_ahead else "databasservern"
    text = f"går {age(timedelta(seconds=abs(ahead)))} {'efter' if ahead > 0 else 'före'} {server}"
    remedy = (
        "Se med timedatectl om maskinens klocka går rätt; annars slå på tidssynkronisering (timedatectl set-ntp true). "
        f"Går den rätt, be den som sköter {server} ställa dess klocka."
    )
    return Alarm("clock", "Klockan", text, remedy)


def _server_skew(house: House) -> float:
    with reading(house.store.engine) as connection:
        there: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return (there - house.clock()).total_seconds()


def _expiries(tx: Tx, house: House, now: datetime) -> Iterator[Alarm]:
    """What ends within ``alarms.expiry_days`` or has ended: what the settings name, and keys of other systems."""
    for one in house.settings.expiries:
        remedy = f"Förnya, skriv den nya dagen vid {one.id} under [[expiries]] i lyhord.toml, och starta om tjänsten."
        yield from _ending(f"expiry:{one.id}", one.name, one.day, remedy, house, now)
    for client in tx.clients() if house.settings.api.enabled else ():
        if client.revoked_at is None:
            name, day = f"Nyckeln för systemet {client.name}", local_day(client.ends_at)
            yield from _ending(f"key:{client.id}", name, day, _NEW_KEY, house, now)


def _ending(key: str, name: str, day: date, remedy: str, house: House, now: datetime) -> Iterator[Alarm]:
    left = (day - local_day(now)).days
    if left <= house.settings.alarms.expiry_days:
        text = f"{'slutar' if left >= 0 else 'slutade'} gälla {'i dag, ' * (left == 0)}den {swedish_date(day)}"
        yield Alarm(key, name, text, remedy, _nearness(left))


def _nearness(days: int) -> int:
    """Told a month before, it is forgotten: so again when a week is left, on the last day, and when it has ended."""
    return sum(days <= limit for limit in (7, 0, -1))
