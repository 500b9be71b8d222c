"""Hands letters to the mail server, and says of each failure whether the letter may be tried again."""

import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from cases.errors import DeliveryError, LyhordError
from cases.letters.addresses import ascii_address
from cases.letters.letter import OutboxEntry
from cases.ports import Clock
from cases.store.views import AttachmentFile
from notifier.dialling import Dial, log_in, open_smtp
from notifier.mime import Identity, compose, to_bytes
from notifier.smtp_answers import ServerUnavailable, answer_words, fault_words, refused, uncertain

# RFC 5321 §4.5.3.2.6 asks for ten minutes where others get five: the server looks through the letter first, and
# Exchange keeps its word back for up to 30 seconds besides (MaxAcknowledgementDelay).
_LAST_WORD = 4
_Lost = (smtplib.SMTPException, OSError)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed in.

    ``ca_file`` is the server's own issuer (PEM) and is then the only one believed. ``token`` gives a fresh access token
    for XOAUTH2, and wins over ``password``; both are asked for at each log-in, with no ``user`` nobody logs in.
    ``forget`` throws a token away that was refused: what has been permitted since stands in a new one alone.
    ``timeout`` is seconds for each answer; for the last, that the letter is taken, four times that. ``dial`` opens the
    connection where that is not straightforward, as through a proxy.
    """

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"] = "starttls"
    ca_file: str = ""
    user: str = ""
    password: Callable[[], str] = str
    token: Callable[[], str] | None = None
    forget: Callable[[], None] | None = None
    timeout: float = 30.0
    dial: Dial | None = None


class SmtpSender:
    """Implements ``cases.ports.Sender``. One connection, opened with the first letter, serves until ``close``."""

    def __init__(self, server: SmtpServer, identity: Identity, clock: Clock) -> None:
        self._server = server
        self._identity = identity
        self._clock = clock
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, entry: OutboxEntry, files: Sequence[AttachmentFile] = ()) -> str:
        """Send a letter with its enclosures; the server's answer. Raises DeliveryError, or ServerUnavailable."""
        return self.hand_in(to_bytes(compose(entry, self._identity, self._clock(), files)), entry.recipient)

    def hand_in(self, content: bytes, recipient: str) -> str:
        """Send a mail that is composed already, for what is no letter; the same answer and errors."""
        smtp = self._opened()
        try:
            self._address(smtp, ascii_address(recipient))
            return self._hand_over(smtp, content)
        except ServerUnavailable:
            self.close()
            raise
        except DeliveryError:
            self._recover(smtp)
            raise

    def probe(self) -> str:
        """Connect, secure and log in without sending, for ``lyhord check``; the server's name for itself."""
        smtp = self._connect()
        try:
            code, words = smtp.noop()
        except _Lost as error:
            raise ServerUnavailable(f"{self._name} svarar inte: {fault_words(error)}") from error
        finally:
            _drop(smtp)
        return f"{code} {answer_words(words)}"

    def close(self) -> None:
        """Say goodbye, where anybody is listening."""
        if self._smtp is not None:
            _drop(self._smtp)
        self._smtp = None

    @property
    def _name(self) -> str:
        return f"E-postservern {self._server.host}:{self._server.port}"

    def _opened(self) -> smtplib.SMTP:
        """A connection with MAIL FROM accepted; a kept one that has gone stale is replaced once."""
        if self._smtp is not None:
            try:
                return self._begin(self._smtp)
            except ServerUnavailable:
                self.close()
        self._smtp = self._connect()
        return self._begin(self._smtp)

    def _begin(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        try:
            code, words = smtp.mail(ascii_address(self._identity.return_path))
        except _Lost as error:
            raise ServerUnavailable(f"{self._name} bröt förbindelsen: {fault_words(error)}") from error
        if code != 250:
            raise ServerUnavailable(f"{self._name} tar inte emot brev från oss: {code} {answer_words(words)}")
        return smtp

    def _address(self, smtp: smtplib.SMTP, recipient: str) -> None:
        try:
            code, words = smtp.rcpt(recipient)
        except _Lost as error:
            raise DeliveryError(f"Förbindelsen bröts före brevet: {fault_words(error)}", retryable=True) from error
        if code not in (250, 251):
            raise refused("Mottagaren avvisades", code, words)

    def _hand_over(self, smtp: smtplib.SMTP, content: bytes) -> str:
        try:
            code, words = smtp.docmd("DATA")
            if code != 354:
                raise refused("Brevet avvisades", code, words)
            # sendall: an error here means that the last octets were never handed over.
            smtp.send(_dotted(content))
        except _Lost as error:
            raise DeliveryError(f"Förbindelsen bröts i brevet: {fault_words(error)}", retryable=True) from error
        return self._final_answer(smtp)

    def _final_answer(self, smtp: smtplib.SMTP) -> str:
        try:
            self._wait(smtp, _LAST_WORD)
            code, words = smtp.getreply()
            self._wait(smtp)
        except _Lost as error:
            raise uncertain(fault_words(error)) from error
        if 200 <= code < 300:
            return f"{code} {answer_words(words)}"
        if not 400 <= code < 600:
            raise uncertain(f"svaret {code} går inte att förstå")
        raise refused("Brevet avvisades", code, words)

    def _wait(self, smtp: smtplib.SMTP, times: int = 1) -> None:
        """Let the next answer take so many times what one may."""
        if smtp.sock is not None:
            smtp.sock.settimeout(times * self._server.timeout)

    def _recover(self, smtp: smtplib.SMTP) -> None:
        """Make the connection ready for the next letter, or let it go."""
        try:
            if smtp.sock is not None and smtp.rset()[0] == 250:
                return
        except _Lost:
            pass
        self.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            smtp = self._dial()
        except _Lost as error:
            raise ServerUnavailable(f"{self._name} går inte att nå: {fault_words(error)}") from error
        try:
            self._secure(smtp)
            self._log_in(smtp)
        except smtplib.SMTPAuthenticationError as error:
            _drop(smtp)
            raise ServerUnavailable(f"{self._name} godtar inte inloggningen: {fault_words(error)}") from error
        except _Lost as error:
            _drop(smtp)
            raise ServerUnavailable(f"{self._name} går inte att använda: {fault_words(error)}") from error
        except Exception as error:
            # Whatever it is, no letter has met the server: left uncertain, each would have waited for a person.
            _drop(smtp)
            why = str(error) if isinstance(error, LyhordError) else type(error).__name__
            raise ServerUnavailable(f"Inloggningen hos {self._server.host} går inte att hämta: {why}") from error
        return smtp

    def _dial(self) -> smtplib.SMTP:
        server = self._server
        # Greet with the sender's domain: what the machine calls itself is often no name at all.
        own_name = self._identity.address.rpartition("@")[2]
        context = self._context() if server.tls == "tls" else None
        return open_smtp(server.dial, server.host, server.port, own_name, server.timeout, context)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._server.tls == "starttls":
            code, words = smtp.starttls(context=self._context())
            if code != 220:
                raise smtplib.SMTPResponseException(code, words)
            smtp.ehlo_or_helo_if_needed()

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file or None)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        if not server.user:
            return
        token = server.token() if server.token is not None else ""
        try:
            log_in(smtp, server.user, "" if token else server.password(), token)
        except smtplib.SMTPException:
            # Also where it hangs up in place of an answer, as some do on a token that they do not take.
            if server.forget is not None:
                server.forget()
            raise


def _drop(smtp: smtplib.SMTP) -> None:
    try:
        if smtp.sock is not None:
            smtp.quit()
    except _Lost:
        pass
    finally:
        smtp.close()


def _dotted(content: bytes) -> bytes:
    """The text with leading dots doubled, and the final dot (RFC 5321 §4.5.2)."""
    body = re.sub(rb"(?m)^\.", b"..", content)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"
