"""Behind a town's own proxy and issuer: mail in, mail out and tokens go through it, and believe that issuer alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from cases.errors import MailboxError
from config import Settings, load
from config.mail import OAuthSettings
from config.secret import Secret
from ingest.address import MailboxAddress, PasswordLogin, TlsMode
from ingest.mailbox import ImapMailbox
from ingest.oauth import ClientCredentials, tokens_for
from notifier.mime import Identity
from notifier.smtp import SmtpSender, SmtpServer
from notifier.smtp_answers import ServerUnavailable
from service.checks.smtp import check_smtp
from service.clock_and_ids import utc_now
from service.installation.tunnel import dialler
from service.mail_doors import mailboxes, smtp_server
from tests.notifier.conftest import Post, entry
from tests.servers.dovecot import Dovecot
from tests.servers.proxying import ConnectProxy, connect_proxy
from tests.servers.tokens import TokenServer, token_server

NewDovecot = Callable[..., Dovecot]
# Names that only the proxy knows: whoever asked for them by itself would find nothing.
IMAP, SMTP = "imap.kommunen.example", "smtp.kommunen.example"
ME = Identity("Ekdala kommun", "synpunkter@ekdala.example", "synpunkter@ekdala.example")


@pytest.fixture
def proxy() -> Iterator[ConnectProxy]:
    with connect_proxy() as running:
        yield running


@pytest.fixture
def address(authority: trustme.CA, ca_file: str, tmp_path: Path, new_dovecot: NewDovecot) -> MailboxAddress:
    """A mailbox under TLS with a certificate of the town's own issuer."""
    leaf = authority.issue_cert(IMAP)
    leaf.cert_chain_pems[0].write_to_path(str(tmp_path / "imap.pem"))
    leaf.private_key_pem.write_to_path(str(tmp_path / "imap.key"))
    server = new_dovecot(cert=str(tmp_path / "imap.pem"), key=str(tmp_path / "imap.key"))
    plain = server.new_box().address()
    return replace(plain, host=IMAP, port=server.tls_port, tls=TlsMode.TLS, ca_file=ca_file)


@pytest.mark.dovecot
def test_letters_are_fetched_through_the_proxy_under_the_towns_own_issuer(
    address: MailboxAddress, proxy: ConnectProxy
) -> None:
    with ImapMailbox(replace(address, dial=dialler(proxy.url))) as mailbox:
        assert mailbox.can_idle()
    assert proxy.asked == [f"{IMAP}:{address.port}"]
    with pytest.raises(MailboxError, match="certifikat"):
        ImapMailbox(replace(address, dial=dialler(proxy.url), ca_file="")).connect()


def test_letters_leave_through_the_proxy_under_the_towns_own_issuer(
    secure_post: Post, ca_file: str, proxy: ConnectProxy
) -> None:
    server = SmtpServer(
        "localhost", secure_post.port, "starttls", ca_file, "lyhord", lambda: "ratt", timeout=5, dial=dialler(proxy.url)
    )
    with SmtpSender(server, ME, utc_now) as sender:
        sender.send(entry())
    assert (len(secure_post.mails()), proxy.asked) == (1, [f"localhost:{secure_post.port}"])
    with pytest.raises(ServerUnavailable, match="certifikat"):
        SmtpSender(replace(server, ca_file=""), ME, utc_now).send(entry())


def test_mail_is_logged_in_to_with_what_the_files_say_now(environ: dict[str, str], tmp_path: Path) -> None:
    """A new secret was used after a restart alone."""
    file = tmp_path / "hemlig"
    file.write_text("ny")
    secret, settings = Secret("gammal", "", file), load("demo", environ)
    box = replace(settings.mailboxes[0], password=secret)
    smtp = replace(settings.smtp, login="password", user="u1", password=secret)
    login = mailboxes(replace(settings, mailboxes=(box,)))[0].address.login
    assert isinstance(login, PasswordLogin)
    assert (login.password(), smtp_server(smtp).password()) == ("ny", "ny")
    with token_server(tmp_path) as service:
        service.clients["lyhord"] = ("ny", "u1")
        account = OAuthSettings(
            authority=service.authority,
            client_id="lyhord",
            client_secret=secret,
            scope="x",
            ca_file=Path(service.ca_file),
            proxy="",
        )
        mail_by_key = smtp_server(replace(smtp, login="xoauth2", oauth2=account))
        assert mail_by_key.token is not None
        assert mail_by_key.forget is not None
        first = mail_by_key.token()
        mail_by_key.forget()
        assert {first, mail_by_key.token()} == set(service.issued)


def test_tokens_are_fetched_through_the_proxy(tmp_path: Path, proxy: ConnectProxy) -> None:
    with token_server(tmp_path) as service:
        service.clients["lyhord"] = ("en-hemlighet", "u1")
        assert tokens_for(_account(service, proxy.url), "u1", utc_now)() in service.issued
        assert set(proxy.asked) == {service.base.removeprefix("https://")}
        with pytest.raises(MailboxError):
            tokens_for(_account(service, "http://127.0.0.1:9"), "u1", utc_now)()


def test_the_environments_proxy_is_asked_where_the_settings_name_none(
    tmp_path: Path, proxy: ConnectProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with token_server(tmp_path) as service:
        service.clients["lyhord"] = ("en-hemlighet", "u1")
        assert tokens_for(_account(service, ""), "u1", utc_now)() in service.issued
    assert proxy.asked


def _account(service: TokenServer, proxy: str) -> ClientCredentials:
    return ClientCredentials(
        service.authority, "lyhord", lambda: "en-hemlighet", "scope", service.ca_file, timeout=5, proxy=proxy
    )


def test_a_proxy_that_says_no_is_named_with_its_answer() -> None:
    address = MailboxAddress("synpunkter", IMAP, 993, "u", PasswordLogin(lambda: "x"))
    with connect_proxy(refuse=True) as proxy:
        with pytest.raises(MailboxError, match=rf"mellanservern 127\.0\.0\.1:{proxy.port} .*svar 403"):
            ImapMailbox(replace(address, dial=dialler(proxy.url))).connect()
        server = SmtpServer(SMTP, 587, timeout=5, dial=dialler(proxy.url))
        with pytest.raises(ServerUnavailable, match=f"släpper inte fram till {SMTP}:587"):
            SmtpSender(server, ME, utc_now).send(entry())


def test_something_else_than_a_proxy_is_told_as_such(secure_post: Post) -> None:
    dial = dialler(f"http://127.0.0.1:{secure_post.port}")
    assert dial is not None
    with pytest.raises(OSError, match="svarar inte som en sådan"):
        dial(SMTP, 587, 5)


def test_the_settings_keys_reach_what_they_are_for(
    environ: dict[str, str], proxy: ConnectProxy, tmp_path: Path
) -> None:
    """`lyhord check` and the service alike go the way that the file names."""
    file = tmp_path / "lyhord.toml"
    file.write_text(
        f'extends = "demo"\n[[mailboxes]]\nid = "feedback"\nproxy = "{proxy.url}"\n[smtp]\nproxy = "{proxy.url}"\n'
    )
    settings = load(file, environ)
    assert [box.address.dial is not None for box in mailboxes(settings)] == [True]
    assert smtp_server(settings.smtp).dial is not None
    assert all(line.ok for line in check_smtp(settings.smtp, None))
    assert proxy.asked == [f"{settings.smtp.host}:{settings.smtp.port}"]
    assert _undialled(load("demo", environ))


def _undialled(settings: Settings) -> bool:
    return smtp_server(settings.smtp).dial is None and all(box.address.dial is None for box in mailboxes(settings))
