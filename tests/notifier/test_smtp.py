"""Against a real SMTP server: what each answer, and each way of losing the line, means for the letter."""

import asyncio
import base64
import smtplib
import time

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from cases.errors import DeliveryError, MailboxError
from notifier.mime import Identity
from notifier.smtp import SmtpSender, SmtpServer
from notifier.smtp_answers import ServerUnavailable
from tests.notifier.conftest import IDENTITY, NOW, Handler, body, entry, letter
from tests.servers.ports import free_port


def secure(post, ca_file, **changes) -> SmtpSender:
    values = {
        "tls": "starttls",
        "ca_file": ca_file,
        "user": "ekdala",
        "password": lambda: "ratt",
        "timeout": 5,
    } | changes
    return SmtpSender(SmtpServer("127.0.0.1", post.port, **values), IDENTITY, lambda: NOW)


def test_letters_arrive_over_one_connection(post, sender):
    answers = [sender.send(entry(n)) for n in (1, 2, 3)]
    assert answers == ["250 2.0.0 Kept"] * 3
    assert post.recipients() == ["bo1@mejl.example", "bo2@mejl.example", "bo3@mejl.example"]
    assert [m["Message-ID"] for m in post.mails()] == [entry(n).message_id for n in (1, 2, 3)]
    assert post.connections == 1
    assert post.taken[0].mail_from == IDENTITY.address


def test_bounces_go_to_the_address_for_them(post):
    identity = Identity("Ekdala kommun", "synpunkter@ekdala.example", "studs@ekdala.example")
    with SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none"), identity, lambda: NOW) as sender:
        sender.send(entry())
    assert post.taken[0].mail_from == "studs@ekdala.example"


def test_a_line_with_a_dot_arrives_whole(post, sender):
    dotted = letter()
    object.__setattr__(dotted, "text", ".\n..\n.hej\n")
    sender.send(entry(letter=dotted))
    assert body(next(iter(post.mails()[0].iter_parts()))) == ".\n..\n.hej\n"


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        ("421 Closing", True),
        ("450 4.2.1 Mailbox busy", True),
        ("451 4.3.0 Try later", True),
        ("452 4.2.2 Full for now", True),
        ("550 5.1.1 No such user", False),
        ("552 5.2.2 Mailbox full", False),
        ("554 5.7.1 Refused", False),
    ],
)
def test_an_answer_decides_whether_it_is_tried_again_and_spares_the_next(post, sender, stage, answer, retryable):
    getattr(post, stage).append(answer)
    with pytest.raises(DeliveryError, match=answer) as caught:
        sender.send(entry())
    assert (caught.value.retryable, caught.value.uncertain) == (retryable, False)
    assert not isinstance(caught.value, ServerUnavailable)
    assert sender.send(entry(2)) == "250 2.0.0 Kept"
    assert post.recipients() == ["bo2@mejl.example"]


def test_an_address_in_the_servers_words_is_left_out(post, sender):
    post.at_rcpt.append("550 5.1.1 <bo1@mejl.example>: no mailbox of bo1@mejl.example here")
    with pytest.raises(DeliveryError) as caught:
        sender.send(entry())
    assert "bo1" not in str(caught.value)
    assert "[adress]" in str(caught.value)
    post.at_rcpt.append("\r\n".join([*["550-" + "a" * 8_000] * 12, "550 bo1@mejl.example"]))
    began = time.process_time()
    with pytest.raises(DeliveryError):
        sender.send(entry())
    assert (
        time.process_time() - began < 1
    )  # words of any length, which a stranger's server may answer, cost their length


def test_a_line_lost_before_the_text_is_tried_again(post, sender):
    post.at_rcpt.append("drop")
    with pytest.raises(DeliveryError) as caught:
        sender.send(entry())
    assert (caught.value.retryable, caught.value.uncertain) == (True, False)
    assert sender.send(entry(2)) == "250 2.0.0 Kept"


@pytest.mark.parametrize("how", ["drop", "keep and drop"])
def test_a_line_lost_after_the_text_leaves_it_uncertain(post, sender, how):
    post.at_data.append(how)
    with pytest.raises(DeliveryError, match="Ovisst") as caught:
        sender.send(entry())
    assert caught.value.uncertain
    assert sender.send(entry(2)) == "250 2.0.0 Kept"


def test_silence_after_the_text_leaves_it_uncertain(post, sender, monkeypatch):
    final_answer = SmtpSender._final_answer

    def impatient(sending, smtp):
        # Only here, where all before it was answered: a busy machine takes its time for that.
        monkeypatch.setattr(sending, "_wait", lambda smtp, _times=1: smtp.sock.settimeout(0.05))
        return final_answer(sending, smtp)

    monkeypatch.setattr(SmtpSender, "_final_answer", impatient)
    post.at_data.append("hang")
    with pytest.raises(DeliveryError, match="Ovisst") as caught:
        sender.send(entry())
    assert caught.value.uncertain


def test_the_word_that_it_is_taken_may_take_longer_than_others(post, monkeypatch):
    """Exchange keeps it back for 30 seconds, our limit for every answer: the letter had arrived, and was *ovisst*."""
    waited, heard = [], smtplib.SMTP.getreply

    def getreply(smtp):
        waited.append(smtp.sock.gettimeout())
        return heard(smtp)

    monkeypatch.setattr(smtplib.SMTP, "getreply", getreply)
    with SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none"), IDENTITY, lambda: NOW) as sender:
        for number in (1, 2):
            sender.send(entry(number))
    mail_rcpt_data = [30, 30, 30, 120]
    assert waited == [30, 30, *mail_rcpt_data, *mail_rcpt_data, 30]


@pytest.mark.parametrize(
    ("said", "retryable"), [("451 4.3.1 No room", True), ("554 5.5.1 No valid recipients", False), (None, True)]
)
def test_a_text_that_is_not_asked_for_is_not_handed_over(post, sender, monkeypatch, said, retryable):
    async def answered(server, _arg):
        if said:
            await server.push(said)
        else:
            server.transport.abort()

    with monkeypatch.context() as patched:
        patched.setattr(SMTP, "smtp_DATA", answered)
        with pytest.raises(DeliveryError, match=said) as caught:
            sender.send(entry())
    assert (caught.value.retryable, caught.value.uncertain) == (retryable, False)
    sender.close()
    assert sender.send(entry(2)) == "250 2.0.0 Kept"


def test_an_answer_that_is_none_leaves_it_uncertain(post, sender):
    post.at_data.append("399 Hm")
    with pytest.raises(DeliveryError, match="399") as caught:
        sender.send(entry())
    assert caught.value.uncertain


def test_a_kept_connection_gone_stale_is_replaced_without_losing_a_try(post, sender):
    sender.send(entry(1))
    post.at_mail.append("drop")
    assert sender.send(entry(2)) == "250 2.0.0 Kept"
    post.at_mail.append("421 4.7.0 Too many letters on this line")
    assert sender.send(entry(3)) == "250 2.0.0 Kept"
    assert post.connections == 3
    assert post.recipients() == ["bo1@mejl.example", "bo2@mejl.example", "bo3@mejl.example"]


@pytest.mark.parametrize("answer", ["550 5.7.60 Not allowed to send as this", "451 4.7.0 Later"])
def test_a_sender_the_server_does_not_want_is_no_letters_fault(post, sender, answer):
    post.at_mail.extend([answer, answer])
    with pytest.raises(ServerUnavailable, match=answer[:3]) as caught:
        sender.send(entry())
    assert caught.value.retryable
    assert not caught.value.uncertain


def test_a_server_that_greets_with_554_or_is_not_there_is_unavailable(post, sender):
    post.at_connect.append("554 No service here")
    with pytest.raises(ServerUnavailable, match="554"):
        sender.send(entry())
    nobody = SmtpSender(SmtpServer("127.0.0.1", free_port(), tls="none", timeout=2), IDENTITY, lambda: NOW)
    with pytest.raises(ServerUnavailable, match="går inte att nå"):
        nobody.send(entry())


def test_starttls_with_the_municipalitys_own_issuer_and_a_password(secure_post, ca_file):
    with secure(secure_post, ca_file) as sender:
        assert sender.send(entry()) == "250 2.0.0 Kept"
    assert secure_post.logins == ["ekdala"]


def test_a_certificate_nobody_vouches_for_is_refused(secure_post):
    with secure(secure_post, "") as sender, pytest.raises(ServerUnavailable, match="certifikatet godkänns inte"):
        sender.send(entry())
    assert not secure_post.taken


def test_no_starttls_where_it_is_asked_for_sends_nothing(post, ca_file):
    with secure(post, ca_file) as sender, pytest.raises(ServerUnavailable, match="erbjuder inte STARTTLS"):
        sender.send(entry())
    assert not post.taken


def test_a_wrong_password_is_said_and_not_repeated_in_words(secure_post, ca_file):
    wrong = secure(secure_post, ca_file, password=lambda: "hemligt-fel")
    with wrong as sender, pytest.raises(ServerUnavailable, match="godtar inte inloggningen: 535") as caught:
        sender.send(entry())
    assert "hemligt" not in str(caught.value)


def test_a_fresh_token_logs_in_with_xoauth2(secure_post, ca_file):
    with secure(secure_post, ca_file, token=lambda: "ratt") as sender:
        assert sender.send(entry()) == "250 2.0.0 Kept"
    assert base64.b64decode(secure_post.logins[0]) == b"user=ekdala\x01auth=Bearer ratt\x01\x01"


def test_a_token_that_is_refused_or_cannot_be_had_is_no_letters_fault(secure_post, ca_file):
    def none() -> str:
        raise MailboxError("ingen nyckel")

    with secure(secure_post, ca_file, token=lambda: "gammal") as sender, pytest.raises(ServerUnavailable, match="535"):
        sender.send(entry())
    with secure(secure_post, ca_file, token=none) as sender, pytest.raises(ServerUnavailable, match="ingen nyckel"):
        sender.send(entry())


def test_a_token_that_was_refused_is_not_tried_again(secure_post, ca_file):
    """It was kept for an hour, so that letters waited on after the right to send was given."""
    kept = ["gammal", "ratt"]
    with secure(secure_post, ca_file, token=lambda: kept[0], forget=lambda: kept.remove("gammal")) as sender:
        with pytest.raises(ServerUnavailable, match="535"):
            sender.send(entry())
        assert sender.send(entry()) == "250 2.0.0 Kept"


class Hanging(Handler):
    """Says nothing of a token that it does not take."""

    async def auth_XOAUTH2(self, server, _args):  # noqa: N802
        server.transport.abort()
        await asyncio.sleep(0)


class Plain(Handler):
    """Gives its reason as text, where base64 is due (RFC 4954 §4)."""

    async def auth_XOAUTH2(self, server, _args):  # noqa: N802
        await server.push("334 error")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


@pytest.mark.parametrize(("kind", "said"), [(Hanging, "går inte att använda"), (Plain, "godtar inte inloggningen")])
def test_a_token_refused_in_no_good_order_is_no_letters_fault_and_is_forgotten(
    secure_post, ca_file, monkeypatch, kind, said
):
    """The broken challenge left each letter uncertain, and a token that somebody hung up on was kept for an hour."""
    monkeypatch.setattr(Handler, "auth_XOAUTH2", kind.auth_XOAUTH2)
    forgotten = []
    kept = {"token": lambda: "gammal", "forget": lambda: forgotten.append("gammal")}
    with secure(secure_post, ca_file, **kept) as sender, pytest.raises(ServerUnavailable, match=said):
        sender.send(entry())
    assert forgotten == ["gammal"]


@pytest.mark.parametrize("offered", ["AUTH PLAIN LOGIN", ""])
def test_a_server_without_xoauth2_is_told_as_such(secure_post, ca_file, monkeypatch, offered):
    """The number 504 alone sent people to look for a fault in the key."""
    monkeypatch.delattr(Handler, "auth_XOAUTH2")
    if not offered:
        ehlo = smtplib.SMTP.ehlo
        monkeypatch.setattr(smtplib.SMTP, "ehlo", lambda *a: (ehlo(*a), a[0].esmtp_features.pop("auth", None))[0])
    with (
        secure(secure_post, ca_file, token=lambda: "ratt") as sender,
        pytest.raises(ServerUnavailable, match=f"med XOAUTH2{', bara med LOGIN, PLAIN' if offered else ''}$"),
    ):
        sender.send(entry())


def test_what_breaks_the_log_in_leaves_no_letter_uncertain(secure_post, ca_file):
    """A key service that answered with a list broke the fetching, and each letter waited for a person."""

    def broken() -> str:
        raise AttributeError("'list' object with a secret")

    with (
        secure(secure_post, ca_file, token=broken) as sender,
        pytest.raises(ServerUnavailable, match=r"går inte att hämta: AttributeError$"),
    ):
        sender.send(entry())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Connection unexpectedly closed", "servern lade på"),
        ("Connection unexpectedly closed: timed out", "inget svar i tid"),
    ],
)
def test_smtplibs_words_are_told_in_swedish(post, sender, monkeypatch, words, said):
    def lost(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected(words)

    monkeypatch.setattr(smtplib.SMTP, "mail", lost)
    with pytest.raises(ServerUnavailable, match=f"bröt förbindelsen: {said}$"):
        sender.send(entry())


def test_a_password_outside_ascii(secure_post, ca_file):
    """Each letter was left uncertain, though none had met a server."""
    with secure(secure_post, ca_file, password=lambda: "rätt") as sender:
        assert sender.send(entry()) == "250 2.0.0 Kept"
    wrong = secure(secure_post, ca_file, password=lambda: "fel lösen")
    with wrong as sender, pytest.raises(ServerUnavailable, match="godtar inte inloggningen: 535"):
        sender.send(entry())


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
@pytest.mark.parametrize(
    "said",
    [
        "530 5.7.0 Authentication required",
        "535 5.7.3 Authentication unsuccessful",
        "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionQuotaExceeded",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; sender's quota was exceeded",
        "554 5.2.252 SendAsDenied; a@ekdala.example not allowed to send as b@ekdala.example",
    ],
)
def test_a_log_in_that_has_run_out_and_our_own_full_mailbox_are_no_letters_fault(post, sender, stage, said):
    """RFC 4954 §6: the letter was given up, as if its receiver did not exist."""
    sender.send(entry(1))
    getattr(post, stage).append(said)
    with pytest.raises(ServerUnavailable, match=said[:3]):
        sender.send(entry(2))
    sender.send(entry(2))
    assert (post.recipients(), post.connections) == (["bo1@mejl.example", "bo2@mejl.example"], 2)


def test_a_probe_logs_in_and_sends_nothing(secure_post, ca_file):
    assert secure(secure_post, ca_file).probe().startswith("250")
    with pytest.raises(ServerUnavailable):
        secure(secure_post, ca_file, password=lambda: "fel").probe()
    assert not secure_post.taken


TWO_LINES = ["bo@mejl.example\r\nRCPT TO:<alla@mejl.example>", "bo@mejl.example\nDATA", "bo@mejl.example\rDATA"]


@pytest.mark.parametrize("recipient", [*TWO_LINES, "bo@mejl.example> NOTIFY=NEVER"])
def test_no_recipient_is_a_command(post, sender, recipient):
    """Whatever a mail is handed in for: nothing has looked at the address before."""
    with pytest.raises(DeliveryError, match="Adressen går inte att skicka till"):
        sender.hand_in(b"Subject: x\r\n\r\nx\r\n", recipient)
    sender.send(entry())
    assert post.recipients() == ["bo1@mejl.example"]
    assert post.connections == 1


@pytest.mark.parametrize("bounces_to", TWO_LINES)
def test_no_address_for_bounces_is_a_command(post, bounces_to):
    identity = Identity("Ekdala kommun", "synpunkter@ekdala.example", bounces_to)
    sender = SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none"), identity, lambda: NOW)
    with sender, pytest.raises(DeliveryError, match="Adressen går inte att skicka till"):
        sender.hand_in(b"Subject: x\r\n\r\nx\r\n", "bo@mejl.example")
    assert post.taken == []


@pytest.mark.parametrize("ended", ["\r\n550 ", "\x0b"])
def test_a_servers_words_are_told_on_one_line(post, sender, ended):
    post.at_rcpt.append(f"550{'-' if '550' in ended else ' '}nej{ended}tack")
    with pytest.raises(DeliveryError) as caught:
        sender.send(entry())
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).endswith("nej tack")
