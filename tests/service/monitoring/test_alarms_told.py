"""No alarm is lost with the service that was telling it, or with a way that does not take it."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import load
from service.bootstrap import House
from service.checks.alarms import check_alarms
from service.demo.servers import EmbeddedPost
from service.demo.smtp_server import Refusals
from service.monitoring.alarm import Alarm
from service.monitoring.alarms import STATE, AlarmRoom, active_alarms
from service.monitoring.alarms_post import teller
from tests.service.watched import NOW, Clock, Told, house_of, told_to, webhook


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
