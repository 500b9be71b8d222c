"""What `lyhord check` says of the mailbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from cases.errors import LoginRefused, MailboxError
from config import Settings
from ingest.address import MailboxAddress, PasswordLogin, TlsMode, TokenLogin
from ingest.mailbox import ImapMailbox
from service.checks.line import failed
from service.checks.mailbox import check_mailbox
from service.checks.smtp import check_smtp
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from tests.servers.dovecot import Box, Dovecot
from tests.service.conftest import CLOSED, names

NewDovecot = Callable[..., Dovecot]


def test_a_mailbox_that_is_well(settings: Settings, mail: EmbeddedPost) -> None:
    mail.deliver(b"From: bo@mejl.example\nSubject: hej\n\nhej\n")
    lines = list(check_mailbox(mailboxes(settings)[0], 15))
    assert names(lines, ok=False) == []
    said = "\n".join(map(str, lines))
    assert "INBOX går att öppna och har 1 brev" in said
    assert "Mottagna finns inte än och skapas vid första hämtningen" in said
    assert "flyttar brev i ett steg (MOVE), säger till om nya brev (IDLE)" in said
    assert "ingen skräppostmapp är angiven" in said


@pytest.mark.parametrize(
    ("changes", "expected", "remedy"),
    [
        ({"login": PasswordLogin(lambda: "fel-losenord")}, "nekade inloggningen", "Kontrollera user och lösenordet"),
        ({"port": int(CLOSED)}, "127.0.0.1:1 går inte att nå (ingen lyssnar på porten)", "brandväggen"),
        ({"inbox": "Inkorgen"}, "mappen Inkorgen finns inte. Där finns: INBOX", "Rätta inbox"),
        ({"junk": "Skräp"}, "mappen Skräp finns inte. Där finns: INBOX", "Rätta inbox eller junk"),
    ],
)
def test_a_mailbox_that_is_not(settings: Settings, changes: dict[str, object], expected: str, remedy: str) -> None:
    address = replace(mailboxes(settings)[0].address, **changes)  # type: ignore[arg-type]
    (fault,) = [line for line in check_mailbox(ImapMailbox(address), 15) if not line.ok]
    assert expected in fault.text
    assert remedy in fault.remedy
    assert "fel-losenord" not in str(fault)


def test_a_missing_folder_leaves_the_other_folders_tried(settings: Settings) -> None:
    address = replace(mailboxes(settings)[0].address, inbox="Inkorgen")
    lines = list(check_mailbox(ImapMailbox(address), 15))
    assert [line.name.partition(", ")[2] for line in lines if line.ok] == [
        "inloggning",
        "skräppost",
        "hämtade brev",
        "server",
    ]


class Refusing:
    """A token service that gives nothing."""

    def __call__(self) -> str:
        raise LoginRefused("Nyckeltjänsten nekade. Kontrollera client_id.")

    def forget(self) -> None:
        raise AssertionError("there was no token")


def test_a_token_that_is_not_given_is_told_before_any_login(settings: Settings) -> None:
    address: MailboxAddress = replace(mailboxes(settings)[0].address, login=TokenLogin(Refusing()), port=int(CLOSED))
    (fault,) = check_mailbox(ImapMailbox(address), 15)
    assert str(fault) == "✘ Brevlådan feedback, nyckel: Nyckeltjänsten nekade. Kontrollera client_id."


def test_what_passes_is_to_be_tried_again_by_whoever_checks() -> None:
    lost = MailboxError("Nyckeltjänsten kan inte nås.", passes=True, otherwise="kontrollera nätet")
    assert (
        str(lost)
        == "Nyckeltjänsten kan inte nås. Nästa försök görs av sig självt; hjälper det inte, kontrollera nätet."
    )
    assert failed("x", lost, "").remedy == "Försök igen; hjälper det inte, kontrollera nätet."
    assert failed("x", MailboxError("Nyckeltjänsten är full.", passes=True), "").remedy == "Försök igen."
    assert failed("x", MailboxError("Mappen saknas."), "Rätta den.").remedy == "Rätta den."


def test_a_token_that_the_mailbox_does_not_take(settings: Settings) -> None:
    class Giving(Refusing):
        def __call__(self) -> str:
            return "en-nyckel"

        def forget(self) -> None:
            pass

    address = replace(mailboxes(settings)[0].address, login=TokenLogin(Giving()))
    given, refused = check_mailbox(ImapMailbox(address), 15)
    assert (given.name, given.ok) == ("Brevlådan feedback, nyckel", True)
    assert (refused.name, refused.ok) == ("Brevlådan feedback, inloggning", False)
    assert refused.remedy
    assert "en-nyckel" not in str(refused)


@pytest.mark.dovecot
def test_the_servers_own_junk_folder_is_pointed_out(box: Box) -> None:
    box.deliver(b"Subject: x\r\n\r\nx", folder="Skräppost")
    box.deliver(b"Subject: x\r\n\r\nx", folder="Mottagna")
    said = "\n".join(map(str, check_mailbox(ImapMailbox(box.address()), 60)))
    assert "servern har Skräppost; skriv den i junk" in said
    assert "mappen Mottagna finns." in said
    assert "✘" not in said
    said = "\n".join(map(str, check_mailbox(ImapMailbox(box.address(junk="Skräppost")), 60)))
    assert "mappen Skräppost går att öppna och har 1 brev" in said
    assert box.count("INBOX") == 0


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("capability", "ok", "said"),
    [
        ("IMAP4rev1 UIDPLUS", True, "flyttar brev i två steg (UIDPLUS), saknar IDLE och läses var 60:e sekund"),
        ("IMAP4rev1 IDLE", False, "kan varken MOVE eller UIDPLUS"),
    ],
)
def test_what_a_lesser_server_can_do(new_dovecot: NewDovecot, capability: str, ok: bool, said: str) -> None:
    box = new_dovecot(more=f"imap_capability = {capability}").new_box()
    line = list(check_mailbox(ImapMailbox(box.address()), 60))[-1]
    assert (line.name, line.ok) == ("Brevlådan provlådan, server", ok)
    assert said in line.text


@pytest.mark.dovecot
def test_a_mailbox_that_is_nearly_full(new_dovecot: NewDovecot) -> None:
    """What comes to a full one goes back to whoever wrote it, and here nobody saw that."""
    quota = "plugin {\n quota = count:Mail\n quota_rule = *:storage=100K\n quota_vsizes = yes\n}"
    plugins = "mail_plugins = quota\nprotocol imap {\n mail_plugins = quota imap_quota\n}"
    box = new_dovecot(more=f"{plugins}\n{quota}").new_box()
    said = [line for line in check_mailbox(ImapMailbox(box.address()), 60) if line.name.endswith("utrymme")]
    assert [(line.ok, line.text) for line in said] == [(True, "0 % av 102 kB är fyllt")]
    box.deliver(b"Subject: x\r\n\r\n" + b"x" * 93 * 1024)
    (line,) = [line for line in check_mailbox(ImapMailbox(box.address()), 60) if not line.ok]
    assert line.text == "94 % av 102 kB är fyllt, och ett brev till en full brevlåda studsar"
    assert "mappen Mottagna" in line.remedy


@pytest.mark.dovecot
def test_a_mailbox_that_may_only_be_read(new_dovecot: NewDovecot, tmp_path: Path) -> None:
    server = new_dovecot(more="mail_plugins = acl\nplugin {\n acl = vfile\n}")
    box = server.new_box()
    assert box.count("INBOX") == 0
    (server.home / "users" / box.user / "mail" / "dovecot-acl").write_text("owner lr\n")
    server.own_all()
    line = list(check_mailbox(ImapMailbox(box.address()), 60))[1]
    assert (line.ok, line.text) == (False, "mappen INBOX får bara läsas")


@pytest.mark.dovecot
@pytest.mark.parametrize("mode", [TlsMode.TLS, TlsMode.STARTTLS])
def test_encryption_and_a_certificate_nobody_vouches_for(
    authority: trustme.CA, ca_file: str, tmp_path: Path, new_dovecot: NewDovecot, mode: TlsMode
) -> None:
    made = authority.issue_cert("127.0.0.1")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    server = new_dovecot(cert=str(tmp_path / "both.pem"), key=str(tmp_path / "both.pem"))
    port = server.tls_port if mode is TlsMode.TLS else server.port
    address = server.new_box().address(tls=mode, port=port)
    trusting, *_ = list(check_mailbox(ImapMailbox(replace(address, ca_file=ca_file)), 60))
    assert trusting.ok
    assert "krypterat med TLSv1." in trusting.text
    (doubting,) = check_mailbox(ImapMailbox(address), 60)
    assert "certifikat godkändes inte" in doubting.text
    assert "ca_file" in doubting.remedy


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("named", "ends", "why", "remedy"),
    [
        ("localhost", datetime(2026, 11, 1, tzinfo=UTC), "det har gått ut", "förnya det"),
        ("annan.example", None, "det är ett annat namns", "Skriv i host det namn"),
    ],
)
def test_a_certificate_is_told_by_what_is_wrong_with_it(
    authority: trustme.CA,
    ca_file: str,
    tmp_path: Path,
    new_dovecot: NewDovecot,
    named: str,
    ends: datetime | None,
    why: str,
    remedy: str,
) -> None:
    """Who has an expired one was sent looking for an issuer."""
    made = authority.issue_cert(named, not_after=ends)
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    server = new_dovecot(cert=str(tmp_path / "both.pem"), key=str(tmp_path / "both.pem"))
    address = server.new_box().address(tls=TlsMode.TLS, host="localhost", port=server.tls_port, ca_file=ca_file)
    (line,) = check_mailbox(ImapMailbox(address), 60)
    assert why in line.text
    assert remedy in line.remedy


def test_a_proxy_that_nobody_listens_at_is_named_and_not_the_mail_server(settings: Settings) -> None:
    proxy = f"http://127.0.0.1:{CLOSED}"
    box = replace(settings.mailboxes[0], proxy=proxy)
    (line,) = check_mailbox(mailboxes(replace(settings, mailboxes=(box,)))[0], 60)
    assert f"mellanservern 127.0.0.1:{CLOSED} svarar inte" in line.text
    assert line.remedy == "Kontrollera proxy i mailboxes[feedback]."
    (line,) = check_smtp(replace(settings.smtp, proxy=proxy), None)
    assert f"mellanservern 127.0.0.1:{CLOSED} svarar inte" in line.text
    assert line.remedy == "Kontrollera smtp.proxy."
