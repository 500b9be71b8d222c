"""Mailbox and mail server that let in by a token alone, and what can happen to tokens, secret and token service."""

import base64
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from config import Settings
from config.mail import OAuthSettings
from config.secret import Secret, read_secret
from service.demo.servers import EmbeddedPost
from service.demo.smtp_server import Accept, Refusals, SmtpServer, _Handler
from tests.servers.tokens import TokenServer

_CLIENT, _SECRET, _AUTHORITY = "lyhord", "secret", "tokens-ca.pem"
_TROUBLES: tuple[tuple[int, Any], ...] = (
    (503, "Service Unavailable"),
    (400, {"error": "temporarily_unavailable"}),
    (401, {"error": "invalid_client", "error_description": "AADSTS7000222: The secret has expired."}),
)


def with_tokens(settings: Settings, place: str, folder: Path) -> Settings:
    """The same settings, where one logs in by a token of the service at ``place``; ``folder`` is the soak's."""
    secret = Secret(read_secret(folder / _SECRET), file=folder / _SECRET)
    account = OAuthSettings(
        authority=place,
        client_id=_CLIENT,
        client_secret=secret,
        scope="mail/.default",
        ca_file=folder / _AUTHORITY,
        proxy="",
    )
    (box,) = settings.mailboxes
    return replace(
        settings,
        mailboxes=(replace(box, login="xoauth2", password=None, oauth2=account),),
        smtp=replace(settings.smtp, login="xoauth2", user=box.user, oauth2=account),
    )


# It warns of itself at each log-in.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Keys:
    """The secret that tokens are given for to the daemon, and what goes wrong with them."""

    def __init__(self, service: TokenServer, folder: Path, user: str) -> None:
        self._service, self._file, self._user = service, folder / _SECRET, user
        self._renewals = 0
        self._file.write_text(self._at_the_service())

    @property
    def given(self) -> int:
        """How many tokens were asked for, in vain or not."""
        return len(self._service.asked)

    def revoke(self) -> None:
        """No token is valid, and who has one is not told."""
        self._service.revoke_all()

    @contextmanager
    def refused(self, dice: random.Random) -> Iterator[None]:
        """Nobody gets a token."""
        self._service.trouble = dice.choice(_TROUBLES)
        yield
        self._service.trouble = None

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """The old secret has ended, and the new one is not in its file yet."""
        secret = self._at_the_service()
        yield
        self._file.write_text(secret)

    def _at_the_service(self) -> str:
        """A new secret is the only one that it knows now."""
        self._renewals += 1
        secret = f"hemlighet {self._renewals}"
        self._service.clients[_CLIENT] = (secret, self._user)
        return secret


class TokenPost(EmbeddedPost):
    """A mail server that takes letters only from who has a token that is valid, asked at each letter (RFC 4954 6)."""

    def __init__(self, service: TokenServer, refusals: Refusals) -> None:
        super().__init__(refusals=refusals)
        self._service = service

    async def _open(self) -> None:
        self._smtp = _Guarded(self._service, self._accept, self._refusals)
        await super()._open()


class _Guarded(SmtpServer):
    def __init__(self, service: TokenServer, accept: Accept, refusals: Refusals) -> None:
        super().__init__(accept, refusals)
        self._handler = _Guard(service, accept, refusals)

    def _protocol(self) -> SMTP:
        talk = SMTP(self._handler, hostname="mx.mejl.example", auth_require_tls=False, loop=self._loop)
        self._talks.add(talk)
        return talk


class _Guard(_Handler):
    """aiosmtpd calls these by name."""

    def __init__(self, service: TokenServer, accept: Accept, refusals: Refusals) -> None:
        super().__init__(accept, refusals)
        self._service = service

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        token = base64.b64decode(args[1]).decode().partition("Bearer ")[2].rstrip("\1")
        if token in self._service.issued:
            return AuthResult(success=True, auth_data=token)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if session.auth_data not in self._service.issued:
            return "530 5.7.57 Client not authenticated to send mail"
        envelope.mail_from = address
        return "250 2.1.0 OK"
