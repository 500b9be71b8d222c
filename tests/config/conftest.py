"""An environment in which every shipped profile loads, and a small municipality to break on purpose."""

import pytest

ENVIRON = {
    "LYHORD_IMAP_PASSWORD": "imap-hemligt",
    "LYHORD_SMTP_PASSWORD": "smtp-hemligt",
    "LYHORD_OAUTH_SECRET": "oauth-hemligt",
    "LYHORD_DATABASE_PASSWORD": "db-hemligt/@:",
    "LYHORD_DESK_SECRET": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def environ() -> dict[str, str]:
    return dict(ENVIRON)
