"""What is an alarm, that each is told once and once when it is over, and by what way."""

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
import trustme

from cases.api import ApiScope
from cases.errors import LyhordError
from cases.letters.letter import OutboxStatus
from cases.steps.settings.clients import Deed, add_client, add_webhook, revoke_client, send_again
from cases.webhooks import Delivery, DeliveryState
from config import load
from config.operation import ExpirySettings
from ingest.mailbox import FailedMessage
from service.bootstrap import House
from service.checks.copies import note_failed, note_made
from service.commands.doctor import running_lines
from service.demo.servers import EmbeddedPost
from service.jobs import JOB, RULES
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import STATE, AlarmRoom, active_alarms, alarm_pass
from service.monitoring.alarms_post import alarm_text, teller
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.monitoring.metrics import metrics_text
from service.notes import LAST_PASS, MAILBOX_STATE, MAILBOX_STAYING
from service.processes.daemon import Daemon
from storage.database.engine import open_engine
from storage.tables.columns import metadata
from tests.servers.proxying import connect_proxy
from tests.service.watched import HOOK, NOW, Clock, Told, house_of, keys, note, told_to, values, webhook, well, with_api
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter


def test_what_is_an_alarm(either: House, clock: Clock) -> None:
    assert "mailbox:feedback" in keys(either), "never read"
    well(either)
    assert keys(either) <= {"clock", "disk"}
    note(either, MAILBOX_STATE + "feedback", timedelta(), state="refused", read=NOW.isoformat())
    assert "mailbox:feedback" not in keys(either), "failed just now, read a moment ago"
    small = SmallHouse(either.store, now=NOW)
    small.post(a_letter())
    clock.later(minutes=31)
    (queue,) = [alarm for alarm in conditions(either, clock.now) if alarm.key == "queue"]
    assert "journalctl" in queue.remedy, "the service goes: it is the service that tells"
    small.stages.read(small.now)
    assert "suggest" in keys(either)
    small.stages.suggest(small.now)
    assert not keys(either) & {"queue", "suggest", "outbox"}
    clock.later(minutes=30)
    assert {"outbox", "mailbox:feedback"} <= keys(either)
    with either.store.begin() as tx:
        for entry in tx.due(9, clock.now):
            tx.update_entry(replace(entry, status=OutboxStatus.SENT))
    small.post(b"")
    with either.store.begin() as tx:
        tx.mark_unreadable(tx.raw_to_read(1, clock.now)[0].id, "x", 3, None)
    assert "quarantine" in keys(either)
    assert "outbox" not in keys(either)
    assert not any("@" in alarm.text for alarm in conditions(either, clock.now))


def test_letters_the_mail_server_keeps_back_or_leaves(house: House) -> None:
    """They lay in the mailbox, and only the log told of them."""
    well(house)
    daemon = Daemon(house)
    once, twice = FailedMessage("INBOX", 7, "nej"), FailedMessage("INBOX", 7, "nej", again=True)
    told = []
    for failed in ([once], [twice], [once], [twice, replace(twice, uid=9)], []):
        daemon._mailboxes._note_untaken("feedback", failed)
        told.append([alarm for alarm in conditions(house, NOW) if alarm.key == "untaken:feedback"])
    assert [[(alarm.degree, alarm.confirm) for alarm in found] for found in told] == [
        [],
        [(1, True)],
        [(1, True)],
        [(2, True)],
        [],
    ]
    assert told[1][0].text == "mejlservern lämnar inte ut ett brev som ligger i den"
    said = []
    for count in (2, 3, 0):
        daemon._mailboxes._note_count(MAILBOX_STAYING + "feedback", count)
        said += [alarm for alarm in conditions(house, NOW) if alarm.key == "staying:feedback"]
    assert [(alarm.text.split(",")[0], alarm.degree) for alarm in said] == [
        ("två brev är hämtade men ligger kvar", 0),
        ("tre brev är hämtade men ligger kvar", 0),
    ]


def test_a_model_that_cannot_be_loaded_is_an_alarm(house: House, clock: Clock) -> None:
    """It was told as letters that wait, half an hour after the first."""
    well(house)
    note(house, LAST_PASS + "suggest", timedelta(minutes=1), error="OperationalError")
    assert "model" not in keys(house)
    note(house, LAST_PASS + "suggest", timedelta(minutes=1), error="ModelError")
    (found,) = [alarm for alarm in conditions(house, clock.now) if alarm.key == "model"]
    assert "utan förslag" in found.text
    clock.later(minutes=5)
    assert "model" not in keys(house), "it was used since"


def test_jobs_that_stand_still(house: House, clock: Clock) -> None:
    well(house)
    note(house, JOB + "retention", timedelta(hours=3), every="3600")
    note(house, JOB + "sweep", timedelta(seconds=30), every="60")
    late = [alarm for alarm in conditions(house, clock.now) if alarm.key.startswith("job")]
    assert [(alarm.key, alarm.confirm) for alarm in late] == [("job:retention", True)], "it may have slept"
    assert values(metrics_text(house))["lyhord_jobs_late"] == 1
    for key, _, every in Daemon(house)._jobs():
        note(house, JOB + key, timedelta(minutes=6), every=str(every))
    late = [alarm for alarm in conditions(house, clock.now) if alarm.key.startswith(("job", "service"))]
    assert [alarm.key for alarm in late] == ["service"], (
        "those that go each minute are not late yet, and all stand still"
    )
    for key in RULES:
        note(house, JOB + key, timedelta(hours=3), every="2")
    found = {alarm.key: alarm.text for alarm in conditions(house, clock.now)}
    assert {alarm.confirm for alarm in conditions(house, clock.now) if alarm.key == "service"} == {True}
    assert found["service"] == "gick senast för 3 timmar sedan"
    assert not [key for key in found if key.startswith("job")]


def test_events_that_were_given_up_are_an_alarm_until_they_are_sent_again(house: House, clock: Clock) -> None:
    """Another system had missed a month of events, and only the page Hälsa said so."""
    house = with_api(house)
    well(house)
    deed = Deed("system", clock.now)
    with house.store.begin() as tx:
        client, _ = add_client(tx, "Appen", [ApiScope.EVENTS_READ], ["*"], 30, house.office, deed)
        hook = add_webhook(tx, client.id, "https://mottagare.example/in", "-", (), house.office, deed)
        tx.add_delivery(Delivery("d1", hook.id, 1, clock.now, clock.now))
        tx.save_delivery(Delivery("d1", hook.id, 1, clock.now, clock.now, attempts=3, error="svarade 503"))
    assert f"webhook:{hook.id}" not in keys(house), "it is tried again by itself"
    assert values(metrics_text(house))["lyhord_webhook_events{dead}"] == 0
    given_up = Delivery("d1", hook.id, 1, clock.now, clock.now, DeliveryState.DEAD, 12, "svarade 503", clock.now)
    with house.store.begin() as tx:
        tx.save_delivery(given_up)
    (alarm,) = (one for one in conditions(house, clock.now) if one.key == f"webhook:{hook.id}")
    said = "en händelse är uppgiven, inga fler väntar; felet är: svarade 503"
    assert (alarm.name, alarm.text) == ("Systemet Appen", said)
    assert [line.text for line in running_lines(house.settings) if line.name == "Systemet Appen"] == [said]
    assert values(metrics_text(house))["lyhord_webhook_events{dead}"] == 1
    assert f"webhook:{hook.id}" not in keys(with_api(house, enabled=False))
    with house.store.begin() as tx:
        send_again(tx, hook.id, clock.now)
    assert f"webhook:{hook.id}" not in keys(house)


def test_another_systems_key_that_ends_is_an_alarm_until_it_is_revoked(house: House, clock: Clock) -> None:
    """A year after it was made the key ended, and with it every event and every answer, in silence."""
    house = with_api(house)
    deed = Deed("system", clock.now)
    with house.store.begin() as tx:
        client, _ = add_client(tx, "Appen", [ApiScope.EVENTS_READ], ["*"], 365, house.office, deed)
    key = f"key:{client.id}"
    clock.later(days=334)
    assert key not in keys(house)
    clock.later(days=1)
    (alarm,) = (one for one in conditions(house, clock.now) if one.key == key)
    assert (alarm.name, alarm.text) == ("Nyckeln för systemet Appen", "slutar gälla den 26 november 2027")
    clock.later(days=31)
    assert key in keys(house)
    with house.store.begin() as tx:
        revoke_client(tx, client.id, Deed("system", clock.now))
    assert key not in keys(house)


def test_copies_that_ceased_or_fail_are_an_alarm(either: House, clock: Clock) -> None:
    """A timer that stopped, or a disk that was full, was told by nobody until the copy was needed."""
    well(either)

    def said() -> str:
        return next((alarm.text for alarm in conditions(either, clock.now) if alarm.key == "backup"), "")

    assert said() == "", "copies are made another way"
    assert "lyhord_backup_age_seconds" not in values(metrics_text(either))
    note_made(either.store, clock.now)
    clock.later(hours=47)
    assert said() == ""
    assert values(metrics_text(either))["lyhord_backup_age_seconds"] == 47 * 3600
    clock.later(hours=2)
    assert said() == "den senaste gjordes för 2 dygn sedan"
    off = replace(either, settings=replace(either.settings, alarms=replace(either.settings.alarms, backup_hours=0)))
    assert not [alarm for alarm in conditions(off, clock.now) if alarm.key == "backup"]
    note_made(either.store, clock.now)
    note_failed(either.store, clock.later(hours=1), LyhordError("Mappen /srv/x finns inte. Är disken monterad?"))
    assert said() == "", "whoever made it by hand tries again"
    note_failed(either.store, clock.later(hours=3), OSError("hemligt"))
    assert said() == "den senaste gjordes för 4 timmar sedan, och försöken har misslyckats i 3 timmar (OSError)"
    assert ("Säkerhetskopiorna", False) in {(line.name, line.ok) for line in health_lines(either)}
    note_made(either.store, clock.now)
    assert said() == ""


def test_a_folder_for_copies_that_holds_none_is_an_alarm(house: House, clock: Clock, tmp_path: Path) -> None:
    """Those an older version made, which noted nothing, are seen in the folder."""
    (tmp_path / "copies").mkdir()
    backup = replace(house.settings.backup, folder=tmp_path / "copies")
    chosen = replace(house, settings=replace(house.settings, backup=backup))
    assert "backup" in keys(chosen)
    made = tmp_path / "copies" / "lyhord-20261126T021500Z.tar.zst.age"
    made.touch()
    os.utime(made, (clock.now.timestamp(), clock.now.timestamp()))
    assert "backup" not in keys(chosen)
    clock.later(hours=49)
    assert "backup" in keys(chosen)


def test_disk_expiries_and_clock(environ: dict[str, str], clock: Clock) -> None:
    settings = load("demo", environ)
    soon = ExpirySettings(id="m365", name="Appens hemlighet", day=date(2026, 12, 20))
    gone = ExpirySettings(id="tls", name="Certifikatet", day=date(2026, 11, 1))
    last = ExpirySettings(id="oidc", name="Inloggningens hemlighet", day=NOW.date())
    far = ExpirySettings(id="x", name="X", day=date(2027, 11, 1))
    changed = replace(
        settings, expiries=(soon, gone, last, far), alarms=replace(settings.alarms, disk_mebibytes=1_000_000_000)
    )
    house = house_of(changed, clock)
    small = SmallHouse(house.store, now=NOW + timedelta(minutes=5))
    small.now, ahead = NOW, small.now
    small.post(a_letter())
    with house.store.begin() as tx:
        raw = tx.raw_to_read(1, ahead)[0]
    engine = open_engine(environ["LYHORD_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(metadata.tables["raw_messages"].update().values(received_at=ahead))
    engine.dispose()
    alarms = {alarm.key: alarm for alarm in conditions(house, NOW)}
    found = {key: alarm.text for key, alarm in alarms.items()}
    assert raw.received_at == NOW
    assert found["clock"] == "går 5 minuter efter e-postservern"
    assert "be den som sköter e-postservern" in alarms["clock"].remedy, "NTP may be on"
    assert found["expiry:m365"] == "slutar gälla den 20 december 2026"
    assert found["expiry:tls"] == "slutade gälla den 1 november 2026"
    assert found["expiry:oidc"] == "slutar gälla i dag, den 26 november 2026"
    assert "expiry:x" not in found
    assert "ledigt" in found["disk"]
    house.store.close()


def test_each_alarm_is_told_once_and_once_when_it_is_over(house: House, clock: Clock) -> None:
    told, on = Told(), [Alarm("disk", "Disken", "full", "Töm.")]
    room = AlarmRoom(house, told, lambda *_: list(on))
    other = AlarmRoom(house, told, lambda *_: list(on))
    for _ in range(3):
        assert room.sweep(clock.later(minutes=1)) == 1
        other.sweep(clock.now)
    on.append(Alarm("outbox", "Utkorgen", "står", "Se."))
    room.sweep(clock.now)
    on.clear()
    for _ in range(2):
        room.sweep(clock.now)
    assert told.said == [(["disk"], []), (["outbox"], []), ([], ["Disken", "Utkorgen"])]
    with house.store.read() as tx:
        assert active_alarms(tx) == {}


def test_what_nobody_heard_is_told_again(house: House, clock: Clock) -> None:
    told, on = Told(), [Alarm("disk", "Disken", "full", "Töm.")]
    room = AlarmRoom(house, told, lambda *_: list(on))
    told.reached = False
    room.sweep(clock.now)
    told.reached = True
    room.sweep(clock.now)
    on.clear()
    told.reached = False
    room.sweep(clock.now)
    told.reached = True
    room.sweep(clock.now)
    room.sweep(clock.now)
    assert told.said == [(["disk"], []), (["disk"], []), ([], ["Disken"]), ([], ["Disken"])]


def test_what_ends_is_told_a_month_and_a_week_before_and_on_its_day(environ: dict[str, str], clock: Clock) -> None:
    """Told a month before and never again, it was forgotten."""
    settings = load("demo", environ)
    one = ExpirySettings(id="m365", name="Appens hemlighet", day=date(2026, 12, 26))
    house, told = house_of(replace(settings, expiries=(one,)), clock), Told()
    room = AlarmRoom(house, told, lambda _house, now: [a for a in conditions(house, now) if a.key == "expiry:m365"])
    days = [day for day in range(35) if [len(told.said), room.sweep(NOW + timedelta(days=day))][0] < len(told.said)]
    assert days == [0, 23, 30, 31]
    assert {tuple(over) for _, over in told.said} == {()}
    house.store.close()


def test_a_database_that_is_gone(house: House, clock: Clock) -> None:
    told, down = Told(), [True]

    def look(*_: object) -> list[Alarm]:
        if down[0]:
            raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))
        return []

    room = AlarmRoom(house, told, look)
    for _ in range(3):
        room.sweep(clock.now)
    down[0] = False
    room.sweep(clock.now)
    room.sweep(clock.now)
    assert told.said == [(["database"], []), ([], ["Databasen"])]


def test_by_mail_and_when_mail_fails_by_webhook(environ: dict[str, str], mail: EmbeddedPost, clock: Clock) -> None:
    fresh = [Alarm("outbox", "Utkorgen", "brev väntar", "Kör lyhord check.")]
    with webhook() as (url, got):
        settings = told_to(load("demo", environ), mail_to=("drift@ekdala.example",), webhook=url)
        house = house_of(settings, clock)
        assert teller(house.settings, clock)(fresh, {}, NOW)
        (stored,) = mail.boxes()["drift@ekdala.example"]
        assert stored.parsed()["Subject"].startswith("Larm: Utkorgen (Lyhörd")
        assert stored.parsed()["Auto-Submitted"] == "auto-generated"
        dead = replace(settings, smtp=replace(settings.smtp, port=1))
        assert teller(dead, clock)((), {"outbox": "Utkorgen"}, NOW)
        nobody = told_to(dead, webhook="")
        assert not teller(nobody, clock)(fresh, {}, NOW)
    assert [one["over"] for one in got] == [[], ["Utkorgen"]]
    assert [one["ended"] for one in got] == [[], [{"key": "outbox", "name": "Utkorgen"}]]
    assert got[0]["alarms"] == [
        {"key": "outbox", "name": "Utkorgen", "text": "brev väntar", "remedy": "Kör lyhord check."}
    ]
    house.store.close()


def test_the_webhook_is_reached_through_the_towns_proxy_under_its_own_issuer(
    environ: dict[str, str], clock: Clock, authority: trustme.CA, ca_file: str
) -> None:
    fresh = [Alarm("outbox", "Utkorgen", "brev väntar", "Kör lyhord check.")]
    with webhook(authority) as (url, got), connect_proxy() as proxy:
        # A name that only the proxy knows.
        named = url.replace("127.0.0.1", HOOK)
        settings = told_to(load("demo", environ), webhook=named, ca_file=Path(ca_file), proxy=proxy.url)
        house = house_of(settings, clock)
        assert teller(house.settings, clock)(fresh, {}, NOW)
        distrusting = told_to(settings, ca_file="")
        assert not teller(distrusting, clock)(fresh, {}, NOW)
    assert len(got) == 1
    assert proxy.asked == [urlsplit(named).netloc] * 2
    house.store.close()


def test_nobody_is_told_where_nobody_is_named(house: House) -> None:
    assert alarm_pass(house, Told())(NOW) == 0
    with house.store.read() as tx:
        assert tx.setting(STATE) == ""
    told = Told()
    named = told_to(house.settings, mail_to=("drift@ekdala.example",))
    sweep = alarm_pass(replace(house, settings=named), told)
    assert (sweep(NOW), told.said) == (0, []), "just started: nothing is judged yet"
    for minutes in (3, 4):
        assert sweep(NOW + timedelta(minutes=minutes)) >= 1
    assert "mailbox:feedback" in told.said[-1][0]
    subject, text = alarm_text((), {"disk": "Disken"}, "Ekdala")
    assert subject == "Åter i ordning: Disken (Lyhörd, Ekdala)"
    assert text == "Disken: åter i ordning.\r\n\r\nDu behöver inte göra något.\r\n"
