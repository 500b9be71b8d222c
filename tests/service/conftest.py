"""The demonstration's profile with a real post office and a real database, for the commands to be tried on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from config import Settings, load
from service.checks.line import CheckLine
from service.demo.servers import EmbeddedPost
from tests.notifier.conftest import authority, ca_file, secure_post
from tests.servers.dovecot import box, dovecot_server, new_dovecot
from tests.service.copied import copies, empty_postgres, key

__all__ = [
    "authority",
    "box",
    "ca_file",
    "copies",
    "dovecot_server",
    "empty_postgres",
    "environ",
    "key",
    "mail",
    "new_dovecot",
    "secure_post",
]

DESK_SECRET = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CLOSED = "1"  # tcpmux; nobody listens there


def names(lines: list[CheckLine], *, ok: bool) -> list[str]:
    """What was tried, of these lines the ones that are well or not."""
    return [line.name for line in lines if line.ok is ok]


@pytest.fixture(scope="module")
def mail() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as post:
        yield post


@pytest.fixture
def environ(mail: EmbeddedPost, sqlite_url: str) -> dict[str, str]:
    """What `demo` takes from the environment: everything is there and well, but for people who can log in."""
    return {
        "LYHORD_IMAP_PORT": str(mail.imap_port),
        "LYHORD_IMAP_USER": mail.imap_user,
        "LYHORD_IMAP_PASSWORD": mail.imap_password,
        "LYHORD_SMTP_PORT": str(mail.smtp_port),
        "LYHORD_DATABASE_URL": sqlite_url,
        "LYHORD_DESK_SECRET": DESK_SECRET,
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return load("demo", environ)
