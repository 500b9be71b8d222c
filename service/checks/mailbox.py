"""Tries a mailbox: protection, log-in, the three folders, and what the server can do."""

import ssl
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial

from imapclient.exceptions import IMAPClientReadOnlyError

from cases.errors import MailboxError
from cases.faults import machines_way_out
from ingest.address import TlsMode, TokenLogin
from ingest.connection import ConnectionLost
from ingest.folders import find_folder
from ingest.mailbox import ImapMailbox
from ingest.quota import room_of
from service.checks.greeting import awaits_tls
from service.checks.line import CheckLine, failed, guarded, named_way_out, network_fault
from service.checks.room import room_line
from service.installation.tunnel import TunnelRefused

_JUNK = "\\Junk"


def check_mailbox(mailbox: ImapMailbox, poll_seconds: int) -> Iterator[CheckLine]:
    """The lines of one mailbox; the connection is closed afterwards, and no letter has changed or moved."""
    name = f"Brevlådan {mailbox.address.name}"
    if not (yield from _opened(mailbox, name)):
        return
    try:
        for what, look in (("inkorg", _inbox), ("skräppost", _junk), ("hämtade brev", _done)):
            remedy = f"Rätta mappen i mailboxes[{mailbox.address.name}]."
            yield from guarded(f"{name}, {what}", partial(look, mailbox, f"{name}, {what}"), remedy)
        yield from guarded(f"{name}, utrymme", partial(_room, mailbox), _ASK)
        yield from guarded(f"{name}, server", partial(_abilities, mailbox, f"{name}, server", poll_seconds), _ASK)
    finally:
        mailbox.close()


_ASK = "Fråga den som sköter e-postservern."


def _opened(mailbox: ImapMailbox, name: str) -> Generator[CheckLine, None, bool]:
    """Fetch the token where one is used, connect and log in; the generator returns whether it is open."""
    address = mailbox.address
    login = address.login
    doing = f"{name}, nyckel" if isinstance(login, TokenLogin) else f"{name}, inloggning"
    try:
        if isinstance(login, TokenLogin):
            login.token()
            yield CheckLine(doing, True, "åtkomstnyckeln (OAuth 2.0) hämtades")
            doing = f"{name}, inloggning"
        mailbox.connect()
        yield CheckLine(doing, True, f"inloggad på {address.host}:{address.port}, {_protection(mailbox)}")
    except MailboxError as error:
        yield _unreachable(doing, error, mailbox)
        return False
    return True


def _unreachable(name: str, error: MailboxError, mailbox: ImapMailbox) -> CheckLine:
    address = mailbox.address
    key = f"mailboxes[{address.name}]"
    line = failed(name, error, f"Kontrollera host, port, tls och user i {key}.", place=address.place)
    if isinstance(error, ConnectionLost) and not isinstance(error.__cause__, ssl.SSLCertVerificationError):
        if isinstance(error.__cause__, TunnelRefused):
            text = f"{address.host}:{address.port} går inte att nå: {error.__cause__}"
            return replace(line, text=text, remedy=f"Kontrollera proxy i {key}.")
        remedy = (
            machines_way_out(error.__cause__)
            or named_way_out(error.__cause__, f"host i {key}", address.host)
            or f"Kontrollera host, port och tls i {key}, och att brandväggen släpper fram till {address.host}."
        )
        if isinstance(error.__cause__, ssl.SSLError):
            text = f"{address.host}:{address.port} kom inte överens om kryptering ({error.__cause__.reason})"
            return replace(
                line, text=text, remedy=f"Kontrollera tls i {key}: port 993 har oftast tls, port 143 starttls."
            )
        if isinstance(error.__cause__, TimeoutError) and _wants_tls(mailbox):
            text = f"{address.host}:{address.port} hälsar inte, för den väntar på TLS från början"
            return replace(line, text=text, remedy=f'Skriv tls = "tls" i {key}.')
        if str(error.__cause__).startswith("unexpected response"):
            remedy = f"Kontrollera host och port i {key}: 993 och 143 är IMAP, medan 465, 587 och 25 är SMTP."
            return replace(line, remedy=remedy)
        unreached = network_fault(error.__cause__)
        text = f"{address.host}:{address.port} går inte att nå ({unreached})" if unreached else line.text
        return replace(line, text=text, remedy=remedy)
    return line


def _wants_tls(mailbox: ImapMailbox) -> bool:
    address = mailbox.address
    return address.tls is not TlsMode.TLS and awaits_tls(address.dial, address.host, address.port)


def _protection(mailbox: ImapMailbox) -> str:
    # imapclient hands out the socket it speaks through, which knows what was agreed.
    spoken = mailbox.client.socket()
    return f"krypterat med {spoken.version()}" if isinstance(spoken, ssl.SSLSocket) else "okrypterat (tls = none)"


def _inbox(mailbox: ImapMailbox, name: str) -> Iterator[CheckLine]:
    remedy = f"Rätta inbox i mailboxes[{mailbox.address.name}]."
    yield _opens(mailbox, name, mailbox.address.inbox, remedy)


def _junk(mailbox: ImapMailbox, name: str) -> Iterator[CheckLine]:
    address = mailbox.address
    if address.junk:
        remedy = f"Rätta junk i mailboxes[{address.name}]; tomt betyder att ingen skräppostmapp läses."
        yield _opens(mailbox, name, address.junk, remedy)
    else:
        yield CheckLine(name, True, _unread_junk(mailbox))


def _unread_junk(mailbox: ImapMailbox) -> str:
    try:
        found = find_folder(mailbox.client, mailbox.address, _JUNK)
    except ConnectionLost:
        raise
    except MailboxError:
        return "ingen skräppostmapp är angiven"
    return f"ingen är angiven, men servern har {found}; skriv den i junk om brev som fastnar där ska läsas"


def _opens(mailbox: ImapMailbox, name: str, folder: str, remedy: str) -> CheckLine:
    try:
        opened = mailbox.select(folder)
    except MailboxError as error:
        if isinstance(error.__cause__, IMAPClientReadOnlyError):
            way_out = "Ge kontot rätt att flytta brev ur den; Lyhörd flyttar det som är hämtat."
            return CheckLine(name, False, f"mappen {folder} får bara läsas", way_out)
        return _broken(name, error, remedy, mailbox)
    return CheckLine(name, True, f"mappen {opened.name} går att öppna och har {opened.exists} brev")


def _broken(name: str, error: MailboxError, remedy: str, mailbox: ImapMailbox) -> CheckLine:
    line = failed(name, error, remedy, place=mailbox.address.place)
    # The service tries a lost connection again by itself; here nobody does.
    return replace(line, remedy=_ASK) if isinstance(error, ConnectionLost) else line


def _done(mailbox: ImapMailbox, name: str) -> Iterator[CheckLine]:
    address = mailbox.address
    try:
        find_folder(mailbox.client, address, address.done)
    except ConnectionLost as error:
        yield _broken(name, error, _ASK, mailbox)
    except MailboxError:
        yield CheckLine(name, True, f"mappen {address.done} finns inte än och skapas vid första hämtningen")
    else:
        yield CheckLine(name, True, f"mappen {address.done} finns")


def _room(mailbox: ImapMailbox) -> Iterator[CheckLine]:
    if room := room_of(mailbox):
        yield room_line(mailbox.address.name, mailbox.address.done, room)


def _abilities(mailbox: ImapMailbox, name: str, poll_seconds: int) -> Iterator[CheckLine]:
    client = mailbox.client
    waits = (
        "säger till om nya brev (IDLE)" if mailbox.can_idle() else f"saknar IDLE och läses var {poll_seconds}:e sekund"
    )
    if client.has_capability("MOVE"):
        yield CheckLine(name, True, f"flyttar brev i ett steg (MOVE), {waits}")
    elif mailbox.can_move():
        yield CheckLine(name, True, f"flyttar brev i två steg (UIDPLUS), {waits}")
    else:
        remedy = "Be den som sköter servern slå på MOVE eller UIDPLUS; utan dem kan hämtade brev inte flyttas."
        yield CheckLine(name, False, f"kan varken MOVE eller UIDPLUS, {waits}", remedy)
