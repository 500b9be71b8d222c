"""What an alarm says, that it is told where it lasts, and that none is lost or told for nothing."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from imapclient.exceptions import IMAPClientError
from imapclient.imapclient import Quota

from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import RawMessage
from cases.letters.letter import OutboxStatus
from config import load
from ingest.idle import MailboxState
from service.bootstrap import House
from service.checks.alarms import check_alarms
from service.checks.copies import note_made
from service.checks.machine import check_disk
from service.demo.servers import EmbeddedPost
from service.demo.smtp_server import Refusals
from service.jobs import JOB, RULES
from service.mail_doors import mailboxes
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import STATE, AlarmRoom, active_alarms
from service.monitoring.alarms_post import teller
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.monitoring.waiting import quarantined
from service.notes import MAILBOX_STATE
from service.processes.daemon import Daemon
from storage.queries.watch import Standing
from tests.service.watched import (
    NOW,
    Clock,
    Told,
    clock,
    either,
    house,
    house_of,
    keys,
    note,
    told_to,
    webhook,
    well,
)
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter

__all__ = ["clock", "either", "house"]


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


def test_an_alarm_that_an_earlier_version_told_in_words_of_its_degree_stays_told(house: House, clock: Clock) -> None:
    noted = {"disk": {"name": "Disken", "text": "full", "since": NOW.isoformat(), "told": "yes"}}
    with house.store.begin() as tx:
        tx.save_setting(STATE, json.dumps(noted))
    told, on = Told(), [Alarm("disk", "Disken", "full", "Töm.")]
    room = AlarmRoom(house, told, lambda *_: list(on))
    room.sweep(clock.later(minutes=1))
    on.clear()
    room.sweep(clock.later(minutes=1))
    assert told.said == [([], ["Disken"])]


def test_what_a_killed_service_was_telling_is_told_again(house: House, clock: Clock) -> None:
    class Killed(BaseException):
        """Stands for kill -9."""

    def dies(_fresh: Sequence[Alarm], _over: Mapping[str, str], _now: datetime) -> bool:
        raise Killed

    on = [Alarm("disk", "Disken", "full", "Töm.")]
    with pytest.raises(Killed):
        AlarmRoom(house, dies, lambda *_: on).sweep(clock.now)
    told = Told()
    room = AlarmRoom(house, told, lambda *_: on)
    room.sweep(clock.later(minutes=5))
    assert told.said == [], "another machine may be at it"
    for _ in range(3):
        room.sweep(clock.later(minutes=15))
    assert told.said == [(["disk"], [])]


def test_an_end_that_a_killed_service_was_telling_is_told_again(house: House, clock: Clock) -> None:
    """The alarm's end was forgotten as soon as it was seen: who died while mailing it had told nobody."""

    class Killed(BaseException):
        """Stands for kill -9."""

    def dies(_fresh: Sequence[Alarm], _over: Mapping[str, str], _now: datetime) -> bool:
        raise Killed

    told, on = Told(), [Alarm("disk", "Disken", "full", "Töm.")]
    room = AlarmRoom(house, told, lambda *_: list(on))
    room.sweep(clock.now)
    kept = on.pop()
    with pytest.raises(Killed):
        AlarmRoom(house, dies, lambda *_: []).sweep(clock.later(minutes=1))
    room.sweep(clock.later(minutes=5))
    assert told.said == [(["disk"], [])], "another machine may be at it"
    with house.store.read() as tx:
        assert active_alarms(tx) == {}
    for _ in range(2):
        room.sweep(clock.later(minutes=15))
    assert told.said == [(["disk"], []), ([], ["Disken"])]
    on.append(kept)
    room.sweep(clock.later(minutes=1))
    with pytest.raises(Killed):
        AlarmRoom(house, dies, lambda *_: []).sweep(clock.later(minutes=1))
    room.sweep(clock.later(minutes=1))
    assert told.said[2:] == [(["disk"], []), (["disk"], [])], "on again before anybody heard that it was over"


def test_a_service_started_anew_tells_that_the_database_is_well_again(house: House, clock: Clock) -> None:
    """It was known to the process alone that told of it: who opens an incident for an alarm waited for ever."""
    told = Told()

    def away(*_: object) -> list[Alarm]:
        raise sa.exc.OperationalError("SELECT", {}, sqlite3.OperationalError("gone"))

    for _ in range(2):
        AlarmRoom(house, told, away).sweep(clock.later(minutes=1))
    for _ in range(2):
        AlarmRoom(house, told, lambda *_: []).sweep(clock.later(minutes=1))
    assert told.said == [(["database"], []), ([], ["Databasen"])]


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


def test_a_certificate_file_that_is_gone_loses_no_alarm(environ: dict[str, str], clock: Clock, tmp_path: Path) -> None:
    """It ended the pass, and the alarm stood as told."""
    hooked = told_to(load("demo", environ), webhook="https://127.0.0.1:1/larm", ca_file=tmp_path / "gone.pem")
    house = house_of(hooked, clock)
    assert teller(house.settings, clock)([Alarm("disk", "Disken", "full", "Töm.")], {}, NOW) is False
    house.store.close()


@pytest.mark.parametrize("status", [302, 404, 503])
def test_a_webhook_that_does_not_take_an_alarm_has_told_nobody(
    environ: dict[str, str], clock: Clock, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """One sent on from http to https was taken for told, and nobody heard of it."""
    with webhook(status=status) as (url, _):
        tell = teller(told_to(load("demo", environ), mail_to=(), webhook=url), clock)
        assert tell([Alarm("disk", "Disken", "full", "Töm.")], {}, NOW) is False
    assert caplog.messages == [f"an alarm did not go by webhook: HTTP {status}"]


def test_an_alarm_goes_to_those_who_can_be_mailed(environ: dict[str, str], clock: Clock) -> None:
    """One address that is refused keeps no other from it."""
    gone, there = "bort@ekdala.example", "jour@ekdala.example"
    with EmbeddedPost(refusals=Refusals(frozenset({gone}))) as post:
        settings = load("demo", environ | {"LYHORD_SMTP_PORT": str(post.smtp_port)})
        for whom, reached in (((gone, there), True), ((gone,), False)):
            tell = teller(told_to(settings, mail_to=whom, webhook=""), clock)
            assert tell([Alarm("disk", "Disken", "full", "Töm.")], {}, NOW) is reached
        (stored,) = post.boxes()[there]
    said = stored.parsed().get_content()
    assert said.startswith("Disken: full.") and "Gör så här: Töm." in said


def test_an_alarm_that_reaches_nobody_is_logged_once_in_a_while(
    environ: dict[str, str], caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    """Each minute had a line for each receiver, as long as the mail server was down."""
    settings = told_to(load("demo", environ), mail_to=("a@ekdala.example", "b@ekdala.example"))
    tell = teller(replace(settings, smtp=replace(settings.smtp, port=1)), clock)
    with caplog.at_level("ERROR", "lyhord.alarms"):
        assert [tell([Alarm("disk", "Disken", "full", "Töm.")], {}, NOW) for _ in range(3)] == [False] * 3
    assert [record.getMessage() for record in caplog.records] == ["an alarm did not go by mail: ServerUnavailable"]


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


def comes(house: House, at: datetime, kept: datetime, mailbox: str = "feedback") -> None:
    """A letter that the mail server says came then was fetched and read when our clock said so."""
    raw = a_letter(message_id=f"<{at.timestamp()}@mejl.example>")
    letter = RawMessage(mailbox, "INBOX", 1, int(at.timestamp()), at, raw, sha256(raw).hexdigest())
    with house.store.begin() as tx:
        tx.keep_raw(letter, letter.sha256[:32], kept)
        tx.mark_read([letter.sha256[:32]], kept)


def test_a_clock_that_was_put_right_is_no_alarm_any_more(house: House, clock: Clock) -> None:
    """It lasted a day after."""
    comes(house, NOW + timedelta(minutes=5), NOW)
    comes(house, NOW + timedelta(minutes=16), NOW + timedelta(minutes=11))
    assert "clock" in keys(house)
    comes(house, NOW + timedelta(minutes=20), NOW + timedelta(minutes=20))
    clock.later(minutes=21)
    assert "clock" not in keys(house)


def test_a_clock_that_is_hours_ahead_is_seen_by_the_letters(house: House, clock: Clock) -> None:
    """On SQLite nothing told of it, and every day was promised from the wrong hour."""
    for minutes in (0, 20, 40, 60):
        came = NOW + timedelta(minutes=minutes)
        comes(house, came, came + timedelta(hours=3, seconds=9))
    comes(house, NOW + timedelta(hours=4), NOW + timedelta(hours=4), f"{DROP_FOLDER}brev")
    clock.later(hours=5)
    assert "clock" not in keys(house), "too few to tell"
    comes(house, NOW + timedelta(minutes=50), NOW + timedelta(hours=4, minutes=30))
    comes(house, NOW + timedelta(minutes=85), NOW + timedelta(hours=4, minutes=26))
    (found,) = [alarm for alarm in conditions(house, clock.now) if alarm.key == "clock"]
    assert found.text == "går 3 timmar fel mot e-postservern"
    comes(house, NOW + timedelta(minutes=95), NOW + timedelta(minutes=95, seconds=4))
    assert "clock" not in keys(house), "put right"


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        # The mailbox was out of reach for the night.
        ([0, 60, 120, 180, 200, 240], [600, 600, 600, 600, 600, 601]),
        # Robots wrote at one moment in that night.
        ([0, 1, 1, 2, 3, 3], [240, 240, 240, 240, 240, 240]),
        # Somebody moves letters into the mailbox by hand.
        ([0, 60, 90, 120, 200, 260], [45, 130, 220, 230, 480, 390]),
        # They lay there, and then one came.
        ([0, 60, 120, 180, 240, 300], [200, 260, 320, 380, 440, 301]),
    ],
)
def test_letters_that_are_late_for_other_reasons_are_no_fast_clock(
    house: House, clock: Clock, came: list[int], kept: list[int]
) -> None:
    for second, (at, fetched) in enumerate(zip(came, kept, strict=True)):
        comes(house, NOW + timedelta(minutes=at, seconds=second), NOW + timedelta(minutes=fetched))
    clock.later(hours=12)
    assert "clock" not in keys(house)


def test_the_check_says_whom_alarms_reach(environ: dict[str, str], tmp_path: Path) -> None:
    """A webhook that was misspelt was found out by the first alarm that nobody got."""
    settings = load("demo", environ)

    def said(**chosen: object) -> list[tuple[bool, str]]:
        return [(line.ok, line.text) for line in check_alarms(told_to(settings, **chosen).alarms)]

    ((_, nobody),) = said(mail_to=(), webhook="")
    assert nobody.startswith("ingen får dem")
    ((_, mailed),) = said(mail_to=("drift@ekdala.example",), webhook="")
    assert "när e-posten är nere" in mailed
    with webhook() as (url, got):
        assert [ok for ok, _ in said(mail_to=("drift@ekdala.example",), webhook=url)] == [True, True]
    assert got == []
    with webhook(status=404) as (url, _):
        assert [ok for ok, _ in said(mail_to=(), webhook=url)] == [True], "it may take nothing but POST"
    with webhook(status=301) as (url, _):
        assert said(mail_to=(), webhook=url) == [(False, "mottagaren hänvisar till en annan adress (301)")]
    assert said(mail_to=(), webhook=url) == [(False, "mottagaren svarar inte (ConnectionError)")]
    assert [ok for ok, _ in said(mail_to=(), webhook="https://127.0.0.1:1/", ca_file=tmp_path / "gone.pem")] == [False]
