"""`lyhord init`: a file that loads, never over another, and the next steps."""

import tomllib
from pathlib import Path

import pytest

from config import PROFILES, load
from service.cli import main
from tests.config.conftest import ENVIRON


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("profile", PROFILES)
def test_the_file_is_the_profile_with_comments(here: Path, profile: str) -> None:
    assert main(["init", "--profile", profile]) == 0
    written = load(here / "lyhord.toml", ENVIRON)
    shipped = load(profile, ENVIRON)
    assert (written.municipality, written.organisation) == (shipped.municipality, shipped.organisation)
    assert (written.promises, written.outcomes) == (shipped.promises, shipped.outcomes)
    text = (here / "lyhord.toml").read_text(encoding="utf-8")
    assert text.startswith("# Inställningar för Lyhörd")
    assert "password =" not in text


def test_the_next_steps_are_told_in_order_with_the_secrets_by_name(here: Path, capsys) -> None:
    main(["init", "--profile", "rattvik", "--out", "var kommun.toml"])
    said = capsys.readouterr().out
    steps = ["byt ut", "Sätt hemligheterna", "lyhord db upgrade", "lyhord user add", "lyhord check", "lyhord run"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert [line[:2] for line in said.splitlines() if line[:1].isdigit()] == [f"{n}." for n in range(1, 7)]
    tree = tomllib.loads((here / "var kommun.toml").read_text(encoding="utf-8"))
    for name in (tree["desk"]["secret_env"], tree["smtp"].get("password_env", tree["desk"]["secret_env"])):
        assert f"export {name}=" in said
    assert "lyhord check --config 'var kommun.toml'" in said
    assert all(role in said for role in ("--role registrator", "--role admin", "--role visselmottagare"))


def test_a_file_is_not_written_over_unless_forced(here: Path, capsys) -> None:
    (here / "lyhord.toml").write_text("mitt eget")
    assert main(["init"]) == 1
    assert "--force" in capsys.readouterr().err
    assert (here / "lyhord.toml").read_text() == "mitt eget"
    assert main(["init", "--force"]) == 0
    assert load(here / "lyhord.toml", ENVIRON).municipality.name == "Osby kommun"


def test_a_folder_that_is_not_there(here: Path, capsys) -> None:
    assert main(["init", "--out", str(here / "ingen" / "l.toml")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("lyhord: ")
    assert "--out" in said
    assert len(said.splitlines()) == 1


def test_a_profile_that_is_not_there(capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["init", "--profile", "ekdala"])
    assert caught.value.code == 2
    assert "rattvik" in capsys.readouterr().err
