"""The embedded mail servers, spoken to by the clients that Lyhörd uses."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from cases.errors import LyhordError
from service.demo.servers import EmbeddedPost, with_trace
from service.demo.smtp_server import Refusals

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LETTER = "From: astrid@mejl.example\nSubject: Gatlyktan\n\nDen är trasig, på riktigt.\n".encode("latin-1")


@pytest.fixture
def post() -> Iterator[EmbeddedPost]:
    with EmbeddedPost(clock=lambda: NOW) as running:
        yield running


@contextmanager
def mailbox(post: EmbeddedPost, password: str = "") -> Iterator[IMAPClient]:
    client = IMAPClient(post.imap_host, post.imap_port, ssl=False, timeout=10)
    try:
        client.login(post.imap_user, password or post.imap_password)
        client.select_folder("INBOX")
        yield client
    finally:
        client.shutdown()


def send(post: EmbeddedPost, rcpt: list[str], body: bytes = b"Subject: Hej\r\n\r\nHej.\r\n") -> dict:
    with smtplib.SMTP(post.smtp_host, post.smtp_port, timeout=10) as smtp:
        return smtp.sendmail("feedback@ekdala.example", rcpt, body)


def test_starts_and_stops_twice_and_forgets_its_mail():
    post = EmbeddedPost(clock=lambda: NOW)
    seen = []
    for _ in range(2):
        with post, mailbox(post) as client:
            seen.append(len(client.search("ALL")))
            post.deliver(LETTER)
            send(post, ["astrid@mejl.example"])
            seen.append(len(post.boxes()))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((post.imap_host, post.imap_port), timeout=5)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((post.smtp_host, post.smtp_port), timeout=5)
    assert seen == [0, 1, 0, 1]
    assert not [t for t in threading.enumerate() if t.name == "demo-post"]


def test_stop_without_start_is_nothing_and_a_second_start_is_refused(post):
    EmbeddedPost().stop()
    with pytest.raises(LyhordError, match="already started"):
        post.start()


def test_stops_in_the_middle_of_conversations():
    with EmbeddedPost() as post:
        smtp = smtplib.SMTP(post.smtp_host, post.smtp_port, timeout=10)
        client = IMAPClient(post.imap_host, post.imap_port, ssl=False, timeout=10)
        client.login(post.imap_user, post.imap_password)
        client.select_folder("INBOX")
        client.idle()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtp.noop()
    smtp.close()
    client.shutdown()
    assert post._thread is None


def test_wrong_password_is_refused(post):
    with pytest.raises(LoginError), mailbox(post, "fel"):
        pass


def test_a_delivered_letter_keeps_its_bytes_under_the_trace_headers(post):
    post.deliver(LETTER, envelope_from="astrid@mejl.example")
    with mailbox(post) as client:
        (got,) = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"]).values()
    raw = got[b"BODY[]"]
    assert raw.endswith(LETTER.replace(b"\n", b"\r\n"))
    trace = raw.partition(b"From:")[0].decode()
    assert "by mx.ekdala.example" in trace
    assert "for <feedback@ekdala.example>; Fri, 20 Nov 2026 09:30:00 +0000" in trace
    assert got[b"INTERNALDATE"].astimezone(UTC) == NOW
    assert b"\\Seen" not in got[b"FLAGS"]


@pytest.mark.parametrize(
    ("envelope_from", "verdict"),
    [("astrid@mejl.example", "pass"), ("astrid@annan.example", "none"), ("", "none")],
)
def test_dmarc_passes_only_where_envelope_and_author_agree(envelope_from, verdict):
    trace = with_trace(LETTER, envelope_from, "feedback@ekdala.example", NOW).decode("latin-1")
    assert f"Authentication-Results: mx.ekdala.example;\r\n\tdmarc={verdict} header.from=mejl.example\r\n" in trace


@given(st.binary(max_size=200), st.emails())
def test_any_bytes_can_be_delivered(raw, envelope_from):
    assert with_trace(raw, envelope_from, "feedback@ekdala.example", NOW).startswith(b"Return-Path: <")


def test_move_takes_letters_out_of_the_inbox(post):
    for _ in range(3):
        post.deliver(LETTER)
    with mailbox(post) as client:
        assert {b"MOVE", b"UIDPLUS", b"IDLE"} <= set(client.capabilities())
        client.create_folder("Mottagna")
        first, *rest = client.search("ALL")
        client.move(rest, "Mottagna")
        assert client.search("ALL") == [first]
        assert client.select_folder("Mottagna")[b"EXISTS"] == 2


def test_copy_and_uid_expunge_leave_what_others_marked(post):
    for _ in range(2):
        post.deliver(LETTER)
    with mailbox(post) as client:
        mine, theirs = client.search("ALL")
        client.create_folder("Mottagna")
        client.copy([mine], "Mottagna")
        client.delete_messages([mine, theirs])
        client.uid_expunge([mine])
        assert client.search("ALL") == [theirs]


@pytest.mark.parametrize("way", ["deliver", "smtp"])
def test_idle_is_told_of_new_mail(post, way):
    post.deliver(LETTER)
    with mailbox(post) as client:
        client.idle()
        if way == "deliver":
            post.deliver(LETTER)
        else:
            send(post, [post.mailbox])
        told = []
        while (2, b"EXISTS") not in told:
            news = client.idle_check(timeout=10)
            assert news, "no EXISTS within ten seconds"
            told += news
        client.idle_done()
        assert len(client.search("ALL")) == 2


def test_an_idle_push_arrives_in_whole_lines(post):
    """imapclient's idle_check gives up the connection on half a line, so none may be sent."""
    post.deliver(LETTER)
    with mailbox(post) as client:
        client.idle()
        for number in range(2, 100):
            post.deliver(LETTER)
            told = b""
            while b"* %d FETCH (" % number not in told:
                told += client.socket().recv(65536)
                assert told.endswith(b"\r\n")


def test_idle_tells_at_once_of_mail_that_came_before_it(post):
    with mailbox(post) as client:
        post.deliver(LETTER)
        client.idle()
        # Told in one packet with the answer to IDLE it lies in imaplib's buffer, where idle_check does not look.
        said = client.idle_check(timeout=1)
        _, late = client.idle_done()
        assert (1, b"EXISTS") in [*said, *late]


def test_mail_to_a_person_lies_in_that_persons_box(post):
    body = b"Subject: Kvitto\r\n\r\n.punkt f\xf6rst\r\n"
    assert send(post, ["Astrid@Mejl.example", "bo@post.example"], body) == {}
    boxes = post.boxes()
    assert list(boxes) == ["astrid@mejl.example", "bo@post.example"]
    (mail,) = boxes["astrid@mejl.example"]
    assert (mail.content, mail.envelope_from, mail.received_at) == (body, "feedback@ekdala.example", NOW)
    boxes["bo@post.example"].clear()
    assert len(post.boxes()["bo@post.example"]) == 1


def test_mail_to_the_municipality_lands_in_the_inbox_and_in_no_box(post):
    send(post, [post.mailbox.upper()])
    with mailbox(post) as client:
        (got,) = client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()
    assert got[b"BODY[]"].startswith(b"Return-Path: <feedback@ekdala.example>")
    assert post.boxes() == {}


def test_wait_for_returns_what_comes_and_none_when_nothing_does(post):
    sender = threading.Thread(target=send, args=(post, ["astrid@mejl.example"]))
    sender.start()
    came = post.wait_for("ASTRID@mejl.example", lambda m: b"Hej." in m.content, timeout=10)
    sender.join()
    assert came is not None
    assert post.wait_for("astrid@mejl.example", lambda m: b"Adj" in m.content, timeout=0) is None


def test_a_refused_address_answers_550_and_a_slow_one_451_once():
    refusals = Refusals(always=frozenset({"borta@mejl.example"}), once=frozenset({"trogen@mejl.example"}))
    with EmbeddedPost(refusals=refusals) as post:
        for _ in range(2):
            refused = send(post, ["Borta@mejl.example", "bo@post.example"])
            assert {a: code for a, (code, _) in refused.items()} == {"Borta@mejl.example": 550}
        with pytest.raises(smtplib.SMTPRecipientsRefused) as first:
            send(post, ["trogen@mejl.example"])
        assert first.value.recipients["trogen@mejl.example"][0] == 451
        assert send(post, ["trogen@mejl.example"]) == {}
        assert {a: len(mails) for a, mails in post.boxes().items()} == {"bo@post.example": 2, "trogen@mejl.example": 1}


def test_a_junk_folder_can_hold_mail_too(post):
    post.create_folder("Skräppost")
    post.deliver(LETTER, folder="Skräppost")
    with mailbox(post) as client:
        assert client.folder_status("Skräppost")[b"MESSAGES"] == 1
        assert client.search("ALL") == []
