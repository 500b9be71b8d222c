"""What is written plainly is read alone, as the second reader would have; the newest hops come first."""

from collections.abc import Sequence
from datetime import UTC, datetime

import mailparser
import pytest

from ingest.parse import parse
from ingest.reading import mailparser_door
from ingest.reading.plain import plain_hop

OWN = ("mx.osby.example", ".osby.example")
HOPS = (
    "from a.example by mx.osby.example with SMTP; Mon, 2 Nov 2026 10:00:05 +0100",
    (
        "from relay.example (relay.example [192.0.2.9]) by mx.osby.example (Postfix) with ESMTPS id B7F0 (using "
        "TLSv1.3 with cipher TLS_AES (2/2 bits)) for <synpunkter@osby.example>; Mon, 2 Nov 2026 10:00:05 +0100 (CET)"
    ),
    (
        "from A.example (2001:db8::1) by in1.osby.example (2001:db8::2) with Microsoft SMTP Server (version=TLS1_2) "
        "id 15.20.1; Mon, 2 Nov 2026 09:00:05 +0000"
    ),
    (
        "from x by mx.osby.example with ESMTP (Exim 4.96) (envelope-from <a@b.example>) id 1R-0 for s@osby.example; "
        "2 Nov 2026 09:00:05 GMT"
    ),
)
DOUBTFUL = (
    "by mx.osby.example with SMTP id 3; Mon, 2 Nov 2026 10:00:05 +0100",
    "(qmail 299 invoked by uid 10); 2 Nov 2026 09:00:05 -0000",
    "from x by mx.osby.example by other.example; Mon, 2 Nov 2026 10:00:05 +0100",
    "from x (a; b) by mx.osby.example; Mon, 2 Nov 2026 10:00:05 +0100",
)


def _mail(*hops: str, sender: str = "Anna Lind <anna@brev.example>") -> bytes:
    lines = [
        *(f"Received: {hop}" for hop in hops),
        f"From: {sender}",
        "Subject: Lampan vid skolan",
        "",
        "Den är trasig.",
    ]
    return "\n".join(lines).encode()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The mails that the second reader was asked about."""
    seen: list[bytes] = []
    second = mailparser.parse_from_bytes

    def noting(mail: bytes) -> mailparser.MailParser:
        seen.append(mail)
        return second(mail)

    monkeypatch.setattr(mailparser, "parse_from_bytes", noting)
    return seen


@pytest.mark.parametrize("hop", HOPS)
def test_a_hop_as_servers_write_it_is_read_alone_and_alike(
    hop: str, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = parse(_mail(hop), own_servers=OWN)
    assert alone.received_by_own == datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)
    assert not asked
    monkeypatch.setattr(mailparser_door, "plain_hop", lambda _: None)
    assert parse(_mail(hop), own_servers=OWN) == alone
    assert asked


@pytest.mark.parametrize("hop", DOUBTFUL)
def test_a_hop_that_takes_more_to_read_goes_to_the_second_reader(hop: str) -> None:
    assert plain_hop(hop.encode()) is None


def _times(hops: Sequence[str]) -> datetime | None:
    return parse(_mail(*hops), own_servers=OWN).received_by_own


@pytest.mark.parametrize("newest", [HOPS[0], DOUBTFUL[0]])
def test_what_the_sender_wrote_below_a_foreign_hop_is_not_believed(newest: str) -> None:
    foreign = "from x by relay.example for <synpunkter@mx.osby.example>; Mon, 2 Nov 2026 09:59:00 +0100"
    forged = "from x by mx.osby.example with SMTP; Mon, 1 Jan 2001 10:00:00 +0000"
    assert _times([newest, foreign, forged]) == datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sender", "plain"),
    [
        ("anna@brev.example", True),
        ("Anna Lind <anna@brev.example>", True),
        ('"Lind, Anna" <anna@brev.example>', False),
        ("=?utf-8?q?Anna_=C3=85kesson?= <anna@brev.example>", True),
        ("=?utf-8?q?Anna_=3Ceva=40annan=2Eexample=3E?= <anna@brev.example>", False),
        ("Anna <eva@annan.example> <anna@brev.example>", False),
        ("anna@brev.example, eva@annan.example", False),
    ],
)
def test_only_a_plain_sender_needs_no_second_opinion(sender: str, plain: bool, asked: list[bytes]) -> None:
    assert parse(_mail(sender=sender)).from_addr in ("anna@brev.example", "eva@annan.example")
    assert bool(asked) is not plain


def test_a_date_we_cannot_read_is_asked_about(asked: list[bytes]) -> None:
    parse(b"Date: when I feel like it\n" + _mail())
    assert asked
