"""A mail server that takes nothing: told of once, asked seldom, alarmed of within minutes, told of when it is over."""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from cases.letters.letter import Letter, LetterKind, OutboxEntry
from config.mail import OAuthSettings
from config.secret import Secret
from notifier.pass_report import PassReport
from service.bootstrap import House
from service.demo.servers import EmbeddedPost
from service.monitoring.conditions import conditions
from service.monitoring.health import health_lines
from service.post_room import LOG, MailOutage, PostRoom
from tests.notifier.conftest import Handler, Post
from tests.servers.tokens import TokenServer, token_server
from tests.service.watched import NOW, Clock


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
        MailOutage(house.store),
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


@pytest.fixture
def by_key(
    house: House, secure_post: Post, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[House, TokenServer]]:
    """The house whose mail server wants XOAUTH2, and the service that gives it keys."""
    with token_server(tmp_path) as service:
        service.clients["lyhord"] = ("en-hemlighet", "u1")

        async def knows(_handler: Handler, _server: object, args: list[str]) -> AuthResult:
            said = base64.b64decode(args[1]).decode()
            return AuthResult(success=any(f"Bearer {key}\1" in said for key in service.issued), handled=False)

        monkeypatch.setattr(Handler, "auth_XOAUTH2", knows)
        oauth2 = OAuthSettings(
            authority=service.authority,
            client_id="lyhord",
            client_secret=Secret("en-hemlighet"),
            scope="x/.default",
            ca_file=Path(service.ca_file),
            proxy="",
        )
        smtp = replace(
            house.settings.smtp,
            host="127.0.0.1",
            port=secure_post.port,
            tls="starttls",
            ca_file=Path(ca_file),
            login="xoauth2",
            user="u1",
            oauth2=oauth2,
        )
        yield replace(house, settings=replace(house.settings, smtp=smtp)), service


def minutes(room: PostRoom, clock: Clock, count: int) -> int:
    """How many letters left in so many minutes of passes."""
    sent = 0
    for _ in range(count * 2):
        sent += room.send_due(clock.later(seconds=30)).sent
    return sent


def test_letters_wait_for_a_key_and_leave_once(
    by_key: tuple[House, TokenServer], secure_post: Post, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The key service is down for a while; later all keys are withdrawn while a letter is handed over."""
    house, service = by_key
    room = PostRoom(house)
    queue(house, 1, 2)
    service.trouble = (503, "<html>stängt</html>")
    with caplog.at_level(logging.WARNING):
        assert minutes(room, clock, 12) == 0
        (alarm,) = (one for one in conditions(house, clock.now) if one.key == "outbox")
        assert f"({service.authority} kan inte nås" in alarm.text or service.authority in alarm.text
        service.trouble = None
        assert minutes(room, clock, 2) == 2
        queue(house, 3, 4)
        secure_post.at_data += ["ok", "530 5.7.57 Client not authenticated"]
        assert room.send_due(clock.now).sent == 1
        service.revoke_all()
        assert minutes(room, clock, 4) == 1
    begins = [record.getMessage().partition(":")[0] for record in caplog.records if record.name == LOG.name]
    ends = "letters leave again, after {} tries in vain"
    assert begins == ["no letters leave", ends.format(12), "no letters leave", "no letters leave", ends.format(2)]
    sent = [mail["Message-ID"] for mail in secure_post.mails()]
    assert sent == [f"<{number}@ekdala.example>" for number in (1, 2, 3, 4)]
    assert "outbox" not in {one.key for one in conditions(house, clock.now)}


def test_an_outage_noted_before_a_restart_ends_with_the_first_letter(house: House, clock: Clock) -> None:
    MailOutage(house.store).heed(PassReport(retried=1, server_down="går inte att nå"), NOW)
    clock.later(minutes=20)
    queue(house, 1)
    assert "outbox" in {one.key for one in conditions(house, clock.now)}
    MailOutage(house.store).heed(PassReport(sent=1), clock.now)
    assert "outbox" not in {one.key for one in conditions(house, clock.now)}
