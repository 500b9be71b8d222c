"""Opening a connection to an IMAP server, and saying its failures in words that can be shown."""

import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from cases.errors import LoginRefused, MailboxError
from cases.faults import machines_way_out, os_words
from ingest.address import MailboxAddress, PasswordLogin, TlsMode, TokenLogin
from ingest.dialling import DialledClient

# RFC 5530, and what Google and Microsoft say to who asks too much: busy or broken, which says nothing of the password.
_PAUSE = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[OVERQUOTA]", "[THROTTLED]")
_NOT_NOW = (*_PAUSE, "[SERVERBUG]", "[CONTACTADMIN]", "TOO MANY SIMULTANEOUS CONNECTIONS", "BANDWIDTH LIMITS")
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+")  # a long word's end is not looked through from each of its signs
_LONGEST = 160
# Firewalls forget connections that are silent for minutes, as in IDLE: seconds to the first probe, between, how many.
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 120), (socket.TCP_KEEPINTVL, 30), (socket.TCP_KEEPCNT, 4))

# X509_V_ERR_… of OpenSSL, x509_vfy.h: why, and the way out.
_RENEW = "Be den som sköter servern förnya det; kontrollera också att den här maskinens klocka går rätt."
_UNTRUSTED = {
    9: ("det gäller inte än", _RENEW),
    10: ("det har gått ut", _RENEW),
    62: ("det är ett annat namns", "Skriv i {}host det namn som står i certifikatet."),
    64: ("det är en annan adress", "Skriv i {}host det namn som står i certifikatet, inte en ip-adress."),
}
_UNKNOWN_ISSUER = ("utfärdaren är okänd här", "Ange den egna utfärdarens certifikat i {}ca_file.")

# At DEBUG imapclient logs user names.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class ConnectionLost(MailboxError):
    """The connection is gone or cannot be trusted any more; a new one must be opened."""


class ServerBusy(ConnectionLost):
    """The server asks for a pause: the connection is closed, and opened anew when we have waited."""


def open_client(address: MailboxAddress) -> IMAPClient:
    """Connect, protect and log in. Raises LoginRefused, ConnectionLost or MailboxError."""
    with speaking(address, "anslutningen"):
        client = _connect(address)
    try:
        with speaking(address, "anslutningen"):
            _protect(client, address)
        _log_in(client, address)
        with speaking(address, "anslutningen"):
            client.capabilities()  # the client keeps them; asked for later, the question could fail unexpectedly
    except BaseException:
        shut(client)
        raise
    return client


def shut(client: IMAPClient, *, politely: bool = False) -> None:
    """Close a connection whatever state it is in; ``politely`` says LOGOUT first."""
    with suppress(IMAPClientError, OSError, ValueError):
        if politely:
            client.logout()
            return
    with suppress(IMAPClientError, OSError, ValueError):
        client.shutdown()


@contextmanager
def speaking(address: MailboxAddress, doing: str) -> Iterator[None]:
    """Turn what imapclient and the network raise into MailboxError (the server said no) or ConnectionLost."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise ConnectionLost(f"{address.place}: {untrusted(error)}") from error
    except (IMAPClientAbortError, OSError, EOFError) as error:
        said = f"{address.place}: {doing} bröts ({_redacted(error, address)})."
        if way_out := machines_way_out(error):
            raise ConnectionLost(f"{said} {way_out}") from error
        raise ConnectionLost(said, passes=True, otherwise="kontrollera host, port och tls") from error
    except (IMAPClientError, ValueError) as error:
        raise MailboxError(f"{address.place}: servern nekade {doing} ({_redacted(error, address)}).") from error


def raise_if_busy(address: MailboxAddress, error: MailboxError) -> None:
    """Raises ServerBusy where the server's answer to a fetch says that it will not just now, whichever letter it is."""
    if not isinstance(error, ConnectionLost) and any(code in str(error.__cause__).upper() for code in _PAUSE):
        raise ServerBusy(f"{address.place}: servern vill inte lämna ut brev just nu.", passes=True) from error


def untrusted(error: ssl.SSLCertVerificationError, table: str = "") -> str:
    """Why a server's certificate was not believed, and the way out: who keeps it renews it, or a setting is wrong.

    ``table`` is what the settings' names begin with, ``smtp.``.
    """
    why, way_out = _UNTRUSTED.get(error.verify_code, _UNKNOWN_ISSUER)
    return f"serverns certifikat godkändes inte: {why} ({error.verify_message.rstrip('.')}). {way_out.format(table)}"


def unreadable_authority(error: OSError) -> str:
    """Why nothing can be made of a ``ca_file``, in Swedish: OpenSSL's own words name neither file nor way out."""
    return "filen håller inget certifikat i PEM-form" if isinstance(error, ssl.SSLError) else os_words(error)


def tls_context(address: MailboxAddress) -> ssl.SSLContext:
    """A verifying context: the system's authorities, or the mailbox's own alone."""
    try:
        return ssl.create_default_context(cafile=address.ca_file or None)
    except OSError as error:
        raise MailboxError(
            f"{address.place}: ca_file = {address.ca_file} kan inte läsas ({unreadable_authority(error)}). "
            "Ange en läsbar PEM-fil, eller ta bort raden för att lita på systemets utfärdare."
        ) from error


def _connect(address: MailboxAddress) -> IMAPClient:
    direct = address.tls is TlsMode.TLS
    client = DialledClient(
        address.dial,
        address.host,
        address.port,
        ssl=direct,
        ssl_context=tls_context(address) if direct else None,
        timeout=address.timeout,
    )
    # imapclient sets 5, which formats every line for a log that is not read: ten times slower on large letters.
    client._imap.debug = 0  # noqa: SLF001 - there is no public way
    client.normalise_times = False
    _keep_alive(client.socket())
    return client


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE:
        sock.setsockopt(socket.IPPROTO_TCP, option, value)


def _protect(client: IMAPClient, address: MailboxAddress) -> None:
    if address.tls is TlsMode.STARTTLS:
        client.starttls(tls_context(address))


def _log_in(client: IMAPClient, address: MailboxAddress) -> None:
    secret = address.login.token() if isinstance(address.login, TokenLogin) else address.login.password()
    try:
        if isinstance(address.login, TokenLogin):
            client.sasl_login("XOAUTH2", _Xoauth2(address.user, secret))
        elif (address.user + secret).isascii():
            client.login(address.user, secret)
        else:
            client.plain_login(address.user, secret)  # LOGIN knows ASCII only
    except LoginError as error:
        _forget_token(address)
        raise _refusal(error, address) from None
    except OSError as error:
        _forget_token(address)
        said = f"{address.place}: inloggningen bröts ({_redacted(error, address)})."
        raise ConnectionLost(said, passes=True) from None


def _forget_token(address: MailboxAddress) -> None:
    """Also where the server hangs up in place of an answer, as some do on a token that they do not take."""
    if isinstance(address.login, TokenLogin):
        address.login.token.forget()


def _refusal(error: LoginError, address: MailboxAddress) -> MailboxError:
    # imapclient wraps a connection lost during login in LoginError too; the cause tells them apart.
    if isinstance(error.__context__, IMAPClientAbortError):
        why = _redacted(error.__context__, address)
        return ConnectionLost(f"{address.place}: inloggningen bröts ({why}).", passes=True)
    if any(code in str(error).upper() for code in _NOT_NOW):
        return MailboxError(f"{address.place}: servern tar inte emot inloggningar just nu.", passes=True)
    return LoginRefused(f"{address.place}: servern nekade inloggningen. {_way_in(address)}")


def _way_in(address: MailboxAddress) -> str:
    if isinstance(address.login, PasswordLogin):
        return "Kontrollera user och lösenordet; Microsoft 365 och Google godtar bara XOAUTH2."
    return "Kontrollera att programmet har IMAP-behörighet och tillgång till just den här brevlådan."


class _Xoauth2:
    """Client side of XOAUTH2: the token at once, then an empty line to the server's JSON of what was wrong with it."""

    def __init__(self, user: str, token: str) -> None:
        self._answer = f"user={user}\1auth=Bearer {token}\1\1".encode()

    def __call__(self, _challenge: bytes) -> bytes:
        answer, self._answer = self._answer, b""
        return answer


def _in_swedish(said: str) -> str:
    """What imaplib says of another kind of server, and of one that hangs up; the last words of one that says why."""
    said = re.sub(r"^command: [A-Z ]+ => |^b['\"]\* BYE |(?<=.)['\"]$", "", said)
    if said.startswith("unexpected response: "):
        begun = said.removeprefix("unexpected response: ").removeprefix("b").strip("'\"")
        return f"servern talar inte IMAP utan svarar {begun}"
    return "servern lade på" if said.endswith("socket error: EOF") else said


def _redacted(error: BaseException, address: MailboxAddress) -> str:
    """The server's own words without addresses and user names, on one line."""
    words = os_words(error) if isinstance(error, OSError) else _in_swedish(str(error))
    said = " ".join(words.split()) or type(error).__name__
    return re.sub(rf"\b{re.escape(address.user)}\b", "…", _ADDRESS.sub("…", said))[:_LONGEST]
