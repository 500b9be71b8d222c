"""Bounces without a standard report, as the servers of three decades word them."""

import pytest

from cases.inbound.messages import Bounce, MessageKind
from ingest.parse import parse
from ingest.reading.automatic.dsn import read_report
from tests.ingest.parse.mails import read_records

RETURNED = """
Return-Path: <synpunkter@alvsby.example>
Received: from a.example by b.example; Tue, 3 Nov 2026 08:00:00 +0100
From: Alvsby <synpunkter@alvsby.example>
To: <bo@medborgare.example>
Subject: Mottaget
Message-ID: <s9@alvsby.example>
Date: Tue, 3 Nov 2026 07:00:00 +0100

Tack!
"""
BOUNCES = read_records("bounces/wordings.txt")


def bounce_of(record: str):
    head, _, words = record.partition("\n\n")
    rest = "To: synpunkter@alvsby.example\nMessage-ID: <b@x.example>\nContent-Type: text/plain; charset=utf-8"
    return parse(f"{head}\n{rest}\n\n{words.replace('[RETURNED]', RETURNED)}".encode())


@pytest.mark.parametrize("server", BOUNCES)
def test_a_bounce_names_whom_it_is_about(server):
    message = bounce_of(BOUNCES[server])
    assert message.kind is MessageKind.BOUNCE
    assert [bounce.recipient for bounce in message.bounces] == ["bo@medborgare.example"]
    if "[RETURNED]" in BOUNCES[server]:
        assert message.bounces[0].original_message_id == "s9@alvsby.example"


@pytest.mark.parametrize("server", [name for name in BOUNCES if "delayed" in name])
def test_a_delay_is_no_failure(server):
    assert bounce_of(BOUNCES[server]).bounces[0].action == "delayed"


def test_what_a_colleague_passes_on_is_his_mail():
    record = (
        BOUNCES["qmail"].replace("Subject: ", "Subject: VB: ").replace("MAILER-DAEMON@x.example", "bo@alvsby.example")
    )
    assert bounce_of(record).kind is MessageKind.CITIZEN


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("550 Host unknown (Name server: medborgare.example: host not found)", "5.1.2"),
        ("The destination computer was not found.", "5.1.2"),
        ("User mailbox exceeds allowed size", "5.2.2"),
        ("Orsak: brevlådan är full", "5.2.2"),
        ("550 User unknown", "5.1.1"),
        ("bo wasn't found at medborgare.example.", "5.1.1"),
        ("Adressen finns inte", "5.1.1"),
        ("Domänen finns inte", "5.1.2"),
        ("552 Message size exceeds fixed maximum", "5.3.4"),
        ("554 Too many hops", "5.4.6"),
        ("message size 12345678 exceeds size limit 10240000 of server mx.medborgare.example", "5.3.4"),
        ("Mailer 5.0.1 was told: 550 5.1.1 unknown", "5.1.1"),
        ("connect to mx[192.0.2.3]:25: Connection timed\n    out", "5.4.7"),
        ("connect to mx[192.0.2.3]:25: Connection refused", "5.4.1"),
        ("mailbox bo@medborgare.example is full", "5.2.2"),
        ("Das Postfach des Empfängers ist voll.", "5.2.2"),
        ("Meddelandet är större än det får vara.", "5.3.4"),
        ("The account bo is disabled.", "5.2.1"),
        ("Message contains a virus", "5.7.1"),
        ("bo wurde unter medborgare.example nicht gefunden.", "5.1.1"),
        ("Käyttäjää bo ei löydy toimialueelta medborgare.example.", "5.1.1"),
        ("bo blev ikke fundet på medborgare.example.", "5.1.1"),
        ("bo est introuvable sur medborgare.example.", "5.1.1"),
        ("Nie znaleziono bo w medborgare.example.", "5.1.1"),
        ("لم يتم العثور على bo في medborgare.example.", "5.1.1"),
    ],
)
def test_words_give_the_status_where_no_code_does(words, status):
    record = f"From: MAILER-DAEMON@x.example\nSubject: Undeliverable mail\n\n<bo@medborgare.example>:\n{words}\n"
    assert bounce_of(record).bounces[0].status == status


def test_a_letter_about_meals_not_delivered_is_no_bounce():
    head = "From: Bo Berg <bo@medborgare.example>\nReturn-Path: <bo@medborgare.example>\nSubject: Delivery problem"
    assert bounce_of(f"{head}\n\nThe meals were not delivered to room 550 today.").kind is MessageKind.CITIZEN


def test_an_address_with_letters_beyond_ascii_is_read_from_its_escapes():
    report = "Final-Recipient: utf-8; \\x{E5}sa.\\x{1F600}.\\x{D800}@medborgare.example\nAction: failed\nStatus: 5.1.1"
    assert read_report(report)[0].recipient == "åsa.😀.\\x{D800}@medborgare.example"


@pytest.mark.parametrize(
    ("fields", "status", "action"),
    [
        ("Action: failed\nStatus: 5.1.1.", "5.1.1", "failed"),
        ("Action: failed\nDiagnostic-Code: smtp; 550 User unknown", "5.1.1", "failed"),
        ("Action: failed\nStatus: 550", "5.0.0", "failed"),
        ("Action: failed\nStatus: 5", "5.0.0", "failed"),
        ("Status: 4.4.1", "4.4.1", "delayed"),
        ("Status: 2.1.5", "2.1.5", "delivered"),
        ("Action: delivered\nDiagnostic-Code: smtp; 250 ok", "", "delivered"),
    ],
)
def test_what_a_report_leaves_out_follows_from_the_rest(fields, status, action):
    (bounce,) = read_report(f"Final-Recipient: rfc822; bo@medborgare.example\n{fields}\n")
    assert (bounce.status, bounce.action) == (status, action)


def test_a_letter_is_found_by_the_headers_that_came_back_as_global():
    mail = (
        "From: MAILER-DAEMON@x.example\nTo: synpunkter@alvsby.example\nMessage-ID: <b@x.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/global-delivery-status\n\nFinal-Recipient: rfc822; bo@medborgare.example\n"
        "--b\nContent-Type: message/global-headers\n\nMessage-ID: <s9@alvsby.example>\n--b--\n"
    )
    assert parse(mail.encode()).bounces[0].original_message_id == "s9@alvsby.example"


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [
        ("bo@medborgare.example", "Maten kunde inte levereras", "Maten kunde inte levereras i går. Ring 0550 12 34."),
        ("bo@medborgare.example", "Message blocked by snow", "The mailbox is full of snow on Storgatan."),
        ("bo@exchange.example", "Error sending form", "I got error 550 and the form could not be sent."),
    ],
)
def test_a_letter_of_what_did_not_arrive_is_a_letter(sender, subject, words):
    assert bounce_of(f"From: {sender}\nSubject: {subject}\n\n{words}").kind is MessageKind.CITIZEN


@pytest.mark.parametrize("report_type", ['multipart/report; boundary="b"', 'multipart/mixed; boundary="b"'])
def test_a_receipt_whose_type_got_lost_is_no_bounce(report_type):
    mail = (
        f"From: Bo <bo@medborgare.example>\nMessage-ID: <b@x.example>\nContent-Type: {report_type}\n\n"
        "--b\nContent-Type: text/plain\n\nLäst.\n--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; bo@medborgare.example\nDisposition: automatic-action/x; displayed\n--b--\n"
    )
    assert parse(mail.encode()).kind is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Undelivered Mail", "Jag mejlade gata@alvsby.example och fick:\n550 5.1.1 User unknown"),
        ("Olevererat", 'gata@alvsby.example fungerar inte, "kunde inte levereras". Rätta er hemsida.'),
        ("Mail delivery failed", "The mail to gata@alvsby.example could not be delivered. What is the right address?"),
        ("Mailbox full", "Mails to gata@alvsby.example are rejected with 552 5.2.2 over quota. Please fix it."),
        ("Hjälp", "Jag får detta:\n\nFinal-Recipient: rfc822; gata@alvsby.example\nAction: failed\nStatus: 5.1.1\n"),
    ],
)
def test_who_writes_about_what_came_back_to_him_is_a_citizen(subject, words):
    record = f"From: Bo Berg <bo@medborgare.example>\nSubject: {subject}\n\n{words}"
    assert bounce_of(record).kind is MessageKind.CITIZEN


def test_a_report_that_somebody_attached_is_no_bounce():
    mail = (
        "From: Bo <bo@medborgare.example>\nSubject: VB: retur\nMessage-ID: <b@x.example>\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nVart ska jag skriva?\n'
        "--b\nContent-Type: message/delivery-status\n\n"
        "Final-Recipient: rfc822; gata@alvsby.example\nStatus: 5.1.1\n--b--\n"
    )
    assert parse(mail.encode()).kind is MessageKind.CITIZEN


def test_a_nameless_program_that_tells_what_became_of_your_mail_is_no_person():
    record = (
        "From: info@x.example\nSubject: Mail delivery failed\n\nYour message to bo@medborgare.example was rejected."
    )
    assert bounce_of(record).kind is MessageKind.BOUNCE


@pytest.mark.parametrize(
    ("words", "status", "action"),
    [
        ("451 4.3.0 Temporary lookup failure. I'm not going to try again.", "4.3.0", "failed"),
        ("Remote Server returned '550 4.4.7 QUEUE.Expired; message expired'", "4.4.7", "failed"),
        ("Servern har slutat försöka: 451 4.4.1 time-out", "4.4.1", "failed"),
        ("550 5.2.3 Exchange will not try to redeliver this message.", "5.2.3", "failed"),
        ("451 4.3.0 Temporary lookup failure", "4.3.0", "delayed"),
        ("Leveransen är fördröjd. Vi försöker på nytt.", "4.0.0", "delayed"),
        ("Brevet har inte levererats ännu.", "4.0.0", "delayed"),
        ("This warning only tells that the mail will be retried: 550 5.7.1 rejected", "4.7.1", "delayed"),
    ],
)
def test_a_passing_error_is_a_delay_until_the_server_gives_up(words, status, action):
    record = f"From: MAILER-DAEMON@x.example\nSubject: Message status\n\n<bo@medborgare.example>:\n{words}\n"
    (bounce,) = bounce_of(record).bounces
    assert (bounce.status, bounce.action) == (status, action)


def test_each_recipient_has_the_reason_that_stands_with_it():
    record = (
        "From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail\n\n<bo@medborgare.example>: unknown user\n\n"
        "<eva@medborgare.example>: mailbox is full\n"
    )
    # The returned mail's headers may name but one of them.
    returned = "\nReceived: from x\nTo: bo@medborgare.example\nSubject: Svar\nMessage-ID: <s9@alvsby.example>\n"
    for bounced in (record, record + returned):
        found = {bounce.recipient.partition("@")[0]: bounce.status for bounce in bounce_of(bounced).bounces}
        assert found == {"bo": "5.1.1", "eva": "5.2.2"}


def test_words_below_headers_that_a_bounce_cites_indented_are_its_own():
    record = (
        "From: postmaster@x.example\nSubject: Delivery Notification: Delivery has failed\n\nAbout this message:\n\n"
        "  Return-path: <synpunkter@alvsby.example>\n  Message-id: <s9@alvsby.example>\n"
        "  Date: Tue, 3 Nov 2026 07:00:00 +0100\n  To: bo@medborgare.example\n\n"
        "It cannot be delivered:\n\n  Recipient address: bo@medborgare.example\n  Reason: 550 5.1.1 User unknown\n"
    )
    (bounce,) = bounce_of(record).bounces
    assert bounce == Bounce("bo@medborgare.example", "5.1.1", "failed", "s9@alvsby.example")


def test_what_a_report_says_between_the_subject_and_the_headers_it_cites_is_its_own():
    record = (
        "From: postmaster@x.example\nSubject: Undeliverable: Svar\n\n"
        "Your message to bo@medborgare.example couldn't be delivered.\n\nOriginal Message Details\n"
        "Recipient Address: bo@medborgare.example\nSubject: Svar\n\nError Details\n"
        "Reported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound\n\nOriginal Message Headers\n"
        "Message-ID: <s9@alvsby.example>\nFrom: synpunkter@alvsby.example\nDate: Tue, 3 Nov 2026 07:00:00 +0100\n"
    )
    (bounce,) = bounce_of(record).bounces
    assert bounce == Bounce("bo@medborgare.example", "5.1.10", "failed", "s9@alvsby.example")


@pytest.mark.parametrize("address", ["åsa@medborgare.example", "bo@räksmörgås.example"])
def test_an_address_with_letters_beyond_ascii_is_read_in_prose(address):
    record = f"From: MAILER-DAEMON@x.example\nSubject: Undelivered mail\n\n<{address}>: unknown user"
    assert [bounce.recipient for bounce in bounce_of(record).bounces] == [address]


@pytest.mark.parametrize("kind", ["text/plain; name=details.txt", "application/octet-stream; name=ATT00001"])
def test_a_report_that_a_gateway_made_a_file_of_is_read(kind):
    fields = "Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; bo@medborgare.example\nAction: failed\n"
    mail = (
        "Return-Path: <>\nFrom: postmaster@x.example\nSubject: Undeliverable\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry\n"
        f"--b\nContent-Type: {kind}\n\n{fields}Status: 5.2.2\n--b--\n"
    )
    assert parse(mail.encode()).bounces == (Bounce("bo@medborgare.example", "5.2.2", "failed", ""),)


def test_a_forwarding_service_that_could_not_send_is_a_bounce():
    words = "Your email to <bo@medborgare.example> couldn't be delivered."
    record = f"From: noreply@x.example\nSubject: Email cannot be sent\n\n{words}"
    assert bounce_of(record).kind is MessageKind.BOUNCE


def test_brackets_around_an_address_are_none_of_it_but_those_of_a_machine_by_number():
    record = "From: MAILER-DAEMON@x.example\nSubject: Undeliverable mail\n\n[SMTP:{}]: User unknown\n"
    for address in ("bo@medborgare.example", "bo@[192.0.2.7]"):
        assert bounce_of(record.format(address)).bounces[0].recipient == address


def test_the_return_address_of_a_forwarder_is_nobody_who_failed():
    record = (
        "From: MAILER-DAEMON@x.example\nSubject: Undelivered mail\n\n<SRS0=ab=cd=alvsby.example=gata@x.example>\n\n"
        "bo@medborgare.example: unknown user"
    )
    assert [bounce.recipient for bounce in bounce_of(record).bounces] == ["bo@medborgare.example"]


@pytest.mark.parametrize(
    "returned",
    [
        "--b\nContent-Type: application/octet-stream; name=a.eml\n\nSubject: Svar\nMessage-ID: <s9@alvsby.example>\n",
        "--b\n\n> From: gata@alvsby.example\n> Message-ID: <s9@alvsby.example>\n> Subject: Svar\n",
        "--b\n\nMessage  : md5.msg\nSubject  : Svar\nMsg-ID   : <s9@alvsby.example>\n",
    ],
)
def test_our_letter_is_found_in_a_file_or_a_quote(returned):
    mail = (
        'From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary="b"\n\n--b\n'
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bo@medborgare.example\n"
    )
    assert parse(f"{mail}{returned}--b--\n".encode()).bounces[0].original_message_id == "s9@alvsby.example"


def test_whom_a_report_names_by_a_link_alone_is_who_failed():
    words = '<p>Delivery has failed to these recipients:</p><a href="mailto:bo@medborgare.example">Bo Alm</a>'
    mail = f"From: postmaster@x.example\nSubject: Undeliverable: Svar\nContent-Type: text/html\n\n{words}"
    assert [bounce.recipient for bounce in parse(mail.encode()).bounces] == ["bo@medborgare.example"]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("غير قابل للتسليم: Lampa", "تعذر تسليم رسالتك إلى bo@medborgare.example."),
        ("לא ניתן למסירה: Lampa", "ההודעה שלך אל bo@medborgare.example לא נמסרה."),
        ("قابل تحویل نیست: Lampa", "پیام شما به bo@medborgare.example تحویل داده نشد."),
    ],
)
def test_a_bounce_in_a_script_from_the_right_is_one(subject, words):
    message = bounce_of(f"From: postmaster@x.example\nSubject: {subject}\n\n{words}")
    assert [bounce.recipient for bounce in message.bounces] == ["bo@medborgare.example"]


@pytest.mark.parametrize(
    "words", ["bo@medborgare.example: user unknown", "The mailbox of bo@medborgare.example is unknown."]
)
@pytest.mark.parametrize("name", ["Nabo mailing list", "You received this message because you are a member of Nabo."])
def test_the_address_below_a_list_s_rule_is_nobody_who_failed(words, name):
    footer = f"{'_' * 47}\n{name}\nnabo@lists.example\nhttps://lists.example/nabo"
    record = f"From: MAILER-DAEMON@x.example\nSubject: Undelivered mail\n\n{words}\n\n{footer}"
    assert bounce_of(record).bounces == (Bounce("bo@medborgare.example", "5.1.1", "failed", ""),)
