"""Settings → the mailboxes that are read and the mail server that letters leave by, with the means to log in there."""

from cases.ports import Clock
from config import Settings
from config.mail import MailboxSettings, OAuthSettings, SmtpSettings
from config.secret import Secret
from ingest.address import MailboxAddress, PasswordLogin, TlsMode, TokenLogin
from ingest.mailbox import ImapMailbox
from ingest.oauth import ClientCredentials, Tokens, tokens_for
from notifier.logo import Logo
from notifier.mime import Identity
from notifier.smtp import SmtpSender, SmtpServer
from service.clock_and_ids import utc_now
from service.installation.tunnel import dialler


def mailboxes(settings: Settings, clock: Clock = utc_now) -> list[ImapMailbox]:
    """A connection for each mailbox of the profile, not yet opened."""
    return [ImapMailbox(_address(box, clock)) for box in settings.mailboxes]


def _address(box: MailboxSettings, clock: Clock) -> MailboxAddress:
    return MailboxAddress(
        name=box.id,
        host=box.host,
        port=box.port,
        user=box.user,
        login=_login(box, clock),
        tls=TlsMode(box.tls),
        ca_file=str(box.ca_file or ""),
        inbox=box.inbox,
        junk=box.junk,
        done=box.done,
        batch_count=box.batch_size,
        max_message_bytes=box.max_message_bytes,
        dial=dialler(box.proxy),
    )


def _login(box: MailboxSettings, clock: Clock) -> PasswordLogin | TokenLogin:
    if box.oauth2 is not None:
        return TokenLogin(_tokens(box.oauth2, box.user, clock))
    return PasswordLogin((box.password or Secret("")).renewed)


def _tokens(account: OAuthSettings, user: str, clock: Clock) -> Tokens:
    """Microsoft's client credentials, or Google's key file where that is given as the secret."""
    credentials = ClientCredentials(
        authority=account.authority,
        client_id=account.client_id,
        secret=account.client_secret.renewed,
        scope=account.scope,
        ca_file=str(account.ca_file or ""),
        proxy=account.proxy,
    )
    return tokens_for(credentials, user, clock)


def smtp_server(settings: SmtpSettings, clock: Clock = utc_now) -> SmtpServer:
    """Where letters are handed in, with the means to log in there."""
    ca_file = str(settings.ca_file or "")
    tokens = _tokens(settings.oauth2, settings.user, clock) if settings.oauth2 else None
    return SmtpServer(
        host=settings.host,
        port=settings.port,
        tls=settings.tls,
        ca_file=ca_file,
        user="" if settings.login == "none" else settings.user,
        password=(settings.password or Secret("")).renewed,
        token=tokens,
        forget=tokens.forget if tokens else None,
        timeout=settings.timeout_seconds,
        dial=dialler(settings.proxy),
    )


def smtp_sender(smtp: SmtpSettings, server: SmtpServer, clock: Clock, logo: Logo | None = None) -> SmtpSender:
    """A sender for one pass, signed as the municipality."""
    return SmtpSender(server, Identity(smtp.from_name, smtp.from_address, smtp.envelope_sender, logo), clock)
