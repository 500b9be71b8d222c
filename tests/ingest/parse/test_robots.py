"""Telling machines' mail from people's, in both directions: a citizen taken for a robot is never answered."""

import pytest

from cases.messages import MessageKind
from ingest.parse import parse
from tests.ingest.parse.mails import MAILS

AUTOMATIC = (MAILS / "robots/subjects-automatic.txt").read_text(encoding="utf-8").splitlines()
WRITTEN = (MAILS / "robots/subjects-written.txt").read_text(encoding="utf-8").splitlines()


def kind_of(*headers: str, body: str = "Jag är åter på måndag.") -> MessageKind:
    given = "\n".join(headers)
    base = (
        "From: Anna Lind <anna@medborgare.example>\nTo: synpunkter@alvsby.example\nMessage-ID: <a@medborgare.example>"
    )
    return parse(f"{base}\n{given}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n".encode()).kind


@pytest.mark.parametrize("subject", AUTOMATIC)
def test_an_absence_notice_is_known_by_its_subject(subject):
    assert kind_of(f"Subject: {subject}") is MessageKind.AUTO_REPLY


def test_an_absence_that_answers_our_letter_is_a_notice():
    head = ("Subject: Frånvaro: Anna Lind", "In-Reply-To: <s1@alvsby.example>")
    assert kind_of(*head, body="Hej!") is MessageKind.AUTO_REPLY


def test_an_answer_to_an_automatic_answer_is_a_letter():
    head = ("Subject: SV: Automatiskt svar: Lampan", "In-Reply-To: <s1@alvsby.example>")
    quote = "> Detta är ett automatiskt svar. Jag är åter på måndag."
    assert kind_of(*head, body=f"Hej! Lampan är trasig fortfarande.\n\n{quote}") is MessageKind.CITIZEN
    assert kind_of(*head, body="Jag är åter på måndag.") is MessageKind.AUTO_REPLY


def test_a_receipt_quoted_below_a_letter_does_not_make_it_automatic():
    quote = "> Detta är ett automatiskt svar från kommunen."
    assert kind_of("Subject: SV: Lampan", body=f"Tack!\n\n{quote}") is MessageKind.CITIZEN


@pytest.mark.parametrize("subject", WRITTEN)
def test_a_letter_about_absence_is_a_letter(subject):
    assert kind_of(f"Subject: {subject}", body="Hej! Kan ni hjälpa mig med detta?") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        'Auto-Submitted: (vacation) Auto-Replied; owner-email="anna@medborgare.example"',
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-notified",
        "X-Autoreply: yes",
        "X-Autorespond: out",
        "X-POST-MessageClass: 9; Autoresponder",
        "X-Precedence: auto_reply",
        "Delivered-To: Autoresponder",
        "Precedence: auto_reply",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="x"',
    ],
)
def test_headers_of_machines(header):
    assert kind_of("Subject: Lampan", header) is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        'Auto-Submitted: (a person) "No"',
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: DR, RN, NRN, OOF",
        "Auto-Submitted: auto-generated\nReply-To: Anna Lind <anna.lind@annan.example>",
        "X-Spam-Status: No, score=-2",
        "X-MS-Exchange-Organization-SCL: 1",
        "X-Priority: 1",
        # A colleague's rule passes on what citizens write to him.
        "X-MS-Exchange-Inbox-Rules-Loop: anna@alvsby.example",
    ],
)
def test_headers_of_people(header):
    assert kind_of("Subject: Lampan", header, body="Lampan är trasig.") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "header", ["List-Id: Nytt <nytt.lista.example>", "Precedence: bulk", "List-Post: <mailto:nytt@lista.example>"]
)
def test_headers_of_lists(header):
    assert kind_of("Subject: Lampan", header) is MessageKind.LIST


@pytest.mark.parametrize(
    "header",
    ["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=22", "X-MS-Exchange-Organization-SCL: 6", "Subject: [SPAM] Vinn"],
)
def test_headers_of_the_own_spam_filter(header):
    assert kind_of(header) is MessageKind.SPAM


def test_a_subject_alone_is_a_letter_when_it_says_something():
    assert kind_of("Subject: Lampan trasig på Storgatan 5", body="") is MessageKind.CITIZEN
    assert kind_of("Subject: test", body="") is MessageKind.EMPTY
    assert kind_of("Subject: SV: VB:", body="\n\n") is MessageKind.EMPTY
