"""`lyhord check` on copies: what would make tonight's fail is told today, and that none has come."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from config import Settings, load
from service.backup_names import is_recipient
from service.checks.backup import check_backup
from service.checks.everything import check_all
from service.checks.line import CheckLine
from service.clock_and_ids import utc_now

KEY = str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def settings(environ: dict[str, str], tmp_path: Path) -> Settings:
    return _with(load("demo", environ), folder=tmp_path, recipients=(KEY,))


def _with(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, backup=replace(settings.backup, **changes))


def _faults(settings: Settings) -> list[CheckLine]:
    return [line for line in check_backup(settings, utc_now()) if not line.ok]


def _copy(folder: Path, *, days: int) -> None:
    path = folder / "lyhord-20261124T021500Z.tar.zst.age"
    path.touch()
    made = (utc_now() - timedelta(days=days)).timestamp()
    os.utime(path, (made, made))


def test_a_copy_of_last_night_is_well(settings: Settings, tmp_path: Path) -> None:
    _copy(tmp_path, days=1)
    assert _faults(settings) == []


def test_copies_that_ceased_are_told_of(settings: Settings, tmp_path: Path) -> None:
    (line,) = _faults(settings)
    assert "ingen kopia" in line.text
    _copy(tmp_path, days=3)
    (line,) = _faults(settings)
    assert "gjordes för 3 dygn sedan" in line.text
    assert "journalctl -u lyhord-backup" in line.remedy
    weekly = replace(settings, alarms=replace(settings.alarms, backup_hours=200))
    assert _faults(weekly) == []
    assert _faults(replace(settings, alarms=replace(settings.alarms, backup_hours=0))) == []


def test_a_folder_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    (line,) = _faults(_with(settings, folder=tmp_path / "disk"))
    assert f"{tmp_path / 'disk'} finns inte" in line.text
    assert "install -d" in line.remedy


def test_half_a_key_is_found_before_the_night(settings: Settings, tmp_path: Path) -> None:
    _copy(tmp_path, days=0)
    (line,) = _faults(_with(settings, recipients=(KEY, KEY[:-4])))
    assert "nyckel 2 i backup.recipients" in line.text
    (line,) = _faults(_with(settings, recipients=()))
    assert "ingen att kryptera för" in line.text
    assert (is_recipient(KEY), is_recipient("age1")) == (True, False)


def test_no_folder_is_no_fault_but_told_of(environ: dict[str, str]) -> None:
    (line,) = check_backup(load("demo", environ), utc_now())
    assert line.ok
    assert "backup.folder är tom" in line.text


def test_the_whole_check_looks_at_copies(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "kommun.toml"
    file.write_text('extends = "demo"\n[backup]\nfolder = "kopior"\n[classifier]\nmodel_folder = "tom"\n')
    (tmp_path / "tom").mkdir()
    lines = list(check_all(str(file), environ, clock=utc_now))
    assert [line.ok for line in lines if line.name.startswith("Säkerhetskopiorna")] == [False, False]
