"""What the receivers wrote on a letter is believed, and what a sender wrote in their name is not."""

import time
from pathlib import Path

import pytest

from cases.inbound.messages import MessageKind
from ingest.intake import Intake
from tests.steps.house import mail

OWN = ("mx.ekdala.example",)


def handed_in_by(*received: str) -> tuple[str, ...]:
    lines = "".join(f"Received: {line}; Thu, 26 Nov 2026 09:58:00 +0100\r\n" for line in received)
    return Intake(own_servers=OWN)(lines.encode() + mail()).handed_in_by


@pytest.mark.parametrize(
    "line",
    [
        "from helo.example (rdns.example [192.0.2.7]) by mx.ekdala.example (Postfix) with ESMTPS id 1",
        "from [192.0.2.7] (helo=[10.0.0.1]) by mx.ekdala.example with esmtp (Exim 4.97)",
        "from rdns.example ([192.0.2.7] helo=[10.0.0.1]) by mx.ekdala.example with esmtp",
        "from [10.0.0.1] (rdns.example [192.0.2.7])\r\n\tby mx.ekdala.example (8.18/8.18) with ESMTP",
        "from unknown (HELO 10.0.0.1) (192.0.2.7) by mx.ekdala.example with SMTP",
        "from EX1.ekdala.example (192.0.2.7) by MX.ekdala.example (10.9.9.9) with Microsoft SMTP Server",
    ],
    ids=["postfix", "exim literal", "exim name", "sendmail", "qmail", "exchange"],
)
def test_the_address_the_server_saw_counts_and_never_the_name_it_was_told(line: str) -> None:
    assert handed_in_by(line) == ("192.0.2.7",)


def test_ipv6_is_an_address_too() -> None:
    assert handed_in_by("from a.example (a.example [IPv6:2001:db8::7]) by mx.ekdala.example") == ("2001:db8::7",)


def test_a_server_that_wrote_no_address_vouches_for_nothing() -> None:
    assert handed_in_by("from 10.0.0.1 by mx.ekdala.example with ESMTP") == ("?",)


def test_what_stands_below_a_strangers_line_is_the_strangers() -> None:
    own = "from a.example (a.example [192.0.2.7]) by mx.ekdala.example"
    assert handed_in_by(own, "from b.example ([10.0.0.1]) by mx.annan.example", own) == ("192.0.2.7",)


@pytest.mark.parametrize(
    ("verdicts", "dmarc"),
    [
        ("spf=pass smtp.mailfrom=a.example; dkim=none; dmarc=pass header.from=a.example", ["pass"]),
        ("spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=a.example;dmarc=fail action=none", ["fail"]),
        ('spf=fail smtp.mailfrom="x; dmarc=pass "@a.example; dmarc=fail', ["fail"]),
        ("spf=fail (x ; dmarc=pass) smtp.mailfrom=a.example; dmarc=fail", ["fail"]),
        ("spf=fail (x (y) ; dmarc=pass) smtp.mailfrom=a.example; dmarc=none", ["none"]),
        ("spf=fail smtp.mailfrom=x dmarc=pass@a.example", []),
        ('spf=fail smtp.mailfrom="x; dmarc=pass', []),
        ("spf=fail (x; dmarc=pass", []),
        ("dkim=fail header.d=a.example header.b=Jx0u3zQk; " * 100 + "dmarc=fail header.from=b.example", ["fail"]),
    ],
)
def test_a_verdict_inside_what_a_sender_wrote_is_none(verdicts: str, dmarc: list[str]) -> None:
    raw = mail(Authentication_Results=f"mx.ekdala.example; {verdicts}")
    auth = Intake(own_servers=OWN)(raw).auth
    assert [value for name, value in auth if name == "dmarc"] == dmarc


EXCHANGE = (
    "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=a.example; dkim=pass (signature was verified) header.d=a.example;"
    "dmarc=pass action=none header.from=a.example;compauth=pass reason=100"
)


def dmarc(own: str, *verdicts: str) -> list[str]:
    lines = "".join(f"Authentication-Results: {verdict}\r\n" for verdict in verdicts)
    auth = Intake(own_servers=(own,))(lines.encode() + mail()).auth
    return [value for name, value in auth if name == "dmarc"]


def test_exchange_onlines_nameless_verdict_counts_for_its_own_customers_alone() -> None:
    assert dmarc(".outlook.com", EXCHANGE) == ["pass"]
    assert dmarc("mx.ekdala.example", EXCHANGE) == []


def test_only_the_topmost_nameless_verdict_is_exchange_onlines() -> None:
    failing = EXCHANGE.replace("dmarc=pass", "dmarc=fail")
    assert dmarc(".outlook.com", failing, EXCHANGE) == ["fail"]
    assert dmarc(".outlook.com", "mx.annan.example; dmarc=none", EXCHANGE) == []


HOSTILE = (
    "from " * 800,
    "from " + " " * 3_000,
    "from x" + " by" * 1_200,
    "by mx.ekdala.example (" + "(" * 3_000,
    "from " + "helo " * 700 + "by mx.ekdala.example",
    "from (" + "1.1." * 900 + ") by mx.ekdala.example",
    'mx.ekdala.example; "' + '\\"' * 1_900,
    "mx.ekdala.example; " + "(" * 3_900,
    "mx.ekdala.example; " + "(a" * 1_000 + ")" * 1_000,
    "mx.ekdala.example" + ";" * 3_900,
)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_header_takes_long_to_judge(value: str) -> None:
    lines = b"".join(name + b": " + value.encode() + b"\r\n" for name in [b"Received", b"Authentication-Results"] * 200)
    begun = time.process_time()
    Intake(own_servers=OWN)(lines + mail())
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ({"X_Kommun_Filter": "Skräp; 9.1"}, MessageKind.SPAM),
        ({"x_kommun_filter": "SKRÄP"}, MessageKind.SPAM),
        ({"X_Kommun_Filter": "Rent"}, MessageKind.CITIZEN),
        ({"X_Annat_Filter": "Skrap"}, MessageKind.CITIZEN),
    ],
)
def test_the_own_filter_speaks_in_its_own_words(header: dict[str, str], kind: MessageKind) -> None:
    ascii_header = {name: value.replace("ä", "a").replace("Ä", "A") for name, value in header.items()}
    assert Intake(spam_headers=("X-Kommun-Filter: skrap",))(mail(**ascii_header)).kind is kind


def test_a_mark_is_the_same_in_capitals() -> None:
    assert Intake(spam_headers=("X-Spam-Flag: YES",))(mail(X_Spam_Flag="Yes")).kind is MessageKind.SPAM


def test_a_bounce_that_the_filter_marked_finds_its_letter_all_the_same() -> None:
    bounce = b"X-Spam-Flag: YES\r\n" + (Path(__file__).parents[1] / "mails/bounces/standard.eml").read_bytes()
    assert Intake(spam_headers=("X-Spam-Flag: YES",))(bounce).kind is MessageKind.BOUNCE


def test_a_letter_with_the_words_of_a_read_receipt_is_none() -> None:
    words = "Disposition: manual-action/MDN-sent-manually; displayed\nOriginal-Message-ID: <ut1@ekdala.example>\n"
    assert Intake()(mail(words)).read_receipt == ""


def receipt(disposition: str, original: str = "Original-Message-ID: <ut1@ekdala.example>") -> bytes:
    lines = [
        "From: berit@mejl.example",
        "To: feedback@ekdala.example",
        "Subject: Lest",
        "Message-ID: <mdn@mejl.example>",
        "In-Reply-To: <ut1@ekdala.example>" if not original else "X-Y: z",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type="disposition-notification"; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Your message was displayed.",
        "--b",
        "Content-Type: message/disposition-notification",
        "",
        "Final-Recipient: rfc822; berit@mejl.example",
        original or "X-Nothing: here",
        f"Disposition: manual-action/MDN-sent-manually; {disposition}",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_a_read_receipt_names_the_letter_it_is_for() -> None:
    message = Intake()(receipt("displayed"))
    assert (message.kind, message.read_receipt) == (MessageKind.AUTO_REPLY, "ut1@ekdala.example")
    assert Intake()(receipt("displayed", "")).read_receipt == "ut1@ekdala.example"


def test_a_letter_that_was_thrown_away_was_not_read() -> None:
    message = Intake()(receipt("deleted"))
    assert (message.read_receipt, message.in_reply_to) == ("", "ut1@ekdala.example")
