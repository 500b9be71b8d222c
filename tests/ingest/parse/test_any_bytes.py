"""Whatever the bytes are, reading ends soon and raises nothing but UnreadableMessage (Hypothesis; limits in time)."""

import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.errors import UnreadableMessage
from cases.inbound.messages import InboundMessage
from ingest.parse import parse
from ingest.parse_json import to_json
from tests.ingest.parse.mails import MAILS

SEEDS = [path.read_bytes() for path in sorted(MAILS.rglob("*.eml"))]
PIECES = [
    b"\r\n", b"\n\n", b"--b1", b"=?utf-8?Q?", b"?=", b'Content-Type: multipart/mixed; boundary="b1"\n\n', b"\x00",
    b"\xff",
    b"> ", b"begin 644 a\n", b"=ybegin name=a\n", b"charset=utf-7", b"message/rfc822", b"text/html\n\n<table><tr><td>",
    b'"', b"(", b"<", b"@", b":", b";", b"*0*=", b"application/ms-tnef", b"\x1b$B", b"Final-Recipient: rfc822; ",
    b"report-type=delivery-status", b"<blockquote>", b" skrev:", b"Fr\xc3\xa5n: ", b"-- \n", b"9" * 20,
]  # fmt: skip
EDIT = st.tuples(st.integers(0, 5000), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=8))
EDITS = st.lists(EDIT, max_size=12)


def read(content: bytes) -> InboundMessage | None:
    """Return what was read, soon; an UnreadableMessage that hides a fault of ours is a failure."""
    started = time.process_time()
    message = _read(content)
    # Of the processor's time, which is the same however busy the machine is.
    assert time.process_time() - started < 2
    return message


def _read(content: bytes) -> InboundMessage | None:
    try:
        message = parse(content, own_servers=["in.alvsby.example"])
    except UnreadableMessage as error:
        assert error.__cause__ is None, repr(error.__cause__)  # noqa: PT017 - the cause is what is tested
        return None
    written = json.dumps(to_json(message), ensure_ascii=False)
    assert "\\u0000" not in written  # no database takes it
    assert written.encode()
    return message


@given(st.binary(max_size=2000))
def test_arbitrary_bytes(content):
    read(content)


@settings(max_examples=200)
@given(st.sampled_from(SEEDS), EDITS)
def test_mutated_mails(seed, edits):
    content = bytearray(seed)
    for place, cut, piece in edits:
        at = min(place, len(content))
        content[at : at + cut] = piece
    read(bytes(content))


@given(st.text(max_size=500), st.text(max_size=60))
def test_all_of_a_letter_s_text_is_kept(body, subject):
    """``text`` has every word of the letter, whatever was taken for a quote or a signature."""
    head = "From: a@medborgare.example\nMessage-ID: <a@b.example>\nContent-Type: text/plain; charset=utf-8\n"
    message = read(f"{head}Subject: {subject.encode('unicode_escape').decode()}\n\n{body}".encode("utf-8", "replace"))
    assert message is not None
    written = unicodedata.normalize("NFC", body.encode("utf-8", "replace").decode())
    lost = {word for word in written.split() if word.isalnum() and word not in message.text}
    assert not lost


HEAD = b"From: a@medborgare.example\nSubject: x\n"
HUGE = {
    "one line": HEAD + b"\n" + b"a " * 500_000,
    "quote signs": HEAD + b"\n" + b"> a\n" * 200_000,
    "attributions": HEAD + b"\n" + b"Den 3 nov 2026 10:00 skrev a@b.example\n" * 20_000,
    "header labels": HEAD + b"\n" + "Från: a\n".encode() * 100_000,
    "encoded words": b"Subject: " + b"=?utf-8?Q?a " * 20_000 + b"\n\nx",
    "headers": b"".join(b"X-%d: y\n" % number for number in range(50_000)) + b"\nx",
    "colons in To": b"To: " + b"a:" * 100_000 + b"\n\nx",
    "parts": HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 50_000,
    "depth": HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 3_000,
    "mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 5_000 + b"x",
    "boundaries in one line": HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--bx" * 200_000,
    "tables": HEAD + b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 3_000,
    "boxes of no size": HEAD
    + b"Content-Type: text/html\n\n"
    + b"<div style='font-size:0'>" * 2_000
    + b"<b>Till:</b>" * 50_000,
    "paragraphs": HEAD + b"Content-Type: text/html\n\n" + b"<p>x</p>" * 100_000,
    "links": HEAD + b"Content-Type: text/html\n\n" + b"<a href='http://x.example/1'>y</a>" * 50_000,
    "soft line breaks": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"abc \n" * 200_000,
    "parameters": HEAD + b"Content-Type: text/enriched\n\n" + b"<param>" * 200_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_mails_end_in_time(name):
    read(HUGE[name])


def test_the_texts_of_all_parts_share_one_limit():
    part = b"--b\nContent-Type: text/plain\n\n" + b"ord " * 450_000 + b"\n"
    message = read(HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + part * 3)
    assert message is not None
    assert "text longer than is read" in message.defects
