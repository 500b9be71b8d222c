"""Tokens are fetched, kept and renewed; Dovecot asks the token service about each and lets us in."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cases.errors import LoginRefused, MailboxError
from ingest.address import MailboxAddress, TlsMode, TokenLogin
from ingest.mailbox import ImapMailbox
from ingest.oauth import ClientCredentials, Tokens, tokens_for
from tests.ingest.mailbox.letters import letter
from tests.servers.dovecot import Box, Dovecot
from tests.servers.talking import talking
from tests.servers.tokens import TokenServer, token_server

NewDovecot = Callable[..., Dovecot]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "lyhord@projekt.iam.example"


class Clock:
    """A clock that is set by hand; it starts at the real time, since assertions are dated."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TokenServer]:
    with token_server(tmp_path) as server:
        server.clients["lyhord"] = ("en-hemlighet", "u1")
        yield server


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    """Private and public PEM of a service account."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def credentials(service: TokenServer, secret: str = "en-hemlighet") -> ClientCredentials:
    scope = "https://outlook.office365.com/.default"
    return ClientCredentials(service.authority, "lyhord", lambda: secret, scope, ca_file=service.ca_file, timeout=5)


def key_file(service: TokenServer, private: str) -> str:
    parts = {"client_email": ACCOUNT, "private_key": private, "private_key_id": "k1", "token_uri": service.token_uri}
    return json.dumps({"type": "service_account", **parts})


def test_a_token_by_client_credentials(service: TokenServer, clock: Clock) -> None:
    token = tokens_for(credentials(service), "u1", clock)()
    assert service.issued == {token: "u1"}
    (asked,) = service.asked
    assert asked["grant_type"] == "client_credentials"
    assert asked["scope"] == "https://outlook.office365.com/.default"


def test_a_token_is_kept_until_shortly_before_it_expires(service: TokenServer, clock: Clock) -> None:
    tokens = tokens_for(credentials(service), "u1", clock)
    first = tokens()
    clock.now += timedelta(minutes=54)
    assert tokens() == first
    clock.now += timedelta(minutes=1)
    assert tokens() != first
    assert len(service.asked) == 2


def test_a_short_lived_token_is_kept_for_half_its_life(service: TokenServer, clock: Clock) -> None:
    service.lifetime = 120
    tokens = tokens_for(credentials(service), "u1", clock)
    first = tokens()
    clock.now += timedelta(seconds=59)
    assert tokens() == first
    clock.now += timedelta(seconds=1)
    assert tokens() != first


def test_a_forgotten_token_is_fetched_anew(service: TokenServer, clock: Clock) -> None:
    tokens = tokens_for(credentials(service), "u1", clock)
    first = tokens()
    tokens.forget()
    assert tokens() != first


def test_a_renewed_secret_is_seen(service: TokenServer, clock: Clock) -> None:
    secret = ["gammal"]
    account = ClientCredentials(service.authority, "lyhord", lambda: secret[0], "x/.default", ca_file=service.ca_file)
    tokens = tokens_for(account, "u1", clock)
    with pytest.raises(LoginRefused):
        tokens()
    secret[0] = "en-hemlighet"
    assert tokens() in service.issued


def test_a_wrong_secret_is_refused_with_the_number_and_without_the_secret(service: TokenServer, clock: Clock) -> None:
    with pytest.raises(LoginRefused, match=r"invalid_client, AADSTS7000215.*client_secret") as refused:
        tokens_for(credentials(service, "fel-hemlighet"), "u1", clock)()
    assert "fel-hemlighet" not in str(refused.value)
    assert "fel-hemlighet" not in repr(credentials(service, "fel-hemlighet"))


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ((503, {"error": "temporarily_unavailable"}), "svarar med fel"),
        ((400, {"error": "temporarily_unavailable"}), "just nu"),
        ((200, {"nonsense": 1}), "inget fel angivet"),
        ((200, "<html>not json</html>"), "nyckeltjänst"),
        ((500, ""), "svarar med fel"),
        ((200, []), "nyckeltjänst"),
        ((200, "null"), "nyckeltjänst"),
        ((200, {"access_token": "x", "expires_in": None}), "nyckeltjänst"),
    ],
)
def test_a_token_service_in_trouble(
    service: TokenServer,
    clock: Clock,
    trouble: tuple[int, object],
    message: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever it answers is waited out; msal broke on a list, and put a page that came in its place into the log."""
    service.trouble = trouble
    with pytest.raises(MailboxError, match=message):
        tokens_for(credentials(service), "u1", clock)()
    assert caplog.records == []


def test_an_unknown_tenant(service: TokenServer, clock: Clock) -> None:
    account = ClientCredentials(f"{service.base}/annan", "lyhord", lambda: "x", "x/.default", ca_file=service.ca_file)
    with pytest.raises(MailboxError, match="katalogens id"):
        tokens_for(account, "u1", clock)()


def test_a_certificate_nobody_vouches_for(service: TokenServer, clock: Clock) -> None:
    account = ClientCredentials(service.authority, "lyhord", lambda: "en-hemlighet", "x/.default")
    with pytest.raises(MailboxError, match="certifikatet"):
        tokens_for(account, "u1", clock)()
    assert service.asked == []


def test_nobody_at_the_address(service: TokenServer, clock: Clock) -> None:
    account = ClientCredentials("https://127.0.0.1:9/k", "lyhord", lambda: "x", "x/.default", timeout=2)
    with pytest.raises(MailboxError, match="kan inte nås"):
        tokens_for(account, "u1", clock)()


def test_a_token_for_a_google_service_account(service: TokenServer, clock: Clock, key: tuple[str, str]) -> None:
    service.accounts[ACCOUNT] = key[1]
    service.delegated.add("u1")
    account = credentials(service, key_file(service, key[0]))
    assert service.issued == {tokens_for(account, "u1", clock)(): "u1"}


def test_a_mailbox_that_was_not_delegated(service: TokenServer, clock: Clock, key: tuple[str, str]) -> None:
    service.accounts[ACCOUNT] = key[1]
    account = credentials(service, key_file(service, key[0]))
    with pytest.raises(LoginRefused, match="delegering"):
        tokens_for(account, "u2", clock)()


def test_the_secret_tells_which_grant_is_meant(service: TokenServer, clock: Clock, key: tuple[str, str]) -> None:
    service.accounts[ACCOUNT] = key[1]
    service.delegated.add("u7")
    by_secret = tokens_for(credentials(service), "u7", clock)()
    by_key_file = tokens_for(credentials(service, key_file(service, key[0])), "u7", clock)()
    assert service.issued == {by_secret: "u1", by_key_file: "u7"}


@pytest.mark.parametrize("text", ["{", "{}", ' {"client_email": "x"}'])
def test_a_key_file_that_is_none(service: TokenServer, clock: Clock, text: str) -> None:
    with pytest.raises(LoginRefused, match="nyckelfil"):
        tokens_for(credentials(service, text), "u1", clock)()


def test_a_damaged_private_key(service: TokenServer, clock: Clock) -> None:
    account = credentials(service, key_file(service, "-----BEGIN PRIVATE KEY-----\nx"))
    with pytest.raises(LoginRefused, match="privata nyckeln"):
        tokens_for(account, "u1", clock)()


@pytest.mark.parametrize("lifetime", [None, "snart", float("nan"), -5, 1e300])
def test_a_lifetime_that_is_none_does_no_harm(
    service: TokenServer, clock: Clock, key: tuple[str, str], lifetime: object
) -> None:
    service.trouble = (200, {"access_token": "x", "expires_in": lifetime})
    assert tokens_for(credentials(service, key_file(service, key[0])), "u1", clock)() == "x"


@pytest.mark.parametrize(
    "answer",
    [
        [b"* OK hej\r\n", None, b"+ \r\n", None, b"* BYE bye\r\n"],
        [b"* OK hej\r\n", None],
        [b"* OK hej\r\n", None, b"T1 NO no\r\n"],
    ],
)
def test_a_token_is_forgotten_where_the_server_refuses_it_or_hangs_up(
    service: TokenServer, clock: Clock, answer: list[bytes | None]
) -> None:
    """Some hang up on a token that they do not take; it was kept, and tried again for the rest of its hour."""
    tokens = tokens_for(credentials(service), "u1", clock)
    first = tokens()
    with talking(answer) as port, pytest.raises(MailboxError):
        ImapMailbox(MailboxAddress("lådan", "127.0.0.1", port, "u1", TokenLogin(tokens), TlsMode.NONE)).connect()
    assert tokens() != first


@pytest.mark.parametrize("trouble", [(200, "<html>"), (200, "[]"), (500, "")])
def test_google_in_trouble(service: TokenServer, clock: Clock, key: tuple[str, str], trouble: tuple[int, str]) -> None:
    service.trouble = trouble
    account = credentials(service, key_file(service, key[0]))
    with pytest.raises(MailboxError, match="nyckeltjänst"):
        tokens_for(account, "u1", clock)()


@pytest.mark.dovecot
class TestDovecot:
    """Dovecot's oauth2 passdb asks the token service."""

    @pytest.fixture
    def box(self, service: TokenServer, new_dovecot: NewDovecot) -> Box:
        server = new_dovecot(oauth=service.dovecot(), oauth_ca=service.ca_file)
        box = server.new_box()
        service.clients["lyhord"] = ("en-hemlighet", box.user)
        box.deliver(letter())
        return box

    def test_in_by_client_credentials(self, service: TokenServer, box: Box, clock: Clock) -> None:
        login = TokenLogin(tokens_for(credentials(service), "u1", clock))
        with ImapMailbox(box.address(login=login)) as mailbox:
            assert mailbox.select("INBOX").exists == 1
            assert mailbox.move_done([1])

    def test_in_by_service_account(self, service: TokenServer, box: Box, clock: Clock, key: tuple[str, str]) -> None:
        service.accounts[ACCOUNT] = key[1]
        service.delegated.add(box.user)
        account = credentials(service, key_file(service, key[0]))
        with ImapMailbox(box.address(login=TokenLogin(tokens_for(account, box.user, clock)))) as mailbox:
            assert mailbox.select("INBOX").exists == 1

    def test_a_token_for_another_mailbox_is_refused(self, service: TokenServer, box: Box, clock: Clock) -> None:
        login = TokenLogin(tokens_for(credentials(service), "u1", clock))
        with pytest.raises(LoginRefused, match="IMAP-behörighet"):
            ImapMailbox(box.address(login=login, user="annan")).connect()

    def test_a_revoked_token_is_forgotten_and_the_next_try_succeeds(
        self, service: TokenServer, box: Box, clock: Clock
    ) -> None:
        tokens: Tokens = tokens_for(credentials(service), "u1", clock)
        mailbox = ImapMailbox(box.address(login=TokenLogin(tokens)))
        mailbox.connect()
        mailbox.close()
        service.revoke_all()
        with pytest.raises(LoginRefused):
            mailbox.connect()
        with mailbox:
            assert mailbox.select("INBOX").exists == 1
