"""Only what the own servers wrote is believed: times of receipt and verdicts on the sender."""

from datetime import UTC, datetime

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


def test_verdicts_name_the_sender_they_are_about():
    verdict = "Authentication-Results: in.alvsby.example 1;\n spf=pass (sender ok) smtp.mailfrom=medborgare.example;\n"
    message = parse((verdict + " dmarc=pass header.from=medborgare.example\n" + REST).encode(), own_servers=OWN)
    assert dict(message.auth)["dmarc"] == "pass"
    assert dict(message.auth)["header.from"] == "medborgare.example"
