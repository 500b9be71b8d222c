"""Only what the own servers wrote is believed: times of receipt and verdicts on the sender."""

from datetime import UTC, datetime

import pytest

from cases.inbound.authenticity import INTERNAL_PASS, proven
from ingest.intake import Intake
from ingest.parse import parse

HOP = "Received: from {a} by {b} with ESMTP; Tue, 3 Nov 2026 {t}:00 +0000\n"
REST = "From: a@medborgare.example\nMessage-ID: <a@medborgare.example>\n\nHej"
OWN = ["in.alvsby.example", ".mx.alvsby.example"]


def received(*hops: tuple[str, str, str]) -> datetime | None:
    text = "".join(HOP.format(a=a, b=b, t=t) for a, b, t in hops)
    return parse((text + REST).encode(), own_servers=OWN).received_by_own


def test_the_earliest_own_hop_counts():
    hops = [("b1.mx.alvsby.example", "in.alvsby.example", "08:05"), ("x.example", "b1.mx.alvsby.example", "08:02")]
    assert received(*hops, ("home", "x.example", "07:00")) == datetime(2026, 11, 3, 8, 2, tzinfo=UTC)


def test_an_own_name_below_a_foreign_hop_is_forged():
    hops = [
        ("x.example", "in.alvsby.example", "08:05"),
        ("y", "x.example", "08:00"),
        ("z", "in.alvsby.example", "01:00"),
    ]
    assert received(*hops) == datetime(2026, 11, 3, 8, 5, tzinfo=UTC)


def test_a_name_that_only_contains_the_own_one_is_foreign():
    assert received(("x.example", "in.alvsby.example.evil.example", "08:05")) is None


@pytest.mark.parametrize(
    ("senders", "said", "yes"),
    [
        ("From: a@medborgare.example", "", True),
        ("From: a@medborgare.example", " header.from=medborgare.example", True),
        ("From: Åsa <a@medborgare.example>\nFrom: b@evil.example", "", False),
        ("From: a@medborgare.example\nFrom: b@evil.example", " header.from=medborgare.example", False),
        ("From: a@medborgare.example, b@evil.example", "", False),
        ("From: a@medborgare.example, b@evil.example", " header.from=evil.example", False),
        ('From: "a@medborgare.example" <b@evil.example>', "", False),
    ],
)
def test_a_pass_proves_nothing_where_it_may_be_anothers(senders: str, said: str, yes: bool) -> None:
    verdict = f"Authentication-Results: in.alvsby.example; dmarc=pass{said}\n"
    message = parse(f"{verdict}{senders}\nMessage-ID: <a@x.example>\n\nHej".encode(), own_servers=OWN)
    assert proven(message.auth, "a@medborgare.example") is yes


def test_verdicts_name_the_sender_they_are_about():
    verdict = "Authentication-Results: in.alvsby.example 1;\n spf=pass (sender ok) smtp.mailfrom=medborgare.example;\n"
    message = parse((verdict + " dmarc=pass header.from=medborgare.example\n" + REST).encode(), own_servers=OWN)
    assert dict(message.auth)["dmarc"] == "pass"
    assert dict(message.auth)["header.from"] == "medborgare.example"


# A mail from one mailbox to another of one tenant, as IMAP gives it: the hops first, Exchange's own headers after ours.
HTTPS = """\
Received: from GV3P280MB0101.SWEP280.PROD.OUTLOOK.COM (2603:10a6:150:1::10)
 by MM0P280MB0202.SWEP280.PROD.OUTLOOK.COM with HTTPS; Thu, 26 Nov 2026 08:01:12 +0000
"""
MAPI = """\
Received: from GV3P280MB0101.SWEP280.PROD.OUTLOOK.COM ([fe80::1c2d:3e4f:5a6b:7c8d])
 by GV3P280MB0101.SWEP280.PROD.OUTLOOK.COM ([fe80::1c2d:3e4f:5a6b:7c8d%4]) with mapi id 15.20.0000.001;
 Thu, 26 Nov 2026 08:01:11 +0000
"""
OUTSIDE = """\
Received: from mail.ond.example (203.0.113.7) by DU0PEPF0000001.mail.protection.outlook.com (10.167.8.1)
 with Microsoft SMTP Server; Thu, 26 Nov 2026 08:01:10 +0000
"""
OURS = """\
From: Hans Vik <hans@alvsby.example>
To: synpunkter@alvsby.example
Subject: #svar
Message-ID: <GV3P280MB0101@GV3P280MB0101.SWEP280.PROD.OUTLOOK.COM>
"""
MARK = "X-MS-Exchange-Organization-AuthAs: Internal\n"
SOURCE = "X-MS-Exchange-Organization-AuthSource: GV3P280MB0101.SWEP280.PROD.OUTLOOK.COM\n"
FAILED = "Authentication-Results: spf=fail; dkim=none; dmarc=fail action=none header.from=alvsby.example\n"
TENANT = (".outlook.com",)
HOUSE = ("mx.alvsby.example",)
POSTFIX = (
    "Received: from {a} (unknown [{ip}]) by mx.alvsby.example (Postfix) with ESMTP; Thu, 26 Nov 2026 08:01:00 +0000\n"
)


def believed(mail: str, own: tuple[str, ...] = TENANT, trusted: str = MARK.strip()) -> bool:
    message = Intake(own_servers=own, trusted_header=trusted)((mail + "\nKlart.").encode())
    assert proven(message.auth, "nagon@annan.example", ["alvsby.example"]) is False
    return proven(message.auth, message.from_addr, ["alvsby.example"])


@pytest.mark.parametrize(
    ("mail", "yes"),
    [
        (HTTPS + MAPI + OURS + SOURCE + MARK, True),
        (HTTPS + MAPI + OURS + MARK.lower(), True),
        # No hop, one from outside, the mark twice, or another value: somebody may have written it.
        (OURS + MARK, False),
        (HTTPS + OUTSIDE + OURS + MARK, False),
        (HTTPS + MAPI + OURS + MARK + MARK, False),
        (HTTPS + MAPI + OURS + MARK.replace("Internal", "Anonymous"), False),
        (HTTPS + MAPI + OURS + MARK.replace("Internal", "Internal; really"), False),
        # The own server says that it is forged.
        (FAILED + HTTPS + MAPI + OURS + MARK, False),
        # Forged hops of Exchange's below a foreign one on top.
        (
            "Received: from a by relay.ond.example; Thu, 26 Nov 2026 08:02:00 +0000\n" + HTTPS + MAPI + OURS + MARK,
            False,
        ),
    ],
)
def test_mail_within_one_tenant_is_known_by_its_header(mail: str, yes: bool) -> None:
    assert believed(mail) is yes


def test_below_the_hops_only_exchange_online_is_believed() -> None:
    inside = POSTFIX.format(a="pc.alvsby.example", ip="10.0.0.5")
    mark = "X-Kommun-Intern: ja"
    assert believed(f"{mark}\n{inside}{OURS}", HOUSE, mark)
    assert not believed(f"{inside}{mark}\n{OURS}", HOUSE, mark)
    assert not believed(f"{inside}{OURS}{MARK}", HOUSE)
    assert not believed(f"{mark}\n{inside}{OURS}", ("mx.annan.example",), mark)
    assert not believed(f"{mark}\n{inside}{mark}\n{OURS}", HOUSE, mark)


def test_without_the_setting_no_header_is_believed() -> None:
    message = Intake(own_servers=TENANT)((HTTPS + MAPI + OURS + MARK + "\nKlart.").encode())
    assert INTERNAL_PASS not in message.auth
    assert not proven(message.auth, message.from_addr, ["alvsby.example"])


def test_a_verdict_called_internal_in_the_authentication_results_is_none_of_ours() -> None:
    forged = "Authentication-Results: mx.alvsby.example; internal=pass; dmarc=none\n"
    message = Intake(own_servers=HOUSE, trusted_header=MARK.strip())((forged + OURS + "\nKlart.").encode())
    assert INTERNAL_PASS not in message.auth
