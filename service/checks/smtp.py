"""Tries the mail server that letters leave by: greeting, encryption, log-in, sender. No mail is sent."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress

from cases.errors import LyhordError
from cases.faults import machines_way_out
from config import SmtpSettings
from ingest.connection import unreadable_authority, untrusted
from notifier.dialling import log_in, open_smtp
from service.checks.greeting import awaits_tls
from service.checks.line import CheckLine, failed, named_way_out, network_fault, redacted
from service.installation.tunnel import TunnelRefused, dialler


def check_smtp(smtp: SmtpSettings, token: Callable[[], str] | None) -> Iterator[CheckLine]:
    """The lines of the mail server; each step needs the one before, so the first that fails is the last line.

    ``token`` fetches an OAuth 2.0 access token, where the server asks for one; it raises LyhordError.
    """
    access = ""
    if token is not None:
        try:
            access = token()
        except LyhordError as error:
            yield failed("SMTP, nyckel", error, "Kontrollera smtp.oauth2: authority, client_id och hemligheten.")
            return
        yield CheckLine("SMTP, nyckel", True, "åtkomstnyckeln (OAuth 2.0) hämtades")
    if unread := _unread_authority(smtp):
        yield unread
        return
    try:
        server = _connect(smtp)
    except (OSError, smtplib.SMTPException) as error:
        yield _unreachable(smtp, error)
        return
    try:
        yield from _converse(server, smtp, access)
    finally:
        _leave(server)


def _connect(smtp: SmtpSettings) -> smtplib.SMTP:
    # Greet as the outbox does: with the sender's domain, since what the machine calls itself is often no name at all.
    here = smtp.from_address.rpartition("@")[2]
    context = _context(smtp) if smtp.tls == "tls" else None
    return open_smtp(dialler(smtp.proxy), smtp.host, smtp.port, here, smtp.timeout_seconds, context)


def _context(smtp: SmtpSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(smtp.ca_file) or None)


def _unread_authority(smtp: SmtpSettings) -> CheckLine | None:
    """The municipality's own issuer, where its file cannot be used; read whatever ``smtp.tls`` is."""
    try:
        _context(smtp)
    except OSError as error:
        text = f"smtp.ca_file = {smtp.ca_file} kan inte läsas ({unreadable_authority(error)})"
        remedy = "Ange en PEM-fil med utfärdarens certifikat, eller ta bort raden för att lita på systemets utfärdare."
        return CheckLine("SMTP, anslutning", False, text, remedy)
    return None


def _converse(server: smtplib.SMTP, smtp: SmtpSettings, access: str) -> Iterator[CheckLine]:
    greeted = _greet(server, smtp)
    yield greeted
    if not greeted.ok:
        return
    if smtp.login != "none":
        let_in = _log_in(server, smtp, access)
        yield let_in
        if not let_in.ok:
            return
    yield _name_sender(server, smtp)


def _greet(server: smtplib.SMTP, smtp: SmtpSettings) -> CheckLine:
    name = "SMTP, anslutning"
    try:
        server.ehlo_or_helo_if_needed()
        if smtp.tls == "starttls":
            if not server.has_extn("starttls"):
                remedy = 'Skriv tls = "tls" och rätt port (ofta 465), eller be serverns skötare slå på STARTTLS.'
                return CheckLine(name, False, f"{smtp.host}:{smtp.port} erbjuder inte STARTTLS", remedy)
            server.starttls(context=_context(smtp))
            server.ehlo()
    except (OSError, smtplib.SMTPException) as error:
        return _unreachable(smtp, error)
    protection = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else None
    said = f"krypterat med {protection}" if protection else "okrypterat (tls = none)"
    return CheckLine(name, True, f"{smtp.host}:{smtp.port} svarar, {said}")


def _unreachable(smtp: SmtpSettings, error: OSError) -> CheckLine:
    name, place = "SMTP, anslutning", f"{smtp.host}:{smtp.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        why, _, remedy = untrusted(error, "smtp.").rpartition(". ")
        return CheckLine(name, False, f"{place}: {why}", remedy)
    if isinstance(error, ssl.SSLError):
        remedy = "Kontrollera smtp.tls: port 465 har oftast tls, port 587 starttls."
        return CheckLine(name, False, f"{place} kom inte överens om kryptering ({error.reason})", remedy)
    if isinstance(error, TunnelRefused):
        return CheckLine(name, False, f"{place} går inte att nå: {error}", "Kontrollera smtp.proxy.")
    if isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected) and _wants_tls(smtp):
        text = f"{place} hälsar inte, för den väntar på TLS från början"
        return CheckLine(name, False, text, 'Skriv smtp.tls = "tls".')
    remedy = f"Kontrollera smtp.host, smtp.port och smtp.tls, och att brandväggen släpper fram till {smtp.host}."
    if unreached := network_fault(error):
        way_out = machines_way_out(error) or named_way_out(error, "smtp.host", smtp.host) or remedy
        return CheckLine(name, False, f"{place} går inte att nå ({unreached})", way_out)
    said = error.smtp_error if isinstance(error, smtplib.SMTPResponseException) else error
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return CheckLine(name, False, f"{place} svarar inte som en SMTP-server ({redacted(words)})", remedy)


def _wants_tls(smtp: SmtpSettings) -> bool:
    return smtp.tls != "tls" and awaits_tls(dialler(smtp.proxy), smtp.host, smtp.port)


def _log_in(server: smtplib.SMTP, smtp: SmtpSettings, access: str) -> CheckLine:
    name = "SMTP, inloggning"
    try:
        log_in(server, smtp.user, smtp.password.reveal() if smtp.password else "", access)
    except smtplib.SMTPAuthenticationError as error:
        # The server's text is left out: some repeat what they were given.
        remedy = "Kontrollera smtp.user och hemligheten, och att kontot får skicka e-post med SMTP."
        return CheckLine(name, False, f"servern nekade inloggningen (svar {error.smtp_code})", remedy)
    except smtplib.SMTPNotSupportedError:
        return _no_way_in(server, smtp, access)
    except smtplib.SMTPServerDisconnected:
        # Some servers hang up on a wrong password: smtplib tries each way in, and the last of them is cut off.
        remedy = "Kontrollera smtp.user och hemligheten; är de rätta, försök igen om en stund."
        return CheckLine(name, False, "servern lade på under inloggningen", remedy)
    except (OSError, smtplib.SMTPException) as error:
        return CheckLine(name, False, f"inloggningen bröts ({type(error).__name__})", "Försök igen om en stund.")
    return CheckLine(name, True, "servern godtog inloggningen")


def _no_way_in(server: smtplib.SMTP, smtp: SmtpSettings, access: str) -> CheckLine:
    text = "servern tar inte emot inloggning på den här porten"
    remedy = 'Skriv login = "none" om servern känner igen maskinen, annars en annan port (ofta 587).'
    if access:
        text = "servern tar inte emot inloggning med nyckel (XOAUTH2)"
        remedy = 'Be serverns skötare slå på XOAUTH2, eller skriv login = "password" och ett lösenord.'
    if smtp.tls == "none" and server.has_extn("starttls"):
        text = "servern tar emot inloggning bara över en krypterad anslutning, och smtp.tls är none"
        remedy = 'Skriv smtp.tls = "starttls".'
    return CheckLine("SMTP, inloggning", False, text, remedy)


def _name_sender(server: smtplib.SMTP, smtp: SmtpSettings) -> CheckLine:
    name = "SMTP, avsändare"
    try:
        code, said = server.mail(smtp.envelope_sender or smtp.from_address)
        server.rset()
    except (OSError, smtplib.SMTPException) as error:
        return CheckLine(name, False, f"samtalet bröts ({type(error).__name__})", "Försök igen om en stund.")
    if code == 250:
        return CheckLine(name, True, "servern tar emot brev från avsändaradressen (inget brev skickades)")
    if code == 530:
        remedy = "Ställ in smtp.login, smtp.user och hemligheten."
        return CheckLine(name, False, "servern kräver inloggning", remedy)
    words = redacted(said.decode("utf-8", "replace"))
    remedy = "Ge kontot rätt att skicka från smtp.from_address (eller envelope_sender), eller byt adress."
    return CheckLine(name, False, f"servern nekade avsändaradressen (svar {code}: {words})", remedy)


def _leave(server: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()
