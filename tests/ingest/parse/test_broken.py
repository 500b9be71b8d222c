"""Mails whose header block is broken, absent or not where it should be: who wrote is known and the letter is whole."""

import pytest

from ingest.parse import parse

LETTER = "Lampan på torget lyser inte."
FROM = "From: Anna Ek <anna@x.example>\nSubject: Lampa\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n"
PDF = "Content-Type: application/pdf; name=a.pdf\n\n%PDF\n"
MIXED = "Content-Type: multipart/mixed; boundary=b\n\n"
READ_WHOLE = {
    "a space before every colon": f"{FROM}{PLAIN}".replace(": ", " : ") + f"\n{LETTER}",
    "an empty line behind the first field": f"Received: from a by b\n\n{FROM}{PLAIN}\n{LETTER}",
    "empty lines in a spam filter's report": (
        f"X-Spam_report: Spam has\n been looked for.\n\n Preview: Hej\n\n\n pts rule\n{FROM}{PLAIN}\n{LETTER}"
    ),
    "an empty line before a spam filter's fields": (
        f"{FROM}\nContent-Type: text/html\nX-Spam_score: 7.1\nX-Spam_report: +++\n \n pts rule\n\n<p>{LETTER}</p>"
    ),
    "an empty line before what the body is": f"{FROM}\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>{LETTER}</p>",
    "more fields than are read before From": "Received: from a by b\n" * 2_500 + f"{FROM}{PLAIN}\n{LETTER}",
    "carriage returns alone between the fields": f"{FROM}{PLAIN}\n".replace("\n", "\r") + LETTER + "\n" * 50,
    "the letter above the first boundary": f"{FROM}{MIXED}{LETTER}\n--b\n{PDF}--b--\n",
    "a multipart that is called plain text": f"{FROM}{PLAIN}\n--b\n{PLAIN}\n{LETTER}\n--b\n{PDF}--b--\n",
    "control signs": f"{FROM}{PLAIN}\nLampan\x07 på\x00 torget\x1b lyser\x7f inte.",
}


@pytest.mark.parametrize("name", READ_WHOLE)
def test_a_broken_mail_is_read_whole(name):
    message = parse(READ_WHOLE[name].encode())
    assert (message.from_addr, message.subject, message.text) == ("anna@x.example", "Lampa", LETTER)


@pytest.mark.parametrize(
    "letter",
    [
        "Obs: lampan är trasig\nPlats: torget\n\nTack",
        "Hej: jag undrar\nlampan är trasig\n\nTack",
        f"{LETTER}\n\n{FROM.strip()}",
    ],
)
def test_lines_like_fields_are_no_headers_and_a_letter_above_headers_is_kept(letter):
    assert parse(letter.encode()).text == letter


@pytest.mark.parametrize(
    "body",
    [
        f"Subject: Grop\n\n{LETTER}",  # what is known already is said of another mail
        "Content-Type: text/html är fel\n\nPlats: torget",
        f"Med vänlig hälsning\nMIME-Version: 1.0\n\n{LETTER}",
    ],
)
def test_a_letter_that_begins_like_a_header_stays_a_letter(body):
    assert parse(f"{FROM}{PLAIN}\n{body}".encode()).text == body


def test_a_preamble_is_no_text_beside_a_letter_or_when_it_says_what_mime_is():
    part = f"{PLAIN}\n{LETTER}\n"
    assert parse(f"{FROM}{MIXED}Ovan\n--b\n{part}--b--\n".encode()).text == LETTER
    assert parse(f"{FROM}{MIXED}This is a multi-part message in MIME format.\n--b\n{PDF}--b--\n".encode()).text == ""


def test_what_is_nested_deeper_than_is_opened_is_shown_as_its_source():
    levels = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60))
    assert LETTER in parse(f"{FROM}{levels}{PLAIN}\n{LETTER}".encode()).text


def test_a_mail_whose_lines_all_end_twice_keeps_its_letter_and_its_files():
    pdf = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
    mail = f"{FROM}{MIXED}--b\n{PLAIN}\n{LETTER}\n\nHej\n--b\n{pdf}--b--\n".replace("\n", "\r\r\n")
    message = parse(mail.encode())
    assert (message.text, [file.content for file in message.attachments]) == (f"{LETTER}\n\nHej", [b"%PDF"])
    assert "doubled carriage returns" in message.defects
