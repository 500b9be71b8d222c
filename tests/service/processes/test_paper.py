"""The daemon itself: a file in the drop folder becomes a case with a suggestion, and stopping waits for no reading."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import config
from cases.case import CaseStatus, Channel
from cases.people.access import SYSTEM
from cases.store.views import ListFilter, ListKind
from service.processes.daemon import Daemon, Rhythm
from service.whole_house import WholeHouse, build_whole
from storage import migrate
from tests.config.conftest import ENVIRON
from tests.ingest.paper.papers import text_pdf
from tests.ingest.paper.scans import as_bytes, typed
from tests.steps.house import ScriptedModel

QUICK = Rhythm(work=0.1, sweep=3600)


@pytest.fixture
def house(tmp_path: Path) -> WholeHouse:
    (tmp_path / "in").mkdir()
    file = tmp_path / "kommun.toml"
    file.write_text(
        f'extends = "osby"\n[database]\nurl = "sqlite:///{tmp_path}/lyhord.sqlite"\n'
        '[paper]\ndrop_folder = "in"\ndone_folder = "klart"\nsettle_seconds = 1\n'
    )
    # No mailbox and nobody to send to: this is about paper.
    settings = replace(config.load(file, ENVIRON), mailboxes=())
    migrate.upgrade(settings.database.url.reveal())
    built = build_whole(settings)
    return replace(built, stages=replace(built.stages, classifier=ScriptedModel))


def _until(happened: Callable[[], bool], seconds: float = 90) -> bool:
    wait, until = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        wait.wait(0.1)
    return False


def _suggested(house: WholeHouse) -> bool:
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
    return [(line.status, line.channel) for line in lines] == [(CaseStatus.SUGGESTED, Channel.LETTER)]


def test_a_file_in_the_folder_becomes_a_case_with_a_suggestion(house: WholeHouse, tmp_path: Path) -> None:
    daemon = Daemon(house, QUICK)
    daemon.start()
    try:
        (tmp_path / "in" / "0001.pdf").write_bytes(text_pdf("Gatlyktan vid skolan lyser inte"))
        assert _until(lambda: _suggested(house))
    finally:
        daemon.stop()
    assert [path.name for path in (tmp_path / "klart").iterdir()] == ["0001.pdf"]
    house.store.close()


def test_stopping_ends_a_reading_that_goes_on_and_the_document_still_waits(house: WholeHouse, tmp_path: Path) -> None:
    slow, begun = tmp_path / "slow", tmp_path / "begun"
    slow.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo swe && exit 0\ntouch {begun}\nexec sleep 600\n')
    slow.chmod(0o755)
    reader = house.paper.reader
    reader.limits = replace(reader.limits, tesseract=str(slow))
    daemon = Daemon(house, QUICK)
    daemon.start()
    try:
        (tmp_path / "in" / "0001.png").write_bytes(as_bytes(typed("Hej", size=(1200, 900))) + bytes(20_000))
        assert _until(begun.exists)
    finally:
        began = time.monotonic()
        daemon.stop()
    assert time.monotonic() - began < 60
    with house.store.read() as tx:
        assert tx.state_counts()["documents.waiting"] == 1
    house.store.close()
