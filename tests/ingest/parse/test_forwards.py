"""Mails passed on by clients of many kinds: who wrote first, and what."""

import base64

import pytest

from cases.inbound.messages import Mailaddress
from ingest.parse import parse

LETTER = "Lampan på Ringvägen lyser inte."
SIGNED = f"> {LETTER}"
BO = '"Bo Ek" <bo@medborgare.example>'
DANISH = "Fra: Bo Ek <bo@medborgare.example>\nSendt: tirsdag 24. november 2026 09:12\nTil: Eva\nEmne: Lampa"
FINNISH = "Lähettäjä: Bo Ek <bo@medborgare.example>\nLähetetty: tiistai 24. marraskuuta 2026 9.12\nAihe: Lampa"
BLOCK = f"From: {BO}\nTo: eva@medborgare.example\nSubject: Lampa\nDate: Tue, 24 Nov 2026 09:12:33 +0100"


def passed_on(subject: str, below: str):
    head = f"From: Eva Al <eva@alvsby.example>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return parse(f"{head}Kan du ta den?\n\n{below}\n".encode())


@pytest.mark.parametrize(
    ("subject", "below"),
    [
        ("VS: Lampa", f"{DANISH}\n\n{LETTER}"),
        ("Redir.: Lampa", f"{BLOCK}\n\n{LETTER}"),
        ("İLT: Lampa", f"{BLOCK}\n\n{LETTER}"),
        ("VB: Lampa", f"Den 2026-11-24 09:12 skrev {BO} följande:\n\n{LETTER}"),
        ("Vb: Lampa", f"----- Vidarebefordrat meddelande -----   Från: {BO}Till: eva@x.example Ämne: Lampa\n{LETTER}"),
        ("Fw: Lampa", f"-------- Forwarded Message --------\n{BLOCK}\n\n{SIGNED}"),
        ("Lampa", f"--------- Wiadomość przesłana dalej ---------\n{BLOCK}\n\n{LETTER}"),
        (
            "VB: Lampa",
            f"Från: Bo Ek (bo@medborgare.example)\nSkickat: den 24 november 2026 09:12\nTill: Eva\n\n{LETTER}",
        ),
        ("VB: Lampa", f"{BLOCK}\n\n[EXTERN] Detta mejl kommer utifrån. Klicka inte på länkar.\n\n{LETTER}"),
        ("Fwd: Lampa", "\n".join(f"> {line}" for line in f"{BLOCK}\n\n{LETTER}".split("\n"))),
    ],
)
def test_who_wrote_first_and_what(subject, below):
    message = passed_on(subject, below)
    assert message.message == "Kan du ta den?"
    assert message.forwarded_from == Mailaddress("Bo Ek", "bo@medborgare.example")
    assert message.forwarded_text == LETTER


def test_an_answer_in_finnish_passes_nothing_on():
    assert passed_on("VS: Lampa", f"{FINNISH}\n\n{LETTER}").forwarded_from is None


def test_quotes_within_what_was_passed_on_are_none_of_it():
    below = f"-------- Forwarded Message --------\n{BLOCK}\n\n{SIGNED}\n> > Hur är det?"
    assert passed_on("Fw: Lampa", below).forwarded_text == LETTER


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/x-eml"])
def test_a_mail_attached_as_a_mere_file_is_opened(kind):
    inside = f"From: {BO}\nSubject: Lampa\nContent-Type: text/plain; charset=utf-8\n\n{LETTER}\n".encode()
    head = b"From: Eva Al <eva@alvsby.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSe nedan.\n--b\n"
    file = f"Content-Type: {kind}; name=lampa.eml\nContent-Transfer-Encoding: base64\n\n".encode()
    message = parse(head + file + base64.encodebytes(inside) + b"--b--\n")
    assert message.forwarded_from == Mailaddress("Bo Ek", "bo@medborgare.example")
    assert (message.message, message.forwarded_text) == ("Se nedan.", LETTER)
    assert [file.name for file in message.attachments] == ["lampa.eml"]


def test_a_file_that_is_called_a_mail_and_is_none_stays_a_file():
    head = b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHej\n--b\n"
    message = parse(head + b"Content-Type: application/octet-stream; name=a.eml\n\nNotes: none\n--b--\n")
    assert (message.text, [file.content for file in message.attachments]) == ("Hej", [b"Notes: none"])
