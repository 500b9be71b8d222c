"""`lyhord check` against real servers: what is well, what is not, and that one fault hides no other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cases.errors import LyhordError
from cases.people.access import Grant, Role, User
from classifier.folder import DEFAULT_FOLDER
from config import Secret, Settings
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from service.checks.choices import check_accessibility, check_addresses, check_letters, without_token
from service.checks.everything import check_all
from service.checks.line import CheckLine, failed, guarded
from service.checks.machine import MEBIBYTE, check_clock, check_disk, free_space
from service.checks.model import check_model
from service.checks.people import needed_people
from service.checks.secrets import check_secrets
from service.cli import main
from service.clock_and_ids import utc_now
from service.demo.people import add_people
from storage import SqlStore
from tests.service.conftest import CLOSED, DESK_SECRET, NOW, names

TODAY = NOW.date()


def add_everybody(store: SqlStore) -> None:
    count = iter(range(1000))
    with store.begin() as tx:
        add_people(tx, lambda: f"u{next(count)}")


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


def test_a_secret_that_all_on_the_machine_can_read_is_told(settings: Settings) -> None:
    """The rights on the way there count: what lies in a closed folder nobody else reads."""
    # Not pytest's own folder, which is closed already.
    with TemporaryDirectory() as made:
        folder = Path(made)
        secret = folder / "imap"
        secret.write_text("hemligt", encoding="utf-8")
        box = replace(settings.mailboxes[0], password=Secret("hemligt", "filen imap", secret))
        chosen = replace(settings, mailboxes=(box,))
        said: list[CheckLine] = []
        for of_folder, of_file in ((0o755, 0o644), (0o750, 0o644), (0o755, 0o640)):
            folder.chmod(of_folder)
            secret.chmod(of_file)
            said += check_secrets(chosen)
    assert [line.ok for line in said] == [False, True, True]
    assert f"{secret} kan läsas av alla" in said[0].text
    assert f"chmod 0640 {secret}" in said[0].remedy


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
    ways = ["Personer" in line.remedy for line in needed_people([], TODAY)]
    assert ways == [True, True, False], "who lacks an administrator has nobody to do it on the desk"
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


def test_pages_for_the_public_lead_to_the_statement_of_accessibility(settings: Settings) -> None:
    silent = replace(settings, links=replace(settings.links, accessibility=""))
    told = replace(settings, links=replace(settings.links, accessibility="https://www.ekdala.example/tillganglighet"))
    closed = replace(settings.public, register=False, case_page=False, ask_if_helped=False)
    for page in ("register", "case_page", "ask_if_helped"):
        public = replace(closed, **{page: True})
        seen = [
            *check_accessibility(replace(silent, public=public)),
            *check_accessibility(replace(told, public=public)),
        ]
        assert [line.ok for line in seen] == [False, True]
    assert not list(check_accessibility(replace(silent, public=closed)))


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
    assert free_space(Path("/x"), 1024 * MEBIBYTE, 1024).ok
    short = free_space(Path("/x"), 1024 * MEBIBYTE - 1, 1024)
    assert (short.ok, short.text) == (False, "1,1 GB ledigt i /x")
    assert "minst 1,1 GB" in short.remedy
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
