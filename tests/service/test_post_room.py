"""A mail server that takes nothing: told of once, asked seldom, alarmed of within minutes, told of when it is over."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.letters.letter import Letter, LetterKind, OutboxEntry
from notifier.outbox import PassReport
from service.bootstrap import House
from service.demo.servers import EmbeddedPost
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.post_room import Outage, PostRoom
from tests.service.watched import NOW, Clock, clock, house

__all__ = ["clock", "house"]


def queue(house: House, *numbers: int) -> None:
    letter = Letter(LetterKind.SVAR, "sv", "Svar", "Hej", "<p>Hej</p>")
    with house.store.begin() as tx:
        for number in numbers:
            tx.queue(OutboxEntry(f"e{number}", "", "bo@mejl.example", letter, f"<{number}@ekdala.example>", NOW, NOW))


def test_a_night_without_a_mail_server(
    house: House, mail: EmbeddedPost, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """It was tried every other second while letters waited, each time with a line in the log."""
    queue(house, 1, 2, 3)
    gone = replace(house.settings, smtp=replace(house.settings.smtp, port=1))
    room = PostRoom(replace(house, settings=gone))
    tries = 0
    with caplog.at_level(logging.WARNING, "lyhord"):
        for _ in range(11 * 30):
            tries += room.send_due(clock.now).retried
            clock.later(seconds=2)
        assert tries == 11
        (alarm,) = (one for one in conditions(house, clock.now) if one.key == "outbox")
        assert alarm.text.startswith("inget brev har kunnat skickas på 11 minuter (E-postservern 127.0.0.1:1 går inte")
        assert alarm.text in [line.text for line in health_lines(house)]
        room._server = PostRoom(house)._server
        clock.later(minutes=1)
        assert room.send_due(clock.now).sent == 3
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("no letters leave: E-postservern 127.0.0.1:1 går inte att nå")
    assert said[1:] == ["letters leave again, after 11 tries in vain"]
    queue(house, 4)
    assert "outbox" not in {one.key for one in conditions(house, clock.now)}
    assert len(mail.boxes()["bo@mejl.example"]) == 3


def test_the_same_refusal_in_other_words_is_no_news(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Microsoft 365 puts the conversation's own name and the moment into each."""
    outage, refused = (
        Outage(house.store),
        "smtp:587 godtar inte inloggningen: 535 5.7.139 Unsuccessful [{}.OUTLOOK.COM {}]",
    )
    with caplog.at_level(logging.WARNING, "lyhord"):
        for minute, name in enumerate(("GV3P280CA0101", "GVX0EPF0001")):
            down = PassReport(retried=1, server_down=refused.format(name, f"2026-11-28T0{minute}:00:00"))
            outage.heed(down, NOW + timedelta(minutes=minute))
        outage.heed(PassReport(withheld=1), NOW)
        assert len(caplog.records) == 1, "what is withheld tells nothing of the server"
        outage.heed(PassReport(retried=1, server_down="smtp:587 går inte att nå: inget svar i tid"), NOW)
    assert len(caplog.records) == 2


def test_an_outage_noted_before_a_restart_ends_with_the_first_letter(house: House, clock: Clock) -> None:
    Outage(house.store).heed(PassReport(retried=1, server_down="går inte att nå"), NOW)
    clock.later(minutes=20)
    queue(house, 1)
    assert "outbox" in {one.key for one in conditions(house, clock.now)}
    Outage(house.store).heed(PassReport(sent=1), clock.now)
    assert "outbox" not in {one.key for one in conditions(house, clock.now)}
