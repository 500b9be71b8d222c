"""`lyhord user` from end to end: what was added can log in, what was disabled cannot."""

import getpass
import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cases.people.access import Grant, Role, User
from cases.people.accounts import AccountEvent, StoredSession, Way
from desk.login.passwords import right_password
from service.cli import main
from storage import SqlStore

PASSWORD = "en lång mening om våren"
Run = Callable[..., int]


@pytest.fixture
def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)

    def run(*words: str, password: str = PASSWORD) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main(["user", *words, "--config", "demo"])

    return run


def add(run: Run, *more: str, email: str = "rut@ekdala.example", password: str = PASSWORD) -> int:
    who = ("--name", "Rut Almgren", "--title", "registrator")
    return run("add", email, *who, *more, "--password-stdin", password=password)


def found(store: SqlStore, email: str = "rut@ekdala.example") -> User:
    with store.read() as tx:
        user = tx.user_by_email(email)
    assert user is not None
    return user


def test_a_person_who_was_added_can_log_in(run: Run, sqlite_store: SqlStore, capsys) -> None:
    assert add(run, "--role", "registrator", "--role", "handlaggare:gata") == 0
    assert "rut@ekdala.example kan logga in på http://127.0.0.1:8080" in capsys.readouterr().out
    user = found(sqlite_store)
    assert user.grants == {Grant(Role.REGISTRATOR), Grant(Role.HANDLAGGARE, "gata")}
    assert (user.name, user.title) == ("Rut Almgren", "registrator")
    assert right_password(user, PASSWORD)
    assert not right_password(user, PASSWORD.upper())
    assert PASSWORD not in user.password_hash


def test_without_a_terminal_the_way_to_give_a_password_is_told(run: Run, monkeypatch, capsys) -> None:
    def no_terminal(_: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)
        pytest.fail("asked in the open")

    monkeypatch.setattr("getpass.getpass", no_terminal)
    who = ("--name", "Rut Almgren", "--title", "registrator", "--role", "registrator")
    assert run("add", "rut@ekdala.example", *who) == 1
    assert "--password-stdin" in capsys.readouterr().err


def test_the_same_address_is_the_same_person(run: Run, sqlite_store: SqlStore) -> None:
    add(run, "--role", "registrator")
    before = found(sqlite_store)
    assert run("add", "RUT@ekdala.example", "--title", "arkivarie", "--password-stdin") == 0
    after = found(sqlite_store)
    assert (after.id, after.title, after.name) == (before.id, "arkivarie", "Rut Almgren")
    assert after.grants == before.grants
    with sqlite_store.read() as tx:
        assert len(tx.users()) == 1


def test_a_disabled_person_stays_listed_and_cannot_log_in(run: Run, sqlite_store: SqlStore, capsys) -> None:
    add(run, "--role", "registrator")
    assert run("disable", "rut@ekdala.example") == 0
    assert not right_password(found(sqlite_store), PASSWORD)
    capsys.readouterr()
    assert run("list") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("rut@ekdala.example")
    assert "Rut Almgren, registrator" in line
    assert "[registrator:*]" in line
    assert line.endswith("avstängd")


def test_who_is_changed_stays_as_closed_as_before(run: Run, sqlite_store: SqlStore, capsys) -> None:
    add(run, "--role", "registrator")
    run("disable", "rut@ekdala.example")
    with sqlite_store.begin() as tx:
        tx.add_user(replace(found(sqlite_store), last_day=date(2026, 11, 1)))
    capsys.readouterr()
    assert run("add", "rut@ekdala.example", "--title", "arkivarie") == 0
    assert "kan inte logga in; lyhord user enable" in capsys.readouterr().out
    changed = found(sqlite_store)
    assert (changed.title, changed.active, changed.last_day) == ("arkivarie", False, date(2026, 11, 1))
    run("enable", "rut@ekdala.example")
    assert right_password(found(sqlite_store), PASSWORD)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--role", "regissör"), "Välj bland registrator (Registrator), handlaggare"),
        (("--role", "handlaggare:finns_inte"), "Det finns ingen enhet, förvaltning eller nämnd 'finns_inte'"),
        (("--role", "handlaggare:gatta"), "Menade du handlaggare:gata? Enheterna är "),
        ((), "minst en --role"),
    ],
)
def test_what_does_not_exist_is_refused_and_nothing_is_added(
    run: Run, sqlite_store: SqlStore, capsys, more: tuple[str, ...], said: str
) -> None:
    assert add(run, *more) == 1
    assert said in capsys.readouterr().err
    with sqlite_store.read() as tx:
        assert tx.users() == []


def test_a_short_password_is_refused(run: Run, capsys) -> None:
    assert add(run, "--role", "admin", password="kort") == 1
    said = capsys.readouterr().err
    assert "minst 12 tecken" in said
    assert "kort\n" not in said


def test_somebody_who_is_not_there(run: Run, capsys) -> None:
    assert run("disable", "ingen@ekdala.example") == 1
    assert "ingen@ekdala.example" in capsys.readouterr().err
    assert run("add") == 1
    assert "Ange personens e-postadress" in capsys.readouterr().err


def test_an_administrator_gives_a_one_time_password_from_the_server(run: Run, sqlite_store: SqlStore, capsys) -> None:
    add(run, "--role", "registrator")
    capsys.readouterr()
    assert run("reset", "rut@ekdala.example") == 0
    word = capsys.readouterr().out.split()[-1]
    user = found(sqlite_store)
    with sqlite_store.read() as tx:
        account, lines = tx.account(user.id), tx.access_log()
    assert right_password(user, word)
    assert account.must_change
    assert [line.kind for line in lines] == [AccountEvent.RESET, AccountEvent.ADDED]
    assert {line.actor_id for line in lines} == {"system"}
    assert word not in repr(lines)
    add(run, "--role", "registrator")
    with sqlite_store.read() as tx:
        assert not tx.account(user.id).must_change


def test_what_is_done_at_the_server_ends_sessions(run: Run, sqlite_store: SqlStore, capsys) -> None:
    add(run, "--role", "registrator")
    user = found(sqlite_store)
    moment = datetime.now(UTC)
    for what in ("logout", "totp-off", "disable", "reset"):
        with sqlite_store.begin() as tx:
            tx.add_session(StoredSession(what, user.id, moment, moment, Way.LOCAL, "", verified=True))
        assert run(what, "rut@ekdala.example") == 0
        with sqlite_store.read() as tx:
            assert not tx.sessions(user.id), what
    assert not found(sqlite_store).active
    assert run("enable", "rut@ekdala.example") == 0
    assert found(sqlite_store).active


def test_a_person_without_a_password_of_ours(run: Run, sqlite_store: SqlStore) -> None:
    who = ("--name", "Rut Almgren", "--title", "registrator", "--role", "registrator")
    assert run("add", "rut@ekdala.example", *who, "--no-password") == 0
    assert found(sqlite_store).password_hash == ""


def test_a_database_without_tables_is_told_of(run: Run, monkeypatch, tmp_path: Path, capsys) -> None:
    monkeypatch.setenv("LYHORD_DATABASE_URL", f"sqlite:///{tmp_path / 'ny.sqlite'}")
    assert run("list") == 1
    assert "lyhord db upgrade" in capsys.readouterr().err


def test_who_leaves_hands_over_in_the_same_step(run: Run, sqlite_store: SqlStore, capsys) -> None:
    add(run, "--role", "handlaggare:gata")
    add(run, "--role", "handlaggare:gata", email="siv@ekdala.example")
    assert run("leave", "rut@ekdala.example") == 1
    assert "--to" in capsys.readouterr().err
    assert run("leave", "rut@ekdala.example", "--to", "ingen@ekdala.example") == 1
    assert found(sqlite_store).active
    assert run("leave", "rut@ekdala.example", "--to", "siv@ekdala.example") == 0
    assert "rut@ekdala.example kan inte längre logga in." in capsys.readouterr().out
    assert not found(sqlite_store).active


def test_a_reorganisation_without_moved_units_moves_nothing(run: Run, capsys) -> None:
    assert main(["reorganise", "--config", "demo"]) == 0
    assert "Inga ärenden" in capsys.readouterr().out
    assert main(["reorganise", "--now", "--config", "demo"]) == 0
