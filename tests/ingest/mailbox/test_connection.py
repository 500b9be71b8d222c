"""Logging in: protected, refused, lost; and what is said of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from cases.errors import LoginRefused, MailboxError
from ingest.address import PasswordLogin, TlsMode
from ingest.connection import ConnectionLost
from ingest.mailbox import ImapMailbox
from tests.ingest.mailbox.letters import letter
from tests.servers.dovecot import Box, Dovecot
from tests.servers.ports import free_port
from tests.servers.talking import talking

pytestmark = pytest.mark.dovecot

NewDovecot = Callable[..., Dovecot]


# The question that follows a log-in, and its answer.
CAPABLE = (None, b"* CAPABILITY IMAP4rev1\r\nT1 OK done\r\n")


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return authority


@pytest.fixture
def secure(authority: trustme.CA, tmp_path: Path, new_dovecot: NewDovecot) -> Dovecot:
    paths = _certificate(authority, tmp_path, "localhost", "127.0.0.1")
    return new_dovecot(cert=paths[0], key=paths[1])


def _certificate(authority: trustme.CA, folder: Path, *names: str) -> tuple[str, str]:
    made = authority.issue_cert(*names)
    cert, key = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
    made.private_key_pem.write_to_path(key)
    return str(cert), str(key)


@pytest.mark.parametrize("mode", [TlsMode.TLS, TlsMode.STARTTLS])
def test_tls_with_the_towns_own_authority(secure: Dovecot, tmp_path: Path, mode: TlsMode) -> None:
    box = secure.new_box()
    box.deliver(letter())
    port = secure.tls_port if mode is TlsMode.TLS else secure.port
    with ImapMailbox(box.address(tls=mode, port=port, ca_file=str(tmp_path / "ca.pem"))) as mailbox:
        assert mailbox.select("INBOX").exists == 1
        assert mailbox.can_idle()
        assert mailbox.move_done([1])
    assert box.messages("Mottagna") == [letter()]


@pytest.mark.parametrize("mode", [TlsMode.TLS, TlsMode.STARTTLS])
def test_an_unknown_authority_is_refused_before_the_password(secure: Dovecot, mode: TlsMode) -> None:
    port = secure.tls_port if mode is TlsMode.TLS else secure.port
    asked: list[str] = []
    login = PasswordLogin(lambda: asked.append("x") or "x")  # type: ignore[func-returns-value]
    mailbox = ImapMailbox(secure.new_box().address(tls=mode, port=port, login=login))
    with pytest.raises(ConnectionLost, match=r"certifikat.*ca_file"):
        mailbox.connect()
    assert asked == []


def test_a_certificate_for_another_name_is_refused(
    authority: trustme.CA, tmp_path: Path, new_dovecot: NewDovecot
) -> None:
    cert, key = _certificate(authority, tmp_path, "annan.example")
    server = new_dovecot(cert=cert, key=key)
    address = server.new_box().address(tls=TlsMode.TLS, port=server.tls_port, ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(ConnectionLost, match="certifikat"):
        ImapMailbox(address).connect()


def test_an_unreadable_ca_file_is_named(box: Box) -> None:
    with pytest.raises(MailboxError, match=r"ca_file = /finns/inte\.pem"):
        ImapMailbox(box.address(tls=TlsMode.TLS, ca_file="/finns/inte.pem")).connect()


def test_starttls_where_the_server_has_none(box: Box) -> None:
    with pytest.raises(MailboxError, match="STARTTLS"):
        ImapMailbox(box.address(tls=TlsMode.STARTTLS)).connect()


def test_a_refused_login_names_the_box_and_no_secret(box: Box) -> None:
    address = box.address(login=PasswordLogin(lambda: "fel-losen"), user="kommunen@post.example")
    with pytest.raises(LoginRefused) as refused:
        ImapMailbox(address).connect()
    said = str(refused.value)
    assert "provlådan" in said
    assert f"{box.server.host}:{box.server.port}" in said
    assert "XOAUTH2" in said
    assert "fel-losen" not in said
    assert "post.example" not in said
    assert "fel-losen" not in repr(address)


def test_a_password_outside_ascii(new_dovecot: NewDovecot) -> None:
    server = new_dovecot(password="lösenörd")
    with ImapMailbox(server.new_box().address(login=PasswordLogin(lambda: "lösenörd"))) as mailbox:
        assert mailbox.select("INBOX").exists == 0
    with pytest.raises(LoginRefused):
        ImapMailbox(server.new_box().address(login=PasswordLogin(lambda: "läsenord"))).connect()


def test_nobody_at_the_port() -> None:
    box = Box(Dovecot(port=free_port()), "u")
    with pytest.raises(ConnectionLost, match=r"provlådan på 127\.0\.0\.1.*ingen lyssnar på porten"):
        ImapMailbox(box.address()).connect()
    box.server.remove()


@pytest.mark.parametrize(
    ("lines", "error", "said"),
    [
        ([b"* OK hej\r\n"], ConnectionLost, "lade på"),
        ([b"garbage\r\n"], ConnectionLost, "talar inte IMAP utan svarar garbage"),
        ([b"* BYE full\r\n"], MailboxError, "servern nekade anslutningen (full)"),
        ([b"* OK hej\r\n", None, b"T1 NO [UNAVAILABLE] later\r\n"], MailboxError, "inte emot inloggningar"),
        ([b"* OK hej\r\n", None, b"T1 NO [AUTHENTICATIONFAILED] no\r\n"], LoginRefused, "nekade inloggningen"),
        # What Exchange says to who asks too often, and what a server says that is about to be upgraded.
        (
            [b"* OK hej\r\n", None, b"* BYE Connection is closed. 13\r\n"],
            ConnectionLost,
            "bröts (Connection is closed. 13)",
        ),
        (
            [b"* OK hej\r\n", None, b"T1 OK done\r\n", *CAPABLE, None, b"* BYE Session is throttled\r\n"],
            ConnectionLost,
            "öppnandet av mappen INBOX bröts (Session is throttled)",
        ),
    ],
)
def test_servers_that_break_off(lines: list[bytes | None], error: type[MailboxError], said: str) -> None:
    with talking(lines) as port:
        box = Box(Dovecot(port=port), "u")
        with pytest.raises(MailboxError) as raised, ImapMailbox(box.address(timeout=5)) as mailbox:
            mailbox.select("INBOX")
        assert type(raised.value) is error
        assert said in str(raised.value)
        box.server.remove()


def test_a_silent_server_is_given_up_after_the_timeout() -> None:
    with talking([b"* OK hej\r\n", None, None]) as port:
        box = Box(Dovecot(port=port), "u")
        with pytest.raises(ConnectionLost, match="inget svar i tid"):
            ImapMailbox(box.address(timeout=0.2)).connect()
        box.server.remove()


def test_closing_twice_and_closing_a_dead_connection(new_dovecot: NewDovecot) -> None:
    server = new_dovecot()
    mailbox = ImapMailbox(server.new_box().address())
    mailbox.connect()
    server.stop()
    mailbox.close()
    mailbox.close()
