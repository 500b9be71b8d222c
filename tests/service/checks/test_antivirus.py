"""``lyhord check`` says whether the virus scanner is there."""

from dataclasses import replace
from pathlib import Path

import config
from config.intake import AntivirusSettings
from service.checks.antivirus import check_antivirus
from tests.config.conftest import ENVIRON
from tests.ingest.test_antivirus import Played, daemon

DEMO = config.load("demo", ENVIRON).antivirus


def chosen(address: str) -> AntivirusSettings:
    return replace(DEMO, socket=address)


def test_a_scanner_that_answers_is_in_order() -> None:
    with daemon(Played()) as address:
        (line,) = check_antivirus(chosen(address))
    assert line.ok
    assert address in line.text


def test_one_that_is_down_is_a_fault_with_its_remedy(tmp_path: Path) -> None:
    (line,) = check_antivirus(chosen(str(tmp_path / "clamd.ctl")))
    assert not line.ok
    assert "inte kontrollerade" in line.remedy
