"""`lyhord retention` from end to end: plan, run, protocols, and the pass of the night."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.case import CaseStatus
from cases.people.access import SYSTEM, Grant, Role, User
from cases.steps.records.retention import SCRUB
from config import load
from service import retention
from service.bootstrap import build
from service.cli import main
from service.retention import night_pass, retention_rules
from tests.storage.samples import case, stored

RULES = '\n[[retention_rules]]\nid = "alla"\nyears = 2\ndecision = "KS 2026/9"\n'
LONG_AGO = datetime(2020, 5, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def file(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    written = tmp_path / "lyhord.toml"
    written.write_text(f'extends = "demo"\n{RULES}')
    return written


@pytest.fixture
def run(file: Path) -> Callable[..., int]:
    return lambda *words: main(["retention", *words, "--config", str(file)])


@pytest.fixture
def filled(sqlite_store):
    """One case that ended long ago, one open, and a person."""
    with sqlite_store.begin() as tx:
        tx.add_user(User("rut", "rut@ekdala.example", "Rut", "registrator", frozenset({Grant(Role.REGISTRATOR)})))
        tx.add_case(case("c1", number="EK-2020-1", received_at=LONG_AGO, closed_at=LONG_AGO, status=CaseStatus.CLOSED))
        tx.add_case(case("c2", number="EK-2020-2", received_at=LONG_AGO))
        tx.add_message(stored("c1", id="m1"))
    return sqlite_store


def test_the_plan_tells_numbers_and_run_wants_the_count(run, filled, capsys) -> None:
    assert run("plan") == 0
    said = capsys.readouterr().out
    assert "EK-2020-1" in said
    assert "EK-2020-2" not in said
    assert "lyhord retention run --count 1" in said
    assert "Lampan" not in said
    assert run("run", "--by", "rut@ekdala.example", "--count", "2") == 1
    assert run("run", "--by", "rut@ekdala.example") == 1
    assert "1 skulle gallras, det säger inte --count. Se lyhord retention plan." in capsys.readouterr().err
    assert run("run", "--by", "nobody@ekdala.example", "--count", "1") == 1
    with filled.read() as tx:
        assert tx.get_case("c1", SYSTEM).disposed_at is None
    assert run("run", "--by", "rut@ekdala.example", "--count", "1") == 0
    assert "ett ärende gallrat enligt KS 2026/9 (regeln alla): 1 brev" in capsys.readouterr().out
    with filled.read() as tx:
        assert tx.get_case("c1", SYSTEM).disposed_at is not None
    assert run("protocols") == 0
    assert ";Rut;KS 2026/9;" in capsys.readouterr().out


def test_the_night_disposes_only_where_the_file_says_so(file, filled) -> None:
    settings = load(str(file), os.environ)
    house = build(settings)
    night, day = datetime(2026, 11, 26, 2, 10, tzinfo=UTC), datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    try:
        assert night_pass(house)(night) == ()
        alone = replace(house, settings=replace(settings, retention=replace(settings.retention, automatic=True)))
        assert night_pass(alone)(day) == ()
        (made,) = night_pass(alone)(night)
        assert [line.number for line in made.lines] == ["EK-2020-1"]
        assert not night_pass(alone)(night + timedelta(days=1))
    finally:
        house.store.close()


@pytest.mark.parametrize(("meanwhile", "left"), [("", ""), ("2026-11-26T03:20:00+00:00", "2026-11-26T03:20:00+00:00")])
def test_what_is_erased_while_the_files_are_written_anew_waits_for_the_next_time(
    file, filled, monkeypatch: pytest.MonkeyPatch, meanwhile: str, left: str
) -> None:
    house = build(load(str(file), os.environ))

    def written_anew(_url: str) -> None:
        if meanwhile:
            with filled.begin() as tx:
                tx.save_setting(SCRUB, meanwhile)

    monkeypatch.setattr(retention, "scrub", written_anew)
    try:
        with filled.begin() as tx:
            tx.save_setting(SCRUB, "2026-11-26T03:10:00+00:00")
        retention.scrub_now(house)
        with filled.read() as tx:
            assert tx.setting(SCRUB) == left
    finally:
        house.store.close()


def test_the_general_rule_comes_last(file) -> None:
    settings = load(str(file), os.environ)
    both = replace(settings, retention=replace(settings.retention, years=9, decision="KS 1"))
    assert [(rule.id, rule.years) for rule in retention_rules(both).rules] == [("alla", 2), ("övriga", 9)]
    assert retention_rules(replace(settings, retention_rules=())).rules == ()
