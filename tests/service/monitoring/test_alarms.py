"""What an alarm says, and that it is told where it lasts and not for nothing."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from imapclient.exceptions import IMAPClientError
from imapclient.imapclient import Quota

from cases.letters.letter import OutboxStatus
from config import load
from ingest.idle import MailboxState
from service.bootstrap import House
from service.checks.copies import note_made
from service.checks.machine import check_disk
from service.jobs import JOB, RULES
from service.mail_doors import mailboxes
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import AlarmRoom, active_alarms
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.monitoring.waiting import quarantined
from service.notes import MAILBOX_STATE
from service.processes.daemon import Daemon
from storage.queries.watch import Standing
from tests.service.watched import NOW, Clock, Told, house_of, keys, note, told_to, well
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter


def test_a_mailbox_that_keeps_us_out_says_why_and_the_way_in(house: House, clock: Clock) -> None:
    said = "brevlådan feedback på mx: servern nekade inloggningen. Kontrollera user och lösenordet."
    note(house, MAILBOX_STATE + "feedback", timedelta(seconds=9), state="refused", error=said, read=NOW.isoformat())
    clock.later(minutes=41)
    (found,) = [alarm for alarm in conditions(house, clock.now) if alarm.key == "mailbox:feedback"]
    assert found.text == ("lästes senast för 41 minuter sedan (brevlådan feedback på mx: servern nekade inloggningen)")
    assert found.remedy == "Kontrollera user och lösenordet."


def test_a_log_in_that_stays_refused_is_told_within_minutes(house: House, clock: Clock) -> None:
    """Nobody heard for forty minutes of a secret that had ended, though only a person can renew it."""
    well(house)
    daemon = Daemon(house)
    daemon._mailboxes._state("feedback", MailboxState.REFUSED, "gav ingen nyckel (AADSTS7000222). Förnya hemligheten.")
    clock.later(minutes=4)
    daemon._mailboxes._state("feedback", MailboxState.REFUSED, "gav ingen nyckel (AADSTS7000222). Förnya hemligheten.")
    assert "mailbox:feedback" not in keys(house), "it may pass"
    clock.later(minutes=1)
    (found,) = [alarm for alarm in conditions(house, clock.now) if alarm.key == "mailbox:feedback"]
    assert found.text == "lästes senast för 5 minuter sedan (gav ingen nyckel (AADSTS7000222))"
    daemon._mailboxes._state("feedback", MailboxState.LOST, "nätet är borta")
    assert "mailbox:feedback" not in keys(house)
    daemon._mailboxes._state("feedback", MailboxState.OK, "")
    assert "mailbox:feedback" not in keys(house)


class Telling:
    """The client of a mail server that tells how many KiB of a hundred are taken, or will not."""

    def __init__(self, used: int | None) -> None:
        self._used = used

    def has_capability(self, name: str) -> bool:
        return name == "QUOTA"

    def get_quota(self, _folder: str) -> list[Quota]:
        if self._used is None:
            raise IMAPClientError("NO")
        taken = [("MESSAGE", 1, 1), ("STORAGE", 0, 0), ("STORAGE", 5, 100), ("STORAGE", self._used, 100)]
        return [Quota("Brevlåda", *one) for one in taken]


def test_a_mailbox_that_fills_is_told_before_letters_come_back(house: House, clock: Clock) -> None:
    well(house)
    box = mailboxes(house.settings)[0]

    def told(used: int | None, daemon: Daemon) -> list[tuple[str, int]]:
        box._client = Telling(used)  # type: ignore[assignment]
        daemon._mailboxes._note_room(box)
        return [(alarm.text, alarm.degree) for alarm in conditions(house, clock.now) if alarm.key == "room:feedback"]

    assert told(89, Daemon(house)) == []
    daemon = Daemon(house)
    nearly = [("90 % av 102 kB är fyllt, och ett brev till en full brevlåda studsar", 0)]
    assert told(90, daemon) == nearly
    assert told(50, daemon) == nearly, "asked once an hour"
    assert [degree for _, degree in told(98, Daemon(house))] == [1]
    assert told(None, Daemon(house)) == []


def test_a_mailbox_in_idle_is_not_late_before_it_is_read_again(environ: dict[str, str], clock: Clock) -> None:
    settings = load("demo", environ)
    hasty = house_of(replace(settings, alarms=replace(settings.alarms, poll_minutes=5)), clock)
    note(hasty, MAILBOX_STATE + "feedback", timedelta(minutes=14), state="ok")
    assert "mailbox:feedback" not in keys(hasty)
    clock.later(minutes=2)
    assert "mailbox:feedback" in keys(hasty)
    well(hasty)
    daemon = Daemon(hasty)
    for _ in range(2):
        daemon._mailboxes._state("feedback", MailboxState.LOST, "nätet är borta. Nästa försök görs av sig självt.")
        assert "mailbox:feedback" not in keys(hasty)
        clock.later(minutes=4)
    assert "mailbox:feedback" in keys(hasty), "it is away, and not in IDLE: what was asked for holds"
    hasty.store.close()


def test_a_receiver_who_takes_nothing_hides_no_server_that_is_down(either: House, clock: Clock) -> None:
    """A letter to a full mailbox, which is tried for two days, was told as a server that may be down."""
    well(either)
    small = SmallHouse(either.store, now=NOW)
    small.receive(a_letter())
    with either.store.begin() as tx:
        full, other = tx.due(9, clock.now)
        again = clock.now + timedelta(hours=4)
        tx.update_entry(replace(full, status=OutboxStatus.AWAITING_RETRY, attempts=3, retry_at=again))
    clock.later(minutes=61)
    assert "outbox" in keys(either), "the other one has not left either"
    with either.store.begin() as tx:
        tx.update_entry(replace(other, status=OutboxStatus.SENT, attempts=1, sent_at=clock.now))
    assert "outbox" not in keys(either)
    small.now = clock.now
    small.receive(a_letter(message_id="<m2@mejl.example>"))
    clock.later(minutes=61)
    assert "outbox" in keys(either), "what falls due later does not leave"


def test_a_server_that_puts_everybody_off_is_an_alarm(either: House, clock: Clock) -> None:
    well(either)
    SmallHouse(either.store, now=NOW).receive(a_letter())
    with either.store.begin() as tx:
        for entry in tx.due(9, clock.now):
            later = clock.now + timedelta(hours=1)
            tx.update_entry(replace(entry, status=OutboxStatus.AWAITING_RETRY, attempts=2, retry_at=later))
    clock.later(minutes=61)
    (found,) = [alarm for alarm in conditions(either, clock.now) if alarm.key == "outbox"]
    assert found.confirm, "one that was released just now may be old"


def test_what_is_over_at_the_next_look_is_not_told(house: House, clock: Clock) -> None:
    """After the machine has slept every job is late for a moment; a letter noted late has waited long already."""
    told, on = Told(), [Alarm("suggest", "Förslagen", "väntar", "Se.", confirm=True)]
    room = AlarmRoom(house, told, lambda *_: list(on))
    room.sweep(clock.now)
    kept = on.pop()
    room.sweep(clock.later(minutes=1))
    assert told.said == []
    on.append(kept)
    for _ in range(3):
        room.sweep(clock.later(minutes=1))
    on.clear()
    room.sweep(clock.later(minutes=1))
    assert told.said == [(["suggest"], []), ([], ["Förslagen"])]


def test_a_job_is_not_well_again_because_all_stand_still(house: House, clock: Clock) -> None:
    """The daemon ended while one job was late: the doctor's timer told that this one was in order again."""
    told = Told()
    room = AlarmRoom(
        house,
        told,
        lambda house, now: [a for a in conditions(house, now) if a.key.startswith(("job:", "service"))],
    )
    note(house, JOB + "retention", timedelta(hours=3), every="3600")
    for _ in range(2):
        room.sweep(clock.later(minutes=1))
    for key in RULES:
        note(house, JOB + key, timedelta(hours=3), every="2")
    for _ in range(3):
        room.sweep(clock.later(minutes=1))
    assert told.said == [(["job:retention"], []), (["service"], [])]
    for key in RULES.keys() - {"retention", "send"}:
        note(house, JOB + key, timedelta(), every="2")
    for _ in range(2):
        room.sweep(clock.later(minutes=1))
    assert told.said[2:] == [([], ["Tjänsten"]), (["job:send"], [])]
    note(house, JOB + "retention", timedelta(), every="3600")
    room.sweep(clock.later(minutes=1))
    assert told.said[4:] == [([], ["Jobbet Gallring"])]


def test_a_new_installation_has_a_day_for_its_first_copy(environ: dict[str, str], clock: Clock, tmp_path: Path) -> None:
    """Three minutes after its first start it alarmed of copies that its timer makes the first night."""
    settings = load("demo", environ)
    house, told = house_of(replace(settings, backup=replace(settings.backup, folder=tmp_path)), clock), Told()
    room = AlarmRoom(house, told, lambda house, now: [a for a in conditions(house, now) if a.key == "backup"])
    for _ in range(24):
        room.sweep(clock.now)
        clock.later(hours=1)
    (seen,) = [line for line in health_lines(house) if line.name == "Säkerhetskopiorna"]
    assert (seen.ok, seen.remedy) == (False, "Kör lyhord backup, och låt en timer göra det varje natt.")
    with house.store.read() as tx:
        assert (told.said, active_alarms(tx)) == ([], {})
    room.sweep(clock.now)
    assert told.said == [(["backup"], [])]
    note_made(house.store, clock.now)
    room.sweep(clock.now)
    assert told.said[1:] == [([], ["Säkerhetskopiorna"])]
    clock.later(hours=49)
    room.sweep(clock.now)
    assert told.said[2:] == [(["backup"], [])], "one that ceased is told at once"
    house.store.close()


def test_one_more_letter_in_quarantine_is_told_beside_one_that_stays_there(house: House, clock: Clock) -> None:
    """One that nobody can ever read lay there, and of those after it nobody heard."""
    told, count = Told(), [1]
    room = AlarmRoom(house, told, lambda *_: list(quarantined(Standing(count[0], {}, 0.0))))
    for count[0] in (1, 1, 2, 2):
        room.sweep(clock.later(minutes=1))
    assert told.said == [(["quarantine"], [])] * 2
    for count[0] in (4, 3, 2, 1):
        room.sweep(clock.later(minutes=1))
    assert len(told.said) == 3, "whoever sees to them one by one got an alarm for each that was left"
    count[0] = 2
    room.sweep(clock.later(minutes=1))
    assert len(told.said) == 4, "one more than were left"


def _full() -> Exception:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    return full


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (_full(), "går inte att skriva i: disken är full, trasig eller monterad bara för läsning, eller filen skadad"),
        (
            psycopg.errors.ReadOnlySqlTransaction(),
            "tar inte emot skrivning: servern är en reserv (standby), eller ställd på bara läsning",
        ),
        (OSError(), "svarar inte"),
    ],
)
def test_what_keeps_the_database_from_writing_is_told(house: House, clock: Clock, error: Exception, text: str) -> None:
    """A full disk and a standby were told as a database that does not answer."""
    said: list[str] = []

    def tell(fresh: Sequence[Alarm], over: Mapping[str, str], _now: datetime) -> bool:
        said.extend([alarm.text for alarm in fresh] or over.values())
        return True

    def look(*_: object) -> list[Alarm]:
        raise sa.exc.OperationalError("UPDATE", {}, error)

    room = AlarmRoom(house, tell, look)
    for _ in range(2):
        room.sweep(clock.now)
    assert said == [text]


def test_a_virus_scanner_that_is_down_is_an_alarm(house: House, clock: Clock, tmp_path: Path) -> None:
    """Files came in unchecked, and nobody was told."""
    antivirus = replace(house.settings.antivirus, socket=str(tmp_path / "clamd.ctl"))
    without = replace(house, settings=replace(house.settings, antivirus=antivirus))
    assert "antivirus" not in keys(house)
    (found,) = [alarm for alarm in conditions(without, clock.now) if alarm.key == "antivirus"]
    assert found.confirm
    assert "Starta clamd" in found.remedy


def test_check_health_and_alarm_mean_the_same_by_a_full_disk(house: House, clock: Clock) -> None:
    """Between one and two GiB there was an alarm, and `lyhord check`, which it named, found nothing wrong."""
    chosen = replace(house, settings=told_to(house.settings, disk_mebibytes=10**9))
    url = chosen.settings.database.url.reveal()
    (checked,) = check_disk(url, chosen.settings.alarms.disk_mebibytes)
    (seen,) = [line for line in health_lines(chosen) if line.name == "Disken"]
    (alarm,) = [one for one in conditions(chosen, clock.now) if one.key == "disk"]
    assert not checked.ok
    assert not seen.ok
    assert alarm.remedy == seen.remedy == checked.remedy
