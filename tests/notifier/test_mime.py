"""The mail as it leaves: headers nobody can inject into, both parts, threading, and the marks of RFC 3834."""

from dataclasses import replace
from datetime import timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import DeliveryError
from cases.letters.letter import Letter, LetterKind
from cases.store.views import AttachmentFile
from ingest.parse import parse
from notifier.mime import Identity, compose, one_line, to_bytes
from tests.notifier.conftest import IDENTITY, NOW, body, entry, letter

HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language"}
MARKS = {"Auto-Submitted", "X-Auto-Response-Suppress"}


def sent(one, identity=IDENTITY) -> EmailMessage:
    content = to_bytes(compose(one, identity, NOW))
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def plain(message: EmailMessage, name: str) -> str:
    """A header decoded without the new policy's parser, which puts blanks between encoded words of a name."""
    raw = message_from_bytes(message.as_bytes())[name].replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(raw)))


def test_a_letter_has_text_and_html_and_who_sent_it_when():
    mail = sent(entry(reply_to="svar+abc@ekdala.example"))
    assert set(mail.keys()) == HEADERS | MARKS | {"Reply-To"}
    assert mail["From"] == "Ekdala kommun <synpunkter@ekdala.example>"
    assert mail["To"] == "bo1@mejl.example"
    assert mail["Reply-To"] == "svar+abc@ekdala.example"
    assert mail["Subject"] == "Svar på ditt ärende [EK-2026-00001]"
    assert mail["Message-ID"] == f"<{1:032x}@ekdala.example>"
    assert parsedate_to_datetime(mail["Date"]) == NOW
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert body(text) == "Hej!\n\nLyktan är lagad.\n"
    assert body(html) == "<p>Hej!</p>\n<p>Lyktan är lagad.</p>\n"


def test_a_letter_without_html_is_plain_text():
    bare = entry(letter=Letter(LetterKind.SVAR, "sv", "Hej", "Hej då\n", ""))
    mail = sent(bare)
    assert mail.get_content_type() == "text/plain"
    assert body(mail) == "Hej då\n"


@pytest.mark.parametrize(
    ("kind", "automatic", "mark"),
    [
        (LetterKind.MOTTAGNING, True, "auto-replied"),
        (LetterKind.LANGRE_TID, True, "auto-replied"),
        (LetterKind.SVAR, False, None),
        (LetterKind.TILL_HANDLAGGARE, True, "auto-generated"),
        (LetterKind.TILL_CHEF, False, "auto-generated"),
    ],
)
def test_only_what_no_person_sent_is_marked_automatic(kind, automatic, mark):
    mail = sent(entry(kind=kind, automatic=automatic))
    assert mail["Auto-Submitted"] == mark
    assert mail["X-Auto-Response-Suppress"] == ("All" if mark else None)
    assert mail["Precedence"] is None


def test_a_thread_is_kept_with_long_and_odd_ids():
    long = f"<{'a' * 180}@mejl.example>"
    odd = (
        "<two words@x.example>",
        "no-brackets@x.example",
        "<å@x.example>",
        "<a@x>\r\nBcc: x@y.example",
        "<" + "b" * 300,
    )
    mail = sent(entry(in_reply_to=long, references=(*odd, "<first@mejl.example>", long)))
    assert mail["In-Reply-To"] == long
    assert mail["References"].split() == ["<first@mejl.example>", long]
    assert mail["Bcc"] is None


def test_only_the_newest_references_are_sent():
    ids = tuple(f"<{n}@mejl.example>" for n in range(100))
    assert sent(entry(references=ids))["References"].split() == list(ids[-20:])


@pytest.mark.parametrize("field", ["recipient", "reply_to"])
@pytest.mark.parametrize(
    "address",
    [
        "bo@mejl.example\r\nBcc: alla@mejl.example",
        "bo@mejl.example, eva@mejl.example",
        "Bo <bo@mejl.example>",
        "bo@mejl.example> SIZE=1",
        "bo",
        "@mejl.example",
        "bo@",
        "båt@mejl.example",
        "bo..ek@mejl.example",
        "bo ek@mejl.example",
    ],
)
def test_an_impossible_address_fails_the_letter_for_good(field, address):
    with pytest.raises(DeliveryError, match="går inte att skicka till") as caught:
        compose(replace(entry(), **{field: address}), IDENTITY, NOW)
    assert not caught.value.retryable
    assert address not in str(caught.value)


def test_a_swedish_domain_leaves_in_idna():
    assert sent(entry(recipient="bo@räksmörgås.example"))["To"] == "bo@xn--rksmrgs-5wao1o.example"


def test_arabic_and_cyrillic_travel_in_base64_and_swedish_can_be_read_as_it_is():
    arabic = letter(subject="لقد تلقينا رسالتك / Vi har tagit emot ditt meddelande")
    mail = sent(entry(letter=replace(arabic, text="شكراً لتواصلك معنا.\n" * 5)))
    part = next(iter(mail.iter_parts()))
    assert part["Content-Transfer-Encoding"] == "base64"
    assert body(part) == "شكراً لتواصلك معنا.\n" * 5
    assert mail["Subject"] == arabic.subject
    assert next(iter(sent(entry()).iter_parts()))["Content-Transfer-Encoding"] == "quoted-printable"


def test_a_line_of_any_length_travels():
    long = "Ett ord till, å ja. " * 500
    mail = sent(entry(letter=replace(letter(), text=long + "\n.\n", html="<p>" + "x" * 5000 + "</p>")))
    text, html = mail.iter_parts()
    assert body(text) == long + "\n.\n"
    assert body(html).strip() == "<p>" + "x" * 5000 + "</p>"


def test_the_date_keeps_its_zone():
    mail = message_from_bytes(to_bytes(compose(entry(), IDENTITY, NOW.astimezone(timezone(timedelta(hours=1))))))
    assert mail["Date"] == "Thu, 26 Nov 2026 10:30:00 +0100"


@given(st.text(max_size=300), st.text(max_size=120))
def test_no_subject_or_name_can_begin_a_header(subject, name):
    mail = sent(entry(letter=letter(subject=subject)), Identity(name, "synpunkter@ekdala.example"))
    assert set(mail.keys()) == HEADERS | MARKS
    assert plain(mail, "Subject") == one_line(subject)
    assert [a.addr_spec for a in mail["From"].addresses] == ["synpunkter@ekdala.example"]


@pytest.mark.parametrize(
    "name",
    [
        "Ekdala kommun. Vard, skola och omsorg, med kundtjanst och vaxel i stadshuset",
        'Ekdala kommun (Hallen "Sjovik", badet, badhuset, kundtjansten och biblioteket)',
    ],
)
def test_a_long_name_keeps_its_quotes(name):
    mail = sent(entry(), Identity(name, "synpunkter@ekdala.example"))
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
        (name, "synpunkter@ekdala.example")
    ]


@given(st.text(alphabet=st.characters(min_codepoint=160, max_codepoint=0x2FFF), min_size=1, max_size=120))
def test_a_foreign_name_arrives_as_it_was_written(name):
    shown = one_line(name)[:80].strip()
    mail = sent(entry(), Identity(name, "synpunkter@ekdala.example"))
    assert plain(mail, "From") == (f"{shown} <synpunkter@ekdala.example>" if shown else "synpunkter@ekdala.example")


@given(st.text(max_size=2000), st.text(max_size=500))
def test_any_text_arrives(text, html):
    mail = sent(entry(letter=replace(letter(), text=text, html="<p>" + html)))
    got = body(next(iter(mail.iter_parts())))
    wanted = text.encode("utf-8", "replace").decode()
    assert got.split() == wanted.split()


def enclosed(name: str, kind: str, content: bytes) -> AttachmentFile:
    return AttachmentFile("1-0", "1", name, kind, len(content), "", content)


def test_files_go_after_the_letter_each_under_its_name():
    name = "Karta över Ekgården med den nya gångvägen och alla träd som ska stå kvar – reviderad.pdf"
    files = [
        enclosed(name, "application/pdf", bytes(range(256)) * 40),
        enclosed("a\r\nBcc: x.txt", "text/plain", b"ja"),
    ]
    content = to_bytes(compose(entry(), IDENTITY, NOW, files))
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    mail = message_from_bytes(content, policy=policy.default)
    letter_part, first, second = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert letter_part.get_content_type() == "multipart/alternative"
    assert (first.get_filename(), first.get_content(), first.get_content_disposition()) == (
        name,
        files[0].content,
        "attachment",
    )
    assert (second.get_filename(), second.get_payload(decode=True)) == ("a Bcc: x.txt", b"ja")
    assert mail["Bcc"] is None
    read = parse(content)
    assert [one.name for one in read.attachments] == [name, "a Bcc: x.txt"]
    assert "Lyktan är lagad." in read.text


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "konstigt", "text/"])
def test_a_file_is_never_a_mail_of_its_own(kind):
    mail = message_from_bytes(
        to_bytes(compose(entry(), IDENTITY, NOW, [enclosed("brev.eml", kind, b"From: a@b.example\r\n\r\nHej")])),
        policy=policy.default,
    )
    last = list(mail.iter_parts())[-1]
    assert (last.get_content_type(), last.get_payload(decode=True)) == (
        "application/octet-stream",
        b"From: a@b.example\r\n\r\nHej",
    )
