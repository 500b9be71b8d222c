"""`lyhord check` on paper: folders, and Tesseract with Swedish, without, or not there at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import Settings, load
from config.paper import PaperSettings
from service.checks.paper import check_paper


@pytest.fixture
def paper(environ: dict[str, str]) -> PaperSettings:
    settings: Settings = load("demo", environ)
    return settings.paper


def _program(folder: Path, languages: str) -> str:
    made = folder / "tesseract"
    made.write_text(f"#!/bin/sh\nprintf '{languages}'\n")
    made.chmod(0o755)
    return str(made)


@pytest.mark.parametrize(
    ("languages", "ok", "said"),
    [("swe\\neng\\n", True, "med svenska"), ("eng\\n", False, "saknar svenska")],
)
def test_tesseract_must_know_swedish(
    paper: PaperSettings, tmp_path: Path, languages: str, said: str, *, ok: bool
) -> None:
    (line,) = check_paper(paper, _program(tmp_path, languages))
    assert (line.ok, said in line.text) == (ok, True)


def test_no_tesseract_is_no_fault_but_told_of(paper: PaperSettings) -> None:
    (line,) = check_paper(paper, "lyhord-no-such-tesseract")
    assert line.ok
    assert "människor läser" in line.text
    (off,) = check_paper(replace(paper, tesseract=False))
    assert "avstängt" in off.text


def test_folders_must_be_there(paper: PaperSettings, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    chosen = replace(paper, drop_folder=tmp_path / "in", done_folder=tmp_path / "klart", tesseract=False)
    here, away, _ = check_paper(chosen)
    assert (here.ok, away.ok) == (True, False)
    assert "paper.done_folder" in away.remedy
