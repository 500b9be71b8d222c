"""The audit without a network: what a copy of an advisory database says of pinned versions, by OSV's own rule."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from tests.tools.advisories import main, pins, records, touches

REQUIREMENTS = """# comment
jinja2==3.1.6 \\
    --hash=sha256:00
    # via fastapi
Python_Multipart==0.0.34 --hash=sha256:00
"""
RECORD = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "modified": "2026-11-20T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Jinja2"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.1.7"}]}],
        }
    ],
}
TODAY = date(2026, 11, 27)


def span(*events: tuple[str, str], kind: str = "ECOSYSTEM") -> dict[str, object]:
    return {"ranges": [{"type": kind, "events": [{what: version} for what, version in events]}]}


def test_pins_are_read_with_their_names_as_indexes_write_them() -> None:
    assert pins(REQUIREMENTS) == {"jinja2": Version("3.1.6"), "python-multipart": Version("0.0.34")}


def test_every_pin_of_ours_is_read() -> None:
    text = Path("requirements.txt").read_text()
    assert len(pins(text)) == sum("==" in line for line in text.splitlines() if line[:1].isalnum())


@pytest.mark.parametrize(
    ("affected", "touched"),
    [
        (span(("introduced", "0"), ("fixed", "3.1.7")), True),
        (span(("introduced", "0"), ("fixed", "3.1.6")), False),
        (span(("introduced", "3.2"), ("fixed", "3.3")), False),
        (span(("introduced", "3.1.6")), True),
        (span(("introduced", "0"), ("last_affected", "3.1.6")), True),
        (span(("introduced", "0"), ("last_affected", "3.1.5")), False),
        # Twice broken, the events in no order.
        (span(("fixed", "3.2"), ("introduced", "0"), ("introduced", "3.1"), ("fixed", "2.9")), True),
        (span(("introduced", "0"), ("fixed", "2.9"), ("introduced", "3.1.7"), ("fixed", "3.2")), False),
        (span(("introduced", "0"), kind="GIT"), False),
        ({"versions": ["3.1.5", "3.1.6"]}, True),
        ({"versions": ["3.1.5", "2010-alpha-x"]}, False),
        ({}, False),
    ],
)
def test_what_a_record_touches(affected: dict[str, object], touched: bool) -> None:
    assert touches(affected, Version("3.1.6")) is touched


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with a requirements file and a copy of a database: one of YAML, one of JSON, one withdrawn."""
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS)
    copy = tmp_path / "copy" / "vulns" / "jinja2"
    copy.mkdir(parents=True)
    yaml_like = json.dumps(RECORD).replace('"2026-11-20T00:00:00Z"', "2026-11-20T00:00:00Z")
    (copy / "PYSEC-2026-1.yaml").write_text(yaml_like)
    (copy / "GHSA-x.json").write_text(json.dumps(RECORD | {"id": "GHSA-x", "withdrawn": "2026-11-21T00:00:00Z"}))
    (copy / "GHSA-y.json").write_text(json.dumps({"id": "GHSA-y", "modified": "2026-11-01T00:00:00Z", "affected": []}))
    (copy / "package.json").write_text("{}")
    return tmp_path


def test_what_is_found_is_told_and_is_a_fault(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(house / "copy"), str(house / "requirements.txt")], TODAY) == 1
    assert capsys.readouterr().out.splitlines() == [
        "jinja2 3.1.6: PYSEC-2026-1/CVE-2026-1; mended in 3.1.7",
        "2 packages, 2 advisories, the newest of 2026-11-20: 1 found.",
    ]


def test_a_zip_reads_as_the_folder_does(house: Path) -> None:
    with zipfile.ZipFile(house / "all.zip", "w") as packed:
        for file in (house / "copy").rglob("*.*"):
            packed.write(file, file.name)
    assert {one["id"] for one in records(house / "all.zip")} == {one["id"] for one in records(house / "copy")}


def test_an_old_copy_is_told_to_be_old(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "requirements.txt").write_text("jinja2==3.1.7\n")
    assert main([str(house / "copy"), str(house / "requirements.txt")], date(2027, 1, 1)) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("The copy is old")


def test_nothing_to_read_is_no_clean_audit(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "empty").mkdir()
    for place in ("empty", "not there"):
        assert main([str(house / place), str(house / "requirements.txt")], TODAY) == 2
        assert "There are no advisories in" in capsys.readouterr().out
