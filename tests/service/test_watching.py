"""Figures, readiness, alarms, the probe letter and `lyhord doctor`, with real mail servers and both databases."""

import json
import logging
import os
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import trustme
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cases.case import Channel, Party
from cases.errors import DeliveryError, LyhordError
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import PromiseKind
from cases.steps.by_hand import Spoken, enter
from cases.steps.suggest import meet, postponed
from cases.store.views import ListFilter, ListKind
from config import Settings, load
from config.operation import AlarmSettings, ExpirySettings, ProbeSettings
from desk.external.watching import WatchMiddleware, WatchSettings
from ingest.poller import poll_once
from service import logs
from service.bootstrap import House, build, reader
from service.checks.copies import note_failed, note_made
from service.cli import main
from service.commands.doctor import running_lines, tell
from service.demo.servers import OWN_MAILBOX, EmbeddedPost
from service.jobs import JOB, RULES
from service.mail_doors import mailboxes
from service.monitoring.alarms import STATE, AlarmRoom, active_alarms, alarm_pass
from service.monitoring.alarms_post import alarm_text, teller
from service.monitoring.conditions import Alarm, conditions
from service.monitoring.health import health_lines
from service.monitoring.metrics import metrics_text, readiness, watch_settings
from service.monitoring.probe import ProbeRoom, probe_late, probe_pass, probe_state
from service.notes import LAST_PASS, MAILBOX_STATE
from service.post_room import PostRoom
from service.stages import Stages
from storage import migrate
from storage.database.engine import open_engine
from storage.queries.watch import remove_wholly
from storage.tables.columns import metadata
from tests.servers.proxying import connect_proxy
from tests.steps.house import ScriptedModel, SmallHouse
from tests.steps.house import mail as a_letter

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
HOOK = "larm.kommunen.example"
PROBE = ProbeSettings(enabled=True, from_address="noreply-prov@ekdala.example", every_minutes=60, within_minutes=15)


class Clock:
    """A clock one turns."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def house_of(settings: Settings, clock: Clock) -> House:
    house = build(settings, clock=clock)
    return replace(house, stages=Stages(house.store, house.office, reader(settings), ScriptedModel))


@pytest.fixture
def house(environ: dict[str, str], clock: Clock) -> Iterator[House]:
    made = house_of(load("demo", environ), clock)
    yield made
    made.store.close()


@pytest.fixture
def either(environ: dict[str, str], database_url: str, clock: Clock) -> Iterator[House]:
    """On SQLite and on PostgreSQL."""
    made = house_of(load("demo", environ | {"LYHORD_DATABASE_URL": database_url}), clock)
    yield made
    made.store.close()


def note(house: House, key: str, ago: timedelta, **more: str) -> None:
    at = (house.clock() - ago).isoformat()
    with house.store.begin() as tx:
        tx.save_setting(key, json.dumps({"at": at, "error": "", **more}))


def well(house: House) -> None:
    """The daemon has just read the mailbox."""
    at = house.clock().isoformat()
    note(house, MAILBOX_STATE + "feedback", timedelta(), state="ok", read=at)


def values(text: bytes) -> dict[str, float]:
    """``name{label}`` to value."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_figures(either: House, clock: Clock) -> None:
    small = SmallHouse(either.store, now=NOW - timedelta(hours=2))
    small.receive(a_letter())
    small.post(a_letter(message_id="<m2@mejl.example>"))
    note(either, LAST_PASS + "sweep", timedelta(seconds=30))
    note(either, LAST_PASS + "send", timedelta(seconds=30), error="OperationalError")
    read = (clock.now - timedelta(seconds=90)).isoformat()
    note(either, MAILBOX_STATE + "feedback", timedelta(seconds=5), state="refused", read=read)
    text = metrics_text(either)
    found = values(text)
    assert {name: found[name] for name in _FIGURES} == _FIGURES
    clock.later(days=20)
    assert values(metrics_text(either))["lyhord_promises{late}"] > 0
    assert not any(word in text.decode() for word in ("berit", "mejl.example", "EK-2026", "@"))


def test_a_promise_that_nobody_waits_for_is_not_late(either: House, clock: Clock) -> None:
    """A later day that was told stands for the first, and no receipt goes to who left no address."""
    small = SmallHouse(either.store, now=NOW)
    told = Spoken(Channel.PHONE, Party("Berit Alm"), "Lampan", "Den är trasig.", NOW)
    with either.store.begin() as tx:
        case = enter(tx, told, small.registrator, small.office, NOW)
        case = tx.save_case(meet(case, PromiseKind.STATUS, NOW))
        tx.save_case(postponed(case, date(2026, 12, 20)))
    clock.later(days=10)
    assert values(metrics_text(either))["lyhord_promises{late}"] == 0
    clock.later(days=20)
    assert values(metrics_text(either))["lyhord_promises{late}"] == 1


_FIGURES = {
    "lyhord_letters_in_total": 2,
    "lyhord_lag_seconds{read}": 7200,
    "lyhord_lag_seconds{suggest}": 0,
    "lyhord_outbox_letters{queued}": 2,
    "lyhord_outbox_letters{sent}": 0,
    "lyhord_open_cases": 1,
    "lyhord_promises{late}": 0,
    "lyhord_daemon_age_seconds": 30,
    "lyhord_mailbox_poll_age_seconds{feedback}": 90,
    "lyhord_pass_failed{send}": 1,
    "lyhord_pass_failed{read}": 0,
    "lyhord_alarms": 0,
    "lyhord_quarantined_letters": 0,
}


# The three addresses


def asked(path: str, settings: WatchSettings, *, address: str = "192.0.2.9", **headers: str) -> tuple[int, str]:
    app = WatchMiddleware(Starlette(), settings)
    with TestClient(app, client=(address, 5000)) as client:
        answer = client.get(path, headers=headers)
        return answer.status_code, answer.text


def test_who_may_read_the_figures() -> None:
    closed = WatchSettings(dict, lambda: b"x 1\n", "text/plain")
    open_to = replace(closed, networks=("192.0.2.0/28",), token="hemlig-nyckel")
    assert asked("/metrics", closed)[0] == 404
    assert asked("/metrics", closed, authorization="Bearer ")[0] == 404
    assert asked("/metrics", open_to) == (200, "x 1\n")
    assert asked("/metrics", open_to, address="198.51.100.1")[0] == 404
    assert asked("/metrics", open_to, address="198.51.100.1", authorization="Bearer fel")[0] == 404
    assert asked("/metrics", open_to, address="198.51.100.1", authorization="Bearer hemlig-nyckel")[0] == 200
    assert asked("/metrics", open_to, address="testclient")[0] == 404
    assert asked("/annat", open_to)[0] == 404


def test_alive_and_ready(house: House, environ: dict[str, str], tmp_path: Path) -> None:
    watch = watch_settings(house)
    assert asked("/healthz", watch) == (200, "ok\n")
    status, text = asked("/readyz", watch)
    assert (status, json.loads(text)) == (200, {"ready": True, "database": True, "migrations": True, "model": True})
    bare = build(load("demo", environ | {"LYHORD_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}))
    assert readiness(bare) | {"model": True} == {"database": True, "migrations": False, "model": True}
    bare.store.close()
    lost = build(load("demo", environ | {"LYHORD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}))
    status, text = asked("/readyz", watch_settings(lost))
    assert (status, json.loads(text)["database"]) == (503, False)
    assert asked("/healthz", watch_settings(lost))[0] == 200


# Alarms


class Told:
    """Remembers what was told; ``reached`` is whether anybody was there."""

    def __init__(self) -> None:
        self.reached = True
        self.said: list[tuple[list[str], list[str]]] = []

    def __call__(self, fresh: Sequence[Alarm], over: Sequence[str], _now: datetime) -> bool:
        self.said.append(([alarm.key for alarm in fresh], list(over)))
        return self.reached


def keys(house: House) -> set[str]:
    return {alarm.key for alarm in conditions(house, house.clock())}


def test_what_is_an_alarm(either: House, clock: Clock) -> None:
    assert "mailbox:feedback" in keys(either), "never read"
    well(either)
    assert keys(either) <= {"clock", "disk"}
    note(either, MAILBOX_STATE + "feedback", timedelta(), state="refused", read=NOW.isoformat())
    assert "mailbox:feedback" not in keys(either), "failed just now, read a moment ago"
    small = SmallHouse(either.store, now=NOW)
    small.post(a_letter())
    clock.later(minutes=31)
    assert "queue" in keys(either)
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


def test_jobs_that_stand_still(house: House, clock: Clock) -> None:
    well(house)
    note(house, JOB + "retention", timedelta(hours=3), every="3600")
    note(house, JOB + "sweep", timedelta(seconds=30), every="60")
    assert {key for key in keys(house) if key.startswith("job")} == {"job:retention"}
    assert values(metrics_text(house))["lyhord_jobs_late"] == 1
    for key in RULES:
        note(house, JOB + key, timedelta(hours=3), every="2")
    found = {alarm.key: alarm.text for alarm in conditions(house, clock.now)}
    assert found["service"] == "gick senast för 3 timmar sedan"
    assert not [key for key in found if key.startswith("job")]


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
    far = ExpirySettings(id="x", name="X", day=date(2027, 11, 1))
    changed = replace(
        settings, expiries=(soon, gone, far), alarms=replace(settings.alarms, disk_mebibytes=1_000_000_000)
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
    found = {alarm.key: alarm.text for alarm in conditions(house, NOW)}
    assert raw.received_at == NOW
    assert found["clock"] == "går 5 minuter fel mot e-postservern"
    assert found["expiry:m365"] == "slutar gälla den 20 december 2026"
    assert found["expiry:tls"] == "slutade gälla den 1 november 2026"
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


@contextmanager
def webhook(authority: trustme.CA | None = None) -> Iterator[tuple[str, list[dict[str, object]]]]:
    got: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(HOOK).configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http{'s' if authority else ''}://127.0.0.1:{server.server_port}/larm", got
        finally:
            server.shutdown()
            thread.join()


def told_to(settings: Settings, **chosen: object) -> Settings:
    alarms: AlarmSettings = replace(settings.alarms, **chosen)  # type: ignore[arg-type]
    return replace(settings, alarms=alarms)


def test_by_mail_and_when_mail_fails_by_webhook(environ: dict[str, str], mail: EmbeddedPost, clock: Clock) -> None:
    fresh = [Alarm("outbox", "Utkorgen", "brev väntar", "Kör lyhord check.")]
    with webhook() as (url, got):
        settings = told_to(load("demo", environ), mail_to=("drift@ekdala.example",), webhook=url)
        house = house_of(settings, clock)
        assert teller(house.settings, clock)(fresh, (), NOW)
        (stored,) = mail.boxes()["drift@ekdala.example"]
        assert stored.parsed()["Subject"].startswith("Larm: Utkorgen (Lyhörd")
        assert stored.parsed()["Auto-Submitted"] == "auto-generated"
        dead = replace(settings, smtp=replace(settings.smtp, port=1))
        assert teller(dead, clock)((), ["Utkorgen"], NOW)
        nobody = told_to(dead, webhook="")
        assert not teller(nobody, clock)(fresh, (), NOW)
    assert [one["over"] for one in got] == [[], ["Utkorgen"]]
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
        assert teller(house.settings, clock)(fresh, (), NOW)
        distrusting = told_to(settings, ca_file="")
        assert not teller(distrusting, clock)(fresh, (), NOW)
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
    subject, text = alarm_text((), ["Disken"], "Ekdala")
    assert subject == "Åter i ordning: Disken (Lyhörd, Ekdala)"
    assert text == "Disken: åter i ordning.\r\n\r\nDu behöver inte göra något.\r\n"


# The probe letter


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as opened:
        yield opened


@pytest.fixture
def probing(environ: dict[str, str], post: EmbeddedPost, clock: Clock) -> Iterator[House]:
    made = probing_at(environ, post, environ["LYHORD_DATABASE_URL"], clock)
    yield made
    made.store.close()


@pytest.fixture
def probing_either(environ: dict[str, str], post: EmbeddedPost, database_url: str, clock: Clock) -> Iterator[House]:
    made = probing_at(environ, post, database_url, clock)
    yield made
    made.store.close()


def probing_at(environ: dict[str, str], post: EmbeddedPost, url: str, clock: Clock) -> House:
    ports = {"LYHORD_IMAP_PORT": str(post.imap_port), "LYHORD_SMTP_PORT": str(post.smtp_port)}
    settings = load("demo", environ | ports | {"LYHORD_DATABASE_URL": url})
    return house_of(replace(settings, probe=PROBE), clock)


def fetch(house: House) -> None:
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        poll_once(box, house.store, now=house.clock(), new_id=house.new_id)
    house.stages.read(house.clock())
    house.stages.suggest(house.clock())


def in_mailbox(house: House, folder: str) -> int:
    (box,) = mailboxes(house.settings, house.clock)
    with box:
        return box.select(folder).exists


def rows(house: House) -> dict[str, int]:
    engine = open_engine(house.settings.database.url.reveal())
    with engine.connect() as connection:
        count = sa.func.count()
        found = {
            table.name: connection.execute(sa.select(count).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in ("settings", "counters", "event_feed")
        }
    engine.dispose()
    return {name: number for name, number in found.items() if number}


def test_a_probe_becomes_a_case_and_leaves_nothing(probing_either: House, post: EmbeddedPost, clock: Clock) -> None:
    sweep = probe_pass(probing_either)
    assert sweep(clock.now) == 0
    fetch(probing_either)
    with probing_either.store.read() as tx:
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        kinds = [entry.letter.kind for entry in tx.letters_of(line.id)]
        assert kinds == [LetterKind.TILL_REGISTRATOR], "no receipt, and that one is held"
    PostRoom(probing_either).send_due(clock.now + timedelta(days=4))
    done = probing_either.settings.mailboxes[0].done
    assert in_mailbox(probing_either, done) == 1
    assert sweep(clock.later(minutes=1)) == 1
    assert in_mailbox(probing_either, done) == 0, "one an hour had piled up there"
    assert rows(probing_either) == {"raw_messages": 1}, "that it was fetched, so that it is never fetched again"
    assert not post.boxes(), "nobody was mailed"
    assert values(metrics_text(probing_either))["lyhord_letters_in_total"] == 0
    with probing_either.store.read() as tx:
        assert not probe_late(tx, PROBE, clock.later(minutes=30))
        first = probe_state(tx)["message_id"]
        assert not tx.search("provbrev", SYSTEM)
    assert sweep(clock.now) == 0
    sweep(clock.later(minutes=30))
    with probing_either.store.read() as tx:
        assert probe_state(tx)["message_id"] != first, "the next one, an hour after"


def test_a_probe_that_does_not_come(probing: House, clock: Clock) -> None:
    well(probing)
    probe_pass(probing)(clock.now)
    assert "probe" not in keys(probing)
    clock.later(minutes=16)
    assert "probe" in keys(probing)
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1
    assert "probe" not in keys(probing), "it came at last"


def test_a_probe_that_another_machine_sends_meanwhile_is_not_forgotten(
    probing: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_pass(probing)(clock.now)
    fetch(probing)

    def and_another_sends(engine: sa.Engine, case_id: str) -> bool:
        monkeypatch.setattr("service.monitoring.probe.remove_wholly", remove_wholly)
        done = remove_wholly(engine, case_id)
        assert probe_pass(probing)(clock.later(hours=1)) == 0
        return done

    monkeypatch.setattr("service.monitoring.probe.remove_wholly", and_another_sends)
    assert probe_pass(probing)(clock.now) == 1
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1, "the other's, which would have become a case like any other"


def test_a_probe_that_cannot_be_sent_is_missed(probing: House, clock: Clock) -> None:
    down = replace(probing.settings, smtp=replace(probing.settings.smtp, port=1))
    probe_pass(replace(probing, settings=down))(clock.now)
    with probing.store.read() as tx:
        assert probe_late(tx, PROBE, clock.later(minutes=16))


def test_the_next_ones_sending_does_not_end_the_alarm_that_none_came(probing: House, clock: Clock) -> None:
    """Each hour it was told that all was well, and a quarter later that it was not."""
    well(probing)
    room = ProbeRoom(probing, lambda *_: "")
    room.sweep(clock.now)
    with probing.store.read() as tx:
        first = probe_state(tx)["message_id"]
    room.sweep(clock.later(hours=1))
    found = {alarm.key: alarm.text for alarm in conditions(probing, clock.later(minutes=1))}
    assert found["probe"] == "det senaste skickades för 1 minut sedan och har inte blivit ett ärende"
    with probing.store.read() as tx:
        assert probe_state(tx)["message_id"] != first
    probe_pass(probing)(clock.later(hours=1))
    fetch(probing)
    assert probe_pass(probing)(clock.now) == 1
    assert "probe" not in keys(probing)


@pytest.mark.parametrize(("retryable", "minutes"), [(True, 5), (False, 60)])
def test_one_that_the_server_does_not_take_is_told_as_that_and_sent_again(
    probing: House, clock: Clock, retryable: bool, minutes: int
) -> None:
    """A server that was away for a minute was an hour's alarm; one that refuses is not asked time and again."""
    well(probing)
    answers = [DeliveryError("Brevet avvisades: nej.", retryable=retryable), None]

    def post(*_: object) -> str:
        if error := answers.pop(0):
            raise error
        return ""

    room = ProbeRoom(probing, post)
    room.sweep(clock.now)
    assert [len(answers), room.sweep(clock.later(minutes=minutes - 1)), len(answers)] == [1, 0, 1]
    found = {alarm.key: alarm for alarm in conditions(probing, NOW + timedelta(minutes=16))}
    assert found["probe"].text == "det senaste provbrevet kunde inte skickas (Brevet avvisades: nej)"
    assert PROBE.from_address in found["probe"].remedy
    room.sweep(clock.later(minutes=1))
    assert not answers
    with probing.store.read() as tx:
        assert json.loads(probe_state(tx)["pending"]) == [probe_state(tx)["message_id"]]


def test_a_daemon_killed_while_it_takes_a_probe_away_says_that_it_came(
    probing: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_pass(probing)(clock.now)
    fetch(probing)

    def and_is_killed(engine: sa.Engine, case_id: str) -> bool:
        remove_wholly(engine, case_id)
        raise KeyboardInterrupt

    monkeypatch.setattr("service.monitoring.probe.remove_wholly", and_is_killed)
    with pytest.raises(KeyboardInterrupt):
        probe_pass(probing)(clock.now)
    monkeypatch.setattr("service.monitoring.probe.remove_wholly", remove_wholly)
    assert probe_pass(probing)(clock.now) == 0
    assert "probe" not in {alarm.key for alarm in conditions(probing, clock.later(minutes=16))}


def test_no_other_mail_is_removed_with_the_probe(probing: House, post: EmbeddedPost, clock: Clock) -> None:
    """One that says to be from the same address stays, and so do all where the mailbox is away just then."""
    forged = a_letter(sender=PROBE.from_address, message_id="<prov-0@ekdala.example>", to=OWN_MAILBOX)
    post.deliver(forged, envelope_from=PROBE.from_address)
    post.deliver(a_letter(message_id="<m1@mejl.example>"))
    done, box = probing.settings.mailboxes[0].done, probing.settings.mailboxes[0]
    away = replace(probing, settings=replace(probing.settings, mailboxes=(replace(box, port=1),)))
    probe_pass(probing)(clock.now)
    fetch(probing)
    assert probe_pass(away)(clock.later(minutes=1)) == 1
    assert in_mailbox(probing, done) == 3
    probe_pass(probing)(clock.later(hours=1))
    fetch(probing)
    assert probe_pass(probing)(clock.later(minutes=1)) == 1
    assert in_mailbox(probing, done) == 2, "both probes, this one's and the one before"


def test_nobody_else_can_have_a_case_taken_away(probing: House, post: EmbeddedPost, clock: Clock) -> None:
    """A letter from the probe's own address, or with a guessed id, is a letter like any other."""
    sent: list[bytes] = []

    def keep(content: bytes, _to: str) -> str:
        sent.append(content)
        return ""

    room = ProbeRoom(probing, keep)
    room.sweep(clock.now)
    forged = a_letter(sender=PROBE.from_address, message_id="<prov-0@ekdala.example>", to=OWN_MAILBOX)
    post.deliver(forged, envelope_from=PROBE.from_address)
    fetch(probing)
    assert room.sweep(clock.later(minutes=1)) == 0
    assert rows(probing)["cases"] == 1
    # Nor is a case taken away that holds a citizen's reply beside the probe.
    post.deliver(sent[0], envelope_from=PROBE.from_address)
    fetch(probing)
    with probing.store.read() as tx:
        probe_id = probe_state(tx)["message_id"]
    post.deliver(a_letter("Jag med!", message_id="<svar@mejl.example>", In_Reply_To=probe_id))
    fetch(probing)
    assert room.sweep(clock.now) == 0
    assert rows(probing)["cases"] == 2


def test_off_by_default(house: House) -> None:
    assert not house.settings.probe.enabled
    assert probe_pass(house)(NOW) == 0
    with house.store.read() as tx:
        assert probe_state(tx) == {}


# Doctor and log


def test_doctor_tells_symptom_cause_and_cure(house: House, clock: Clock) -> None:
    well(house)
    note(house, LAST_PASS + "sweep", timedelta())
    SmallHouse(house.store, now=NOW).post(a_letter())
    clock.later(minutes=31)
    with house.store.begin() as tx:
        tx.save_setting("restore:state", json.dumps({"taken_at": "x", "restored_at": "y", "recovered_at": ""}))
        on = {"queue": {"name": "Inkomna brev", "text": "x", "since": "2026-11-26T09:31:00+00:00", "told": "yes"}}
        tx.save_setting(STATE, json.dumps(on))
    lines = [line for line in running_lines(house.settings) if not line.ok]
    assert any(line.text.endswith(", larmat sedan den 26 november 2026 kl. 10.31") for line in lines)
    found = {line.name: line for line in lines}
    assert len(found) == len(lines), "each once, though health and alarms see the same"
    assert "väntat i" in found["Inkomna brev"].text
    assert found["Återställningen"].remedy.startswith("Kör lyhord mailbox recover")
    assert all(line.remedy for line in found.values())


def test_doctor_says_that_upgrades_are_lacking(house: House) -> None:
    migrate.downgrade(house.settings.database.url.reveal(), "0009_public_and_api")
    (line,) = running_lines(house.settings)
    assert (line.name, line.remedy) == ("Databasen, version", "Kör lyhord db upgrade.")


def test_the_command(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "-c", "demo", "--quick"]) == 1
    said = capsys.readouterr().out
    assert "Tjänsten: har aldrig gått" in said
    assert "Gör så här: " in said
    monkeypatch.setenv("LYHORD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert main(["doctor", "-c", "demo", "--quick"]) == 1
    monkeypatch.delenv("LYHORD_DESK_SECRET")
    assert main(["doctor", "-c", "demo", "--quick"]) == 1


def test_doctor_alarms_of_a_database_that_is_gone(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that was not mounted was told as nothing wrong; a service that cannot start on it tells nobody."""
    gone = tmp_path / "gone" / "lyhord.sqlite"
    with webhook() as (url, got):
        settings = told_to(load("demo", environ | {"LYHORD_DATABASE_URL": f"sqlite:///{gone}"}), webhook=url)
        assert tell(list(running_lines(settings, alarm=True))) == 1
    assert f"mappen {gone.parent} finns inte" in capsys.readouterr().out
    assert len(got) == 1
    assert "'name': 'Databasen, fil'" in str(got)
    assert not gone.parent.exists()


def test_what_fails_each_second_is_told_once_in_a_while() -> None:
    """A damaged model wrote thirty lines every other second, a night without database some hundred thousand."""
    seldom = logs.Seldom()
    assert [second for second in range(700) if seldom.tells("suggest", "BadZipFile", second)] == [0, 300, 600]
    assert seldom.tells("read", "BadZipFile", 700)
    assert seldom.tells("suggest", "MemoryError", 700)
    assert not seldom.tells("suggest", "", 701)
    assert seldom.tells("suggest", "MemoryError", 702), "it has gone well in between"
    assert not seldom.tells("send", "", 0)


def test_the_log_as_text_tells_where_an_error_came_from_and_not_what_it_quotes() -> None:
    letter = "Berit Alm skrev"
    with pytest.raises(ValueError, match=letter) as raised:
        int(letter)
    told = (raised.type, raised.value, raised.tb)
    line = logs.TextLines().format(logging.LogRecord("x", logging.ERROR, "a.py", 3, "pass failed", (), told))
    assert line.endswith("ValueError")
    assert __file__ in line
    assert letter not in line


def test_the_log_as_json_tells_no_errors_text() -> None:
    record = logging.LogRecord("lyhord.x", logging.ERROR, "a.py", 3, "pass %s failed", ("read",), None)
    told = json.loads(logs.JsonLines().format(record))
    assert {k: told[k] for k in ("level", "logger", "message")} == {
        "level": "error", "logger": "lyhord.x", "message": "pass read failed",
    }  # fmt: skip
    record.exc_info = (ValueError, ValueError("Berit Alm skrev"), None)
    line = logs.JsonLines().format(record)
    assert json.loads(line)["error"] == "ValueError"
    assert "Berit" not in line
    root = logging.getLogger()
    before = [(handler, handler.formatter) for handler in root.handlers]
    logs.use("json")
    assert all(isinstance(handler.formatter, logs.JsonLines) for handler in root.handlers)
    for handler, formatter in before:
        handler.setFormatter(formatter)
