"""`lyhord --version` says what is installed."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from classifier.folder import MANIFEST
from service import version as version_module
from service.cli import main


def said(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def shipped(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(version_module, "DEFAULT_FOLDER", folder)


def test_it_names_program_and_model(capsys, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({"version": "7.3-prov"}), encoding="utf-8")
    shipped(monkeypatch, tmp_path)
    assert said(capsys) == f"lyhord {version('lyhord')} (modell 7.3-prov)\n"


@pytest.mark.parametrize("manifest", [None, "{", "{}"])
def test_without_a_model_it_names_the_program_alone(capsys, monkeypatch, tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / MANIFEST).write_text(manifest, encoding="utf-8")
    shipped(monkeypatch, tmp_path)
    assert re.fullmatch(r"lyhord \d+\.\d+\.\d+\S*\n", said(capsys))
