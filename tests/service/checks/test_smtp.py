"""What `lyhord check` says of the mail server that takes our letters, and of the network."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from config import Settings
from ingest.address import TlsMode
from ingest.mailbox import ImapMailbox
from service.checks.line import network_fault
from service.checks.mailbox import check_mailbox
from service.checks.smtp import check_smtp
from service.clock_and_ids import utc_now
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from tests.notifier.conftest import Post
from tests.service.checks.test_mailbox import Refusing
from tests.service.conftest import CLOSED, names


def test_smtp_that_is_well_and_sends_nothing(settings: Settings, mail: EmbeddedPost) -> None:
    lines = list(check_smtp(settings.smtp, None))
    assert [(line.name, line.ok) for line in lines] == [("SMTP, anslutning", True), ("SMTP, avsändare", True)]
    assert mail.boxes() == {}


def test_a_closed_port_and_a_missing_starttls(settings: Settings) -> None:
    (closed,) = check_smtp(replace(settings.smtp, port=int(CLOSED)), None)
    assert (closed.ok, closed.text) == (False, "127.0.0.1:1 går inte att nå (ingen lyssnar på porten)")
    assert "brandväggen" in closed.remedy
    (plain,) = check_smtp(replace(settings.smtp, tls="starttls"), None)
    assert "erbjuder inte STARTTLS" in plain.text
    (wrong,) = check_smtp(replace(settings.smtp, tls="tls"), None)
    assert "kom inte överens om kryptering" in wrong.text


def test_an_issuer_that_is_no_certificate_is_named(settings: Settings, tmp_path: Path) -> None:
    """A private key, or a page of the issuer's, laid where its certificate should be; *smtp.tls* was blamed."""
    (tmp_path / "ca.pem").write_text("inget certifikat", encoding="utf-8")
    for file, why in ((tmp_path / "ca.pem", "håller inget certifikat"), (tmp_path / "x.pem", "finns inte")):
        (line,) = check_smtp(replace(settings.smtp, ca_file=file), None)
        assert f"smtp.ca_file = {file} kan inte läsas" in line.text
        assert why in line.text


def test_a_server_that_hangs_up_on_a_wrong_password(settings: Settings) -> None:
    smtp = replace(settings.smtp, login="password", user="ekdala", password=replace(settings.desk.secret, value="fel"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=hang_up_at_auth, args=(listening,))
        answering.start()
        lines = list(check_smtp(replace(smtp, port=listening.getsockname()[1]), None))
        answering.join(10)
    assert lines[-1].text == "servern lade på under inloggningen"
    assert lines[-1].remedy.startswith("Kontrollera smtp.user och hemligheten")


def hang_up_at_auth(listening: socket.socket) -> None:
    """A mail server that offers AUTH and cuts the line at the first try."""
    speaking, _ = listening.accept()
    with speaking, speaking.makefile("rb") as heard:
        speaking.sendall(b"220 prov\r\n")
        heard.readline()
        speaking.sendall(b"250-prov\r\n250 AUTH LOGIN PLAIN\r\n")
        heard.readline()


def test_a_port_that_waits_for_tls_is_told_from_one_that_nobody_answers_at(
    settings: Settings, authority: trustme.CA
) -> None:
    """Ports 993 and 465 greet nobody who comes in clear: a firewall was blamed for a mode mixed up."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    address = mailboxes(settings, utc_now)[0].address
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=greet_over_tls_alone, args=(listening, context))
        answering.start()
        port = listening.getsockname()[1]
        (box,) = check_mailbox(ImapMailbox(replace(address, port=port, timeout=0.1)), 60)
        (smtp,) = check_smtp(replace(settings.smtp, port=port, timeout_seconds=0.1), None)  # type: ignore[arg-type]
        answering.join(10)
    said = f"127.0.0.1:{port} hälsar inte, för den väntar på TLS från början"
    assert (box.text, box.remedy) == (said, 'Skriv tls = "tls" i mailboxes[feedback].')
    assert (smtp.text, smtp.remedy) == (said, 'Skriv smtp.tls = "tls".')


def greet_over_tls_alone(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Four visitors: each check comes in clear, waits, and looks whether it should have spoken TLS."""
    for _ in range(4):
        speaking, _ = listening.accept()
        with speaking, suppress(OSError), context.wrap_socket(speaking, server_side=True) as protected:
            protected.recv(1)


def test_a_mailbox_server_is_no_mail_server(settings: Settings, mail: EmbeddedPost) -> None:
    """What it said was shown as Python has it, in brackets and quotes."""
    (line,) = check_smtp(replace(settings.smtp, port=mail.imap_port), None)
    assert "svarar inte som en SMTP-server (" in line.text
    assert "b'" not in line.text


def test_a_port_that_speaks_no_tls_is_told_so(settings: Settings, mail: EmbeddedPost) -> None:
    (box,) = mailboxes(settings, utc_now)
    (line,) = check_mailbox(ImapMailbox(replace(box.address, tls=TlsMode.TLS)), 60)
    assert "kom inte överens om kryptering" in line.text
    assert line.remedy == "Kontrollera tls i mailboxes[feedback]: port 993 har oftast tls, port 143 starttls."


def test_what_the_network_says_in_words() -> None:
    said = [network_fault(error) for error in (socket.gaierror(-2, "x"), TimeoutError(), OSError(), None)]
    assert said == ["namnet finns inte i DNS", "inget svar i tid", "", ""]


def test_a_name_that_dns_does_not_know_is_not_the_firewalls_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who read *brandväggen* looked for days where a letter of the name was wrong."""
    (box,) = mailboxes(settings, utc_now)
    for code, way_out in ((socket.EAI_NONAME, "getent hosts 127.0.0.1"), (socket.EAI_AGAIN, "/etc/resolv.conf")):

        def unknown(*_asked: object, code: int = code, **_options: object) -> None:
            raise socket.gaierror(code, "x")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        for line in (*check_smtp(settings.smtp, None), *check_mailbox(ImapMailbox(box.address), 60)):
            assert way_out in line.remedy


def test_a_server_of_another_kind_at_the_mailboxes_port_is_told_in_swedish(
    settings: Settings, mail: EmbeddedPost
) -> None:
    (box,) = mailboxes(settings, utc_now)
    (line,) = check_mailbox(ImapMailbox(replace(box.address, port=settings.smtp.port)), 60)
    assert "servern talar inte IMAP utan svarar 220 " in line.text
    assert line.remedy.endswith("993 och 143 är IMAP, medan 465, 587 och 25 är SMTP.")


def test_smtp_with_starttls_and_a_password(settings: Settings, secure_post: Post, ca_file: str) -> None:
    smtp = replace(
        settings.smtp,
        port=secure_post.port,
        tls="starttls",
        ca_file=Path(ca_file),
        login="password",
        user="ekdala",
        password=replace(settings.desk.secret, value="ratt"),
    )
    lines = list(check_smtp(smtp, None))
    assert names(lines, ok=True) == ["SMTP, anslutning", "SMTP, inloggning", "SMTP, avsändare"]
    assert "krypterat med TLSv1." in lines[0].text
    assert secure_post.taken == []

    own = list(check_smtp(replace(smtp, password=replace(settings.desk.secret, value="rätt")), None))
    assert own == lines

    refused = list(check_smtp(replace(smtp, password=replace(settings.desk.secret, value="fel-losenord")), None))
    assert names(refused, ok=False) == ["SMTP, inloggning"]
    assert "svar 535" in refused[-1].text
    assert "fel-losenord" not in "\n".join(map(str, refused))

    (doubting,) = check_smtp(replace(smtp, ca_file=""), None)
    assert "smtp.ca_file" in doubting.remedy

    unprotected = list(check_smtp(replace(smtp, tls="none"), None))
    assert unprotected[-1].remedy == 'Skriv smtp.tls = "starttls".'

    unnamed = list(check_smtp(replace(smtp, login="none"), None))
    assert unnamed[-1].text == "servern kräver inloggning"


def test_smtp_with_a_token(settings: Settings, secure_post: Post, ca_file: str) -> None:
    smtp = replace(settings.smtp, port=secure_post.port, tls="starttls", ca_file=Path(ca_file), login="xoauth2")
    smtp = replace(smtp, user="ekdala")
    lines = list(check_smtp(smtp, lambda: "ratt"))
    assert names(lines, ok=True) == ["SMTP, nyckel", "SMTP, anslutning", "SMTP, inloggning", "SMTP, avsändare"]
    refused = list(check_smtp(smtp, lambda: "en-annan-nyckel"))[-1]
    assert (refused.name, refused.ok) == ("SMTP, inloggning", False)
    assert "en-annan-nyckel" not in str(refused)
    (nothing,) = check_smtp(smtp, Refusing())
    assert (nothing.name, nothing.remedy) == ("SMTP, nyckel", "Kontrollera client_id.")


def test_a_refused_sender_is_told_without_the_address(settings: Settings, secure_post: Post, ca_file: str) -> None:
    secure_post.at_mail = ["550 5.7.1 <feedback@ekdala.example> may not send as that"]
    smtp = replace(settings.smtp, port=secure_post.port, tls="starttls", ca_file=Path(ca_file), login="password")
    smtp = replace(smtp, user="ekdala", password=replace(settings.desk.secret, value="ratt"))
    line = list(check_smtp(smtp, None))[-1]
    assert (line.ok, "svar 550" in line.text) == (False, True)
    assert "feedback@" not in str(line)
