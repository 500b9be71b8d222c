"""``lyhord doctor`` and the log, which tell what is wrong and nothing of anybody."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import load
from service import logs
from service.bootstrap import House
from service.checks.backup import check_backup
from service.cli import main
from service.commands.doctor import running_lines, tell, without
from service.monitoring.alarms import STATE
from service.notes import LAST_PASS
from storage import migrate
from tests.service.watched import (
    NOW,
    Clock,
    clock,
    house,
    note,
    told_to,
    webhook,
    well,
)
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter

__all__ = ["clock", "house"]


def test_doctor_tells_symptom_cause_and_cure(house: House, clock: Clock) -> None:
    well(house)
    note(house, LAST_PASS + "sweep", timedelta())
    SmallHouse(house.store, now=NOW).post(a_letter())
    clock.later(minutes=31)
    with house.store.begin() as tx:
        tx.save_setting("restore:state", json.dumps({"taken_at": "x", "recovered_at": ""}))
        on = {"queue": {"name": "Inkomna brev", "text": "x", "since": "2026-11-26T09:31:00+00:00", "told": "yes"}}
        tx.save_setting(STATE, json.dumps(on))
    lines = [line for line in running_lines(house.settings) if not line.ok]
    assert any(line.text.endswith(", larmat sedan den 26 november 2026 kl. 10.31") for line in lines)
    found = {line.name: line for line in lines}
    assert len(found) == len(lines), "each once, though health and alarms see the same"
    assert "väntat i" in found["Inkomna brev"].text
    assert found["Återställningen"].remedy.startswith("Kör lyhord mailbox recover")
    assert all(line.remedy for line in found.values())


def test_what_both_check_and_the_running_system_see_is_told_once(house: House, tmp_path: Path) -> None:
    backup = replace(house.settings.backup, folder=tmp_path)
    settings = replace(house.settings, backup=backup)
    running = list(running_lines(settings))
    tried = list(check_backup(settings, NOW))
    told = [line for line in [*without(tried, running), *running] if line.name.startswith("Säkerhetskopiorna")]
    assert [(line.name, line.text.split(",")[0]) for line in told] == [
        ("Säkerhetskopiorna, nycklar", "backup.recipients är tom"),
        ("Säkerhetskopiorna", "det finns ingen än"),
    ]
    gone = list(check_backup(replace(settings, backup=replace(backup, folder=tmp_path / "omonterad")), NOW))
    assert without(gone, running) == gone, "another cure is another fault"


def test_doctor_run_by_somebody_who_may_not_use_the_database_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended with the system's word for the file, and told nothing of all it had found before."""
    monkeypatch.setattr("service.checks.database.os.access", lambda *_: False)
    (line,) = running_lines(house.settings)
    assert (line.ok, line.name) == (False, "Databasen, fil")
    assert line.remedy.startswith("Kör som Lyhörds användare (sudo -u lyhord …)")


def test_doctor_says_that_upgrades_are_lacking(house: House) -> None:
    migrate.downgrade(house.settings.database.url.reveal(), "0009_public_and_api")
    (line,) = running_lines(house.settings)
    assert (line.name, line.remedy) == ("Databasen, version", "Kör lyhord db upgrade.")


def test_the_command(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "-c", "demo", "--quick"]) == 1
    said = capsys.readouterr().out
    assert "Tjänsten: har aldrig gått" in said
    assert "Gör så här: " in said
    monkeypatch.setenv("LYHORD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert main(["doctor", "-c", "demo", "--quick"]) == 1
    monkeypatch.delenv("LYHORD_DESK_SECRET")
    assert main(["doctor", "-c", "demo", "--quick"]) == 1


def test_doctor_alarms_of_a_database_that_is_gone(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that was not mounted was told as nothing wrong; a service that cannot start on it tells nobody."""
    gone = tmp_path / "gone" / "lyhord.sqlite"
    with webhook() as (url, got):
        settings = told_to(load("demo", environ | {"LYHORD_DATABASE_URL": f"sqlite:///{gone}"}), webhook=url)
        assert tell(list(running_lines(settings, alarm=True))) == 1
    assert f"mappen {gone.parent} finns inte" in capsys.readouterr().out
    assert len(got) == 1
    assert "'name': 'Databasen, fil'" in str(got)
    assert not gone.parent.exists()


def test_what_fails_each_second_is_told_once_in_a_while() -> None:
    """A damaged model wrote thirty lines every other second, a night without database some hundred thousand."""
    seldom = logs.Seldom()
    assert [second for second in range(700) if seldom.tells("suggest", "BadZipFile", second)] == [0, 300, 600]
    assert seldom.tells("read", "BadZipFile", 700)
    assert seldom.tells("suggest", "MemoryError", 700)
    assert not seldom.tells("suggest", "", 701)
    assert seldom.tells("suggest", "MemoryError", 702), "it has gone well in between"
    assert not seldom.tells("send", "", 0)


def test_the_log_as_text_tells_where_an_error_came_from_and_not_what_it_quotes() -> None:
    letter = "Berit Alm skrev"
    with pytest.raises(ValueError, match=letter) as raised:
        int(letter)
    told = (raised.type, raised.value, raised.tb)
    line = logs.TextLines().format(logging.LogRecord("x", logging.ERROR, "a.py", 3, "pass failed", (), told))
    assert line.endswith("ValueError")
    assert __file__ in line
    assert letter not in line


def test_the_log_as_json_tells_no_errors_text() -> None:
    record = logging.LogRecord("lyhord.x", logging.ERROR, "a.py", 3, "pass %s failed", ("read",), None)
    told = json.loads(logs.JsonLines().format(record))
    assert {k: told[k] for k in ("level", "logger", "message")} == {
        "level": "error", "logger": "lyhord.x", "message": "pass read failed",
    }  # fmt: skip
    record.exc_info = (ValueError, ValueError("Berit Alm skrev"), None)
    line = logs.JsonLines().format(record)
    assert json.loads(line)["error"] == "ValueError"
    assert "Berit" not in line
    root = logging.getLogger()
    before = [(handler, handler.formatter) for handler in root.handlers]
    logs.use("json")
    assert all(isinstance(handler.formatter, logs.JsonLines) for handler in root.handlers)
    for handler, formatter in before:
        handler.setFormatter(formatter)
