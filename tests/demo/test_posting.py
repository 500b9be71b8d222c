"""Posting the sample letters through the real servers."""

import smtplib
from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from service.demo.letters import SampleLetter, sample_letters
from service.demo.posting import Receipt, fill_in, post_letters
from service.demo.servers import EmbeddedPost

LETTERS = sample_letters()
PATTERN = "EK-{year}-{serial:05d}"


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost() as running:
        yield running


def inbox(post: EmbeddedPost) -> list[bytes]:
    client = IMAPClient(post.imap_host, post.imap_port, ssl=False, timeout=10)
    try:
        client.login(post.imap_user, post.imap_password)
        client.select_folder("INBOX")
        return [got[b"BODY[]"] for got in client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()]
    finally:
        client.shutdown()


def send_receipt(post: EmbeddedPost, letter: SampleLetter, number: int) -> None:
    body = (
        f"From: feedback@ekdala.example\r\nSubject: Vi har tagit emot ditt meddelande\r\n"
        f"Message-ID: <kvitto-{number}@ekdala.example>\r\nIn-Reply-To: {letter.message_id}\r\n"
        f"Auto-Submitted: auto-replied\r\n\r\nDitt ärendenummer är EK-2026-{number:05d}.\r\n"
    )
    with smtplib.SMTP(post.smtp_host, post.smtp_port, timeout=10) as smtp:
        smtp.sendmail("feedback@ekdala.example", [letter.sender], body.encode())


def test_letters_that_answer_a_receipt_come_last_and_quote_it(post):
    for number, letter in enumerate(LETTERS, start=1):
        if letter.receipt:
            send_receipt(post, letter, number)
    report = post_letters(post, LETTERS, number_pattern=PATTERN, patience=0)
    assert report.unposted == ()
    dependent = [letter.slug for letter in LETTERS if letter.after]
    assert list(report.posted[-len(dependent) :]) == dependent
    mails = inbox(post)
    assert len(mails) == len(LETTERS)
    assert not any(b"{{" in mail for mail in mails)
    reply, bounce, by_number, neighbour = mails[-4:]
    assert b"In-Reply-To: <kvitto-1@ekdala.example>" in reply
    assert b"EK-2026-00001" in reply
    assert bounce.startswith(b"Return-Path: <>\r\n")
    assert b"Message-ID: <kvitto-9@ekdala.example>" in bounce
    assert b"EK-2026-00003" in by_number
    assert b"EK-2026-00009" in neighbour


def test_without_receipts_the_dependent_letters_stay_unposted(post):
    report = post_letters(post, LETTERS, number_pattern=PATTERN, patience=0)
    assert set(report.unposted) == {letter.slug for letter in LETTERS if letter.after}
    assert len(inbox(post)) == len(report.posted) == len(LETTERS) - len(report.unposted)


def test_only_the_receipt_of_that_very_letter_counts(post):
    lamp = next(letter for letter in LETTERS if letter.slug == "gatlykta")
    other = next(letter for letter in LETTERS if letter.slug == "kall-skolmat")
    with smtplib.SMTP(post.smtp_host, post.smtp_port, timeout=10) as smtp:
        body = f"Message-ID: <x@ekdala.example>\r\nIn-Reply-To: {other.message_id}\r\n\r\nEK-2026-00007\r\n"
        smtp.sendmail("feedback@ekdala.example", [lamp.sender], body)
    report = post_letters(post, LETTERS, number_pattern=PATTERN, patience=0)
    assert "svar-pa-kvitto" in report.unposted


def test_an_unknown_slug_is_an_error():
    with pytest.raises(KeyError):
        fill_in(b"{{CASE_NUMBER:okand}}", {"gatlykta": Receipt("<a@b.example>", "EK-2026-00001")})
