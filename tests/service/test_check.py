"""`lyhord check` against real servers: what is well, what is not, and that one fault hides no other."""

import socket
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from cases.errors import LoginRefused, LyhordError
from cases.people.access import Grant, Role, User
from classifier.model import DEFAULT_FOLDER
from config import Settings, load
from ingest.address import MailboxAddress, PasswordLogin, TlsMode, TokenLogin
from ingest.mailbox import ImapMailbox
from notifier import TemplateRenderer
from notifier.variables import sample_constants
from service.bootstrap import utc_now
from service.checks import CheckLine, check_all
from service.checks.choices import check_addresses, check_letters, without_token
from service.checks.database import check_database
from service.checks.line import failed, guarded, network_fault
from service.checks.machine import GIBIBYTE, check_clock, check_disk, free_space
from service.checks.mailbox import check_mailbox
from service.checks.model import check_model
from service.checks.people import needed_people
from service.checks.smtp import check_smtp
from service.cli import main
from service.demo.people import add_people
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from storage import SqlStore
from tests.notifier.conftest import Post
from tests.servers.dovecot import Box, Dovecot
from tests.service.conftest import DESK_SECRET

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
CLOSED = "1"  # tcpmux; nobody listens there
NewDovecot = Callable[..., Dovecot]


def names(lines: list[CheckLine], *, ok: bool) -> list[str]:
    return [line.name for line in lines if line.ok is ok]


def add_everybody(store: SqlStore) -> None:
    count = iter(range(1000))
    with store.begin() as tx:
        add_people(tx, lambda: f"u{next(count)}")


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return load("demo", environ)


# The whole command


@pytest.mark.model
def test_all_is_well_with_everything_in_place(
    environ: Mapping[str, str], sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    add_everybody(sqlite_store)
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    status = main(["check", "--config", "demo"])
    said = capsys.readouterr().out
    assert (status, "✘" in said) == (0, False), said
    assert said.splitlines()[-1] == "Allt är i ordning. Starta med lyhord run."
    for place in ("inloggning", "SMTP, avsändare", "Databasen, version", "Modellen", "Brevmallarna", "Disken", "Klock"):
        assert f"✔ {place}" in said or f"feedback, {place}" in said
    assert all(secret not in said for secret in (environ["LYHORD_IMAP_PASSWORD"], DESK_SECRET))


def test_no_fault_hides_another(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    file = tmp_path / "kommun.toml"
    file.write_text('extends = "demo"\n[classifier]\nmodel_folder = "empty"\n')
    broken = {
        "LYHORD_IMAP_PASSWORD": "fel-losenord",
        "LYHORD_SMTP_PORT": CLOSED,
        "LYHORD_DATABASE_URL": f"sqlite:///{tmp_path / 'ny.sqlite'}",
    }
    lines = list(check_all(str(file), environ | broken, clock=utc_now))
    assert names(lines, ok=False) == [
        "Brevlådan feedback, inloggning",
        "SMTP, anslutning",
        "Databasen, fil",
        "Personerna",
        "Modellen",
    ]
    assert {"Inställningarna", "Brevmallarna", "Disken", "Klockan"} <= set(names(lines, ok=True))
    assert all(line.remedy.endswith(".") for line in lines if not line.ok)
    assert "fel-losenord" not in "\n".join(map(str, lines))
    assert not (tmp_path / "ny.sqlite").exists(), "a check creates nothing"


def test_every_fault_of_the_settings_is_a_line(environ: dict[str, str], tmp_path: Path, capsys) -> None:
    file = tmp_path / "kommun.toml"
    file.write_text('extends = "demo"\n[desk]\nport = 99999\n[smtp]\ntsl = "none"\n')
    environ.pop("LYHORD_IMAP_PASSWORD")
    lines = list(check_all(str(file), environ, clock=utc_now))
    assert [(line.name, line.ok) for line in lines] == [("Inställningarna", False)] * 3
    said = "\n".join(map(str, lines))
    assert all(key in said for key in ("desk.port = 99999", "smtp.tsl", "LYHORD_IMAP_PASSWORD"))
    assert all(line.remedy for line in lines)
    assert main(["check", "-c", str(tmp_path / "ingen.toml")]) == 1
    assert "✘ Inställningarna" in capsys.readouterr().out


def test_a_check_that_breaks_is_a_line_without_the_errors_text() -> None:
    def breaks() -> list[CheckLine]:
        raise RuntimeError("hemligt")

    (line,) = guarded("Provet", breaks, "Gör om.")
    assert str(line) == "✘ Provet: oväntat fel (RuntimeError). Gör om."


# Mailboxes


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


# SMTP


def test_smtp_that_is_well_and_sends_nothing(settings: Settings, mail: EmbeddedPost) -> None:
    lines = list(check_smtp(settings.smtp, None))
    assert [(line.name, line.ok) for line in lines] == [("SMTP, anslutning", True), ("SMTP, avsändare", True)]
    assert mail.boxes() == {}


def test_a_closed_port_and_a_missing_starttls(settings: Settings) -> None:
    (closed,) = check_smtp(replace(settings.smtp, port=int(CLOSED)), None)
    assert (closed.ok, closed.text) == (False, "127.0.0.1:1 går inte att nå (ingen lyssnar på porten)")
    assert "brandväggen" in closed.remedy
    (plain,) = check_smtp(replace(settings.smtp, tls="starttls"), None)
    assert "erbjuder inte STARTTLS" in plain.text
    (wrong,) = check_smtp(replace(settings.smtp, tls="tls"), None)
    assert "kom inte överens om kryptering" in wrong.text


def test_a_server_that_hangs_up_on_a_wrong_password(settings: Settings) -> None:
    smtp = replace(settings.smtp, login="password", user="ekdala", password=replace(settings.desk.secret, value="fel"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=hang_up_at_auth, args=(listening,))
        answering.start()
        lines = list(check_smtp(replace(smtp, port=listening.getsockname()[1]), None))
        answering.join(10)
    assert lines[-1].text == "servern lade på under inloggningen"
    assert lines[-1].remedy.startswith("Kontrollera smtp.user och hemligheten")


def hang_up_at_auth(listening: socket.socket) -> None:
    """A mail server that offers AUTH and cuts the line at the first try."""
    speaking, _ = listening.accept()
    with speaking, speaking.makefile("rb") as heard:
        speaking.sendall(b"220 prov\r\n")
        heard.readline()
        speaking.sendall(b"250-prov\r\n250 AUTH LOGIN PLAIN\r\n")
        heard.readline()


def test_a_port_that_speaks_no_tls_is_told_so(settings: Settings, mail: EmbeddedPost) -> None:
    (box,) = mailboxes(settings, utc_now)
    (line,) = check_mailbox(ImapMailbox(replace(box.address, tls=TlsMode.TLS)), 60)
    assert "kom inte överens om kryptering" in line.text
    assert line.remedy == "Kontrollera tls i mailboxes[feedback]: port 993 har oftast tls, port 143 starttls."


def test_what_the_network_says_in_words() -> None:
    said = [network_fault(error) for error in (socket.gaierror(-2, "x"), TimeoutError(), OSError(), None)]
    assert said == ["namnet finns inte i DNS", "inget svar i tid", "", ""]


def test_smtp_with_starttls_and_a_password(settings: Settings, secure_post: Post, ca_file: str) -> None:
    smtp = replace(
        settings.smtp,
        port=secure_post.port,
        tls="starttls",
        ca_file=Path(ca_file),
        login="password",
        user="ekdala",
        password=replace(settings.desk.secret, value="ratt"),
    )
    lines = list(check_smtp(smtp, None))
    assert names(lines, ok=True) == ["SMTP, anslutning", "SMTP, inloggning", "SMTP, avsändare"]
    assert "krypterat med TLSv1." in lines[0].text
    assert secure_post.taken == []

    refused = list(check_smtp(replace(smtp, password=replace(settings.desk.secret, value="fel-losenord")), None))
    assert names(refused, ok=False) == ["SMTP, inloggning"]
    assert "svar 535" in refused[-1].text
    assert "fel-losenord" not in "\n".join(map(str, refused))

    (doubting,) = check_smtp(replace(smtp, ca_file=""), None)
    assert "smtp.ca_file" in doubting.remedy

    unnamed = list(check_smtp(replace(smtp, login="none"), None))
    assert unnamed[-1].text == "servern kräver inloggning"


def test_smtp_with_a_token(settings: Settings, secure_post: Post, ca_file: str) -> None:
    smtp = replace(settings.smtp, port=secure_post.port, tls="starttls", ca_file=Path(ca_file), login="xoauth2")
    smtp = replace(smtp, user="ekdala")
    lines = list(check_smtp(smtp, lambda: "ratt"))
    assert names(lines, ok=True) == ["SMTP, nyckel", "SMTP, anslutning", "SMTP, inloggning", "SMTP, avsändare"]
    refused = list(check_smtp(smtp, lambda: "en-annan-nyckel"))[-1]
    assert (refused.name, refused.ok) == ("SMTP, inloggning", False)
    assert "en-annan-nyckel" not in str(refused)
    (nothing,) = check_smtp(smtp, Refusing())
    assert (nothing.name, nothing.remedy) == ("SMTP, nyckel", "Kontrollera client_id.")


def test_a_refused_sender_is_told_without_the_address(settings: Settings, secure_post: Post, ca_file: str) -> None:
    secure_post.at_mail = ["550 5.7.1 <feedback@ekdala.example> may not send as that"]
    smtp = replace(settings.smtp, port=secure_post.port, tls="starttls", ca_file=Path(ca_file), login="password")
    smtp = replace(smtp, user="ekdala", password=replace(settings.desk.secret, value="ratt"))
    line = list(check_smtp(smtp, None))[-1]
    assert (line.ok, "svar 550" in line.text) == (False, True)
    assert "feedback@" not in str(line)


# The database


def test_a_database_that_is_well(sqlite_url: str) -> None:
    lines = list(check_database(sqlite_url, NOW))
    assert [line.ok for line in lines] == [True] * 3
    assert "WAL" in lines[1].text


def test_a_database_without_its_tables(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "tom.sqlite").close()
    lines = list(check_database(f"sqlite:///{tmp_path / 'tom.sqlite'}", NOW))
    (fault,) = [line for line in lines if not line.ok]
    assert (fault.text, fault.remedy) == ("databasen är tom", "Kör lyhord db upgrade.")


def test_a_database_of_a_newer_version(sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'f999'")
    database.close()
    (fault,) = [line for line in check_database(sqlite_url, NOW) if not line.ok]
    assert "nyare än den här versionen" in fault.text


def test_a_folder_that_is_missing_and_a_file_that_is_no_database(tmp_path: Path) -> None:
    (fault,) = check_database(f"sqlite:///{tmp_path / 'ingen' / 'l.sqlite'}", NOW)
    assert "finns inte" in fault.text
    (tmp_path / "text.sqlite").write_text("det här är ingen databas " * 100)
    lines = list(check_database(f"sqlite:///{tmp_path / 'text.sqlite'}", NOW))
    assert [line.ok for line in lines] == [True, False]
    assert "not a database" in lines[1].text


@pytest.mark.postgres
def test_postgresql_its_version_and_its_clock(postgres_url: str) -> None:
    lines = list(check_database(postgres_url, utc_now()))
    assert [line.ok for line in lines] == [True] * 3
    assert lines[0].text.startswith("PostgreSQL 15")
    late = list(check_database(postgres_url, utc_now() - timedelta(minutes=5)))
    assert [line.name for line in late if not line.ok] == ["Klockan mot databasen"]


@pytest.mark.postgres
def test_what_needs_the_database_says_so_where_it_does_not_answer(environ: dict[str, str], caplog) -> None:
    away = environ | {"LYHORD_DATABASE_URL": f"postgresql://lyhord@127.0.0.1:{CLOSED}/lyhord"}
    lines = {line.name: line for line in check_all("demo", away, clock=utc_now)}
    assert "svarar inte" in lines["Databasen"].text
    assert lines["Personerna"].text == "kan inte läsas utan databas"
    assert lines["Brevmallarna"].ok
    assert caplog.records == []


def test_postgresql_that_is_not_there_keeps_its_password_to_itself(postgres_url: str) -> None:
    place, _, _ = postgres_url.rpartition("/")
    (fault,) = check_database(f"{place.replace('postgres@', 'postgres:hemligt-db@')}/finns_inte", NOW)
    assert "does not exist" in fault.text
    assert "hemligt-db" not in str(fault)
    (closed,) = check_database("postgresql://lyhord:hemligt-db@127.0.0.1:1/lyhord", NOW)
    assert "hemligt-db" not in str(closed)


# The rest


@pytest.mark.model
def test_the_model_suggests_the_right_area() -> None:
    (line,) = check_model(DEFAULT_FOLDER)
    assert line.ok
    assert "Gata" in line.text


def test_a_model_that_is_missing_or_damaged(tmp_path: Path) -> None:
    (missing,) = check_model(tmp_path)
    assert (missing.ok, "lyhord train" in missing.remedy) == (False, True)
    (tmp_path / "manifest.json").write_text("{}")
    (damaged,) = check_model(tmp_path)
    assert (damaged.ok, "är skadad" in damaged.text) == (False, True)
    (tmp_path / "manifest.json").write_text('{"version": "x", "files": {"embedding/middle.npz": 2048}}')
    (cut,) = check_model(tmp_path)
    assert (cut.ok, "embedding/middle.npz saknas" in cut.text, "lyhord train" in cut.remedy) == (False, True, True)


def person(*roles: Grant, active: bool = True, password_hash: str = "x") -> User:
    return User("u", "p@ekdala.example", "P", "t", frozenset(roles), password_hash, active=active)


def test_who_must_be_able_to_log_in() -> None:
    everybody = person(Grant(Role.REGISTRATOR), Grant(Role.VISSELMOTTAGARE), Grant(Role.ADMIN))
    assert [line.ok for line in needed_people([everybody], TODAY)] == [True] * 3
    assert [line.ok for line in needed_people([replace(everybody, active=False)], TODAY)] == [False] * 3
    assert [line.ok for line in needed_people([replace(everybody, password_hash="")], TODAY)] == [False] * 3
    assert all(line.ok for line in needed_people([replace(everybody, last_day=TODAY)], TODAY))
    left = replace(everybody, last_day=TODAY - timedelta(days=1))
    assert not any(line.ok for line in needed_people([left], TODAY))
    one_unit = person(Grant(Role.REGISTRATOR, "gata"), Grant(Role.ADMIN))
    faults = [line for line in needed_people([one_unit], TODAY) if not line.ok]
    assert [line.remedy.rpartition(" ")[2] for line in faults] == ["registrator", "visselmottagare"]
    assert "kan inte läsas av någon" in faults[1].text


def test_answers_must_come_to_a_mailbox_that_is_read(settings: Settings) -> None:
    assert [line.ok for line in check_addresses(settings)] == [True]
    good = replace(settings.smtp, reply_address="feedback+{token}@ekdala.example")
    assert [line.ok for line in check_addresses(replace(settings, smtp=good))] == [True, True]
    bad = replace(good, reply_address="svar+{token}@ekdala.example", envelope_sender="studs@ekdala.example")
    assert [line.ok for line in check_addresses(replace(settings, smtp=bad))] == [True, False, False]
    assert without_token("") == ""


def test_addresses_left_from_the_example_are_named(settings: Settings) -> None:
    """Only where the municipality writes from an address of its own: elsewhere all of it is an example."""
    real = replace(settings.smtp, from_address="synpunkter@ekdala.invalid")
    *_, line = check_addresses(replace(settings, smtp=real))
    assert (line.name, line.ok) == ("Exempeladresser", False)
    assert "@" in line.text
    assert len(line.text) < 400
    assert "Exempeladresser" not in [one.name for one in check_addresses(settings)]


def test_a_broken_template_of_the_municipalitys_own(tmp_path: Path) -> None:
    folder = tmp_path / "sv" / "mottagning"
    folder.mkdir(parents=True)
    (folder / "body.txt").write_text("Hej {{ finns_inte }}\n")
    renderer = TemplateRenderer(sample_constants(), overrides=[tmp_path])
    lines = list(check_letters(renderer, ["sv"]))
    assert lines
    assert not any(line.ok for line in lines)
    assert "mottagning" in str(lines[0])


def test_the_disk() -> None:
    assert free_space(Path("/x"), GIBIBYTE, 1024).ok
    short = free_space(Path("/x"), GIBIBYTE - 1, 1024)
    assert (short.ok, short.text) == (False, "1024,0 MiB ledigt i /x")
    assert "minst 1,0 GiB" in short.remedy
    (remote,) = check_disk("postgresql://lyhord:hemligt@db.ekdala.example/lyhord", 1024)
    assert (remote.ok, "hemligt" in remote.text) == (True, False)


@pytest.mark.parametrize(("state", "known"), [(0, True), (5, False), (None, False)])
def test_the_clock_where_the_kernel_says_so(tmp_path: Path, state: int | None, known: bool) -> None:
    (line,) = check_clock(timesync=tmp_path / "synchronized", kernel=lambda: state)
    assert (line.ok, "hålls rätt" in line.text) == (True, known)


def test_the_clock_that_systemd_keeps(tmp_path: Path) -> None:
    (tmp_path / "synchronized").touch()
    (line,) = check_clock(timesync=tmp_path / "synchronized", kernel=lambda: None)
    assert "hålls rätt" in line.text


def test_an_error_of_one_sentence_is_given_a_way_out() -> None:
    assert failed("N", LyhordError("Det gick fel."), "Gör så.") == CheckLine("N", False, "Det gick fel", "Gör så.")
    assert failed("N", LyhordError("p: A. B. Gör om."), "x", place="p") == CheckLine("N", False, "A. B", "Gör om.")
