"""Each mail of tests/mails, read as it must be; the file beside them says how."""

import tomllib
from typing import Any

import pytest

from cases.inbound.messages import InboundMessage
from ingest.parse import parse
from tests.ingest.parse.mails import MAILS, read_mail

EXPECTED = tomllib.loads((MAILS / "expected.toml").read_text(encoding="utf-8"))


def shown(message: InboundMessage, field: str) -> Any:
    """Return a field of a message in the shape the expectations are written in."""
    value = getattr(message, field)
    if field == "attachments":
        return [f"{a.name} {a.content_type} {a.size} {a.risk}".strip() for a in value]
    if field == "bounces":
        return [f"{b.recipient} {b.status} {b.action} {b.original_message_id}" for b in value]
    if field in ("to", "cc"):
        return [address.addr for address in value]
    if field == "forwarded_from":
        return value.addr if value else ""
    if field == "date":
        return value.isoformat() if value else ""
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_is_read_as_expected(name):
    message = parse(read_mail(name))
    assert {field: shown(message, field) for field in EXPECTED[name]} == EXPECTED[name]


def test_every_mail_has_its_expectation():
    folders = {name.split("/", maxsplit=1)[0] for name in EXPECTED}
    mails = {path.relative_to(MAILS).as_posix() for folder in folders for path in (MAILS / folder).rglob("*.eml")}
    assert mails == set(EXPECTED)
