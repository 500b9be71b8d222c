"""The reading process: what it gives back, and that nothing a file does to it reaches the service."""

import json
import os
import resource
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.documents.errors import ReadingStopped, UnreadableDocument
from ingest.paper.limits import Limits
from ingest.paper.process import DocumentReader, document_from
from ingest.paper.splitting import separator_sheet
from ingest.paper.worker import RESULT, confine, limits_from, limits_to
from tests.ingest.paper.papers import encrypted_pdf, picture_pdf, text_pdf
from tests.ingest.paper.scans import as_bytes, scanned, typed

LIMITS = Limits(seconds=60, tesseract="")


def test_a_document_is_read_in_another_process_as_in_this() -> None:
    read = DocumentReader(LIMITS).read(text_pdf("Gatlyktan lyser inte sedan en vecka"), "application/pdf")
    assert (read.text, read.machine_read, len(read.pages)) == ("Gatlyktan lyser inte sedan en vecka", True, 1)


def test_pictures_come_back() -> None:
    read = DocumentReader(LIMITS).read(as_bytes(typed("Hej", size=(1000, 700))), "image/png")
    assert read.pages[0].image.startswith(b"\xff\xd8\xff")
    assert not read.machine_read


def test_letters_come_back_apart() -> None:
    page, sheet = scanned(typed("Hej!", size=(1240, 1754))), separator_sheet(1240, 1754)
    content = as_bytes(page, "TIFF", save_all=True, append_images=[sheet, page.copy()])
    letters = DocumentReader(LIMITS).split(content, on_blank=True)
    assert len(letters) == 2
    assert DocumentReader(LIMITS).split(letters[0], on_blank=True) == [letters[0]]


def test_a_locked_file_says_why() -> None:
    assert "lösenord" in DocumentReader(LIMITS).read(encrypted_pdf("Hej"), "application/pdf").note


@pytest.fixture
def hanging(tmp_path: Path) -> tuple[str, Path]:
    """A Tesseract that hangs, and the pipe on which it says who it is: reading that waits until it has begun."""
    slow, told = tmp_path / "slow", tmp_path / "pid"
    os.mkfifo(told)
    slow.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo swe && exit 0\necho $$ > {told}\nexec sleep 600\n')
    slow.chmod(0o755)
    return str(slow), told


def test_a_reading_without_end_is_ended_with_all_it_started(
    hanging: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, told = hanging
    waits, pids = [], []

    class Started(subprocess.Popen):
        """Its time is up as soon as Tesseract has begun, which on a busy machine takes what it takes."""

        def wait(self, timeout: float | None = None) -> int:
            if timeout is not None:
                waits.append(timeout)
                pids.append(int(told.read_text()))
                timeout = 0
            return super().wait(timeout)

    monkeypatch.setattr("ingest.paper.process.subprocess.Popen", Started)
    reader = DocumentReader(Limits(seconds=20, tesseract=slow))
    read = reader.read(as_bytes(typed("Hej", size=(900, 600))), "image/png")
    assert "tog för lång tid" in read.note
    assert waits == [30], "the reading's time, and ten seconds for the process to start"
    assert all(_ends(pid) for pid in pids)


def _ends(pid: int) -> bool:
    """Whether a process is dead or dying: the kernel may still be at ending it when whoever killed it goes on."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 20)[0])
    finally:
        os.close(process)


def test_a_file_that_takes_all_memory_is_left_to_people() -> None:
    small = DocumentReader(replace(LIMITS, memory=150_000_000))
    read = small.read(as_bytes(typed("Hej", size=(6000, 6000))), "image/png")
    assert not read.machine_read
    assert read.note.startswith("Inte läst av maskin")


def test_a_picture_that_unpacks_to_four_hundred_million_pixels_harms_nobody() -> None:
    content = picture_pdf(20_000, 20_000)
    assert len(content) < 500_000
    read = DocumentReader(replace(LIMITS, memory=300_000_000)).read(content, "application/pdf")
    assert not read.machine_read
    assert read.note.startswith("Inte läst av maskin")


def test_stopping_ends_the_reading_and_lets_none_begin(hanging: tuple[str, Path]) -> None:
    slow, told = hanging
    reader = DocumentReader(Limits(seconds=100, tesseract=slow))
    content = as_bytes(typed("Hej", size=(900, 600)))
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(reader.read, content, "image/png")
        pid = int(told.read_text())
        reader.stop()
        with pytest.raises(ReadingStopped):
            reading.result()
    assert _ends(pid)
    with pytest.raises(ReadingStopped):
        reader.read(content, "image/png")


def test_the_process_gets_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYHORD_IMAP_PASSWORD", "hemligt")
    spy, told = tmp_path / "spy", tmp_path / "env"
    spy.write_text(f"#!/bin/sh\nenv > {told}\nexit 1\n")
    spy.chmod(0o755)
    DocumentReader(Limits(tesseract=str(spy))).read(as_bytes(typed("Hej", size=(900, 600))), "image/png")
    assert "PATH=" in told.read_text()
    assert "LYHORD" not in told.read_text()


def test_the_process_is_bound() -> None:
    code = (
        "import resource, sys; from ingest.paper.worker import confine; from ingest.paper.limits import Limits;"
        "confine(Limits(seconds=7, memory=999_999_999));"
        "print(*[resource.getrlimit(r)[0] for r in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["999999999", "8", "0"]
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY
    assert callable(confine)


@pytest.mark.parametrize(
    "left",
    [
        "",
        "[]",
        "{}",
        '{"text": "x", "machine_read": true, "note": "", "pages": 7}',
        '{"text": "x", "machine_read": true, "note": "", "pages": [[1]]}',
        '{"text": "x", "machine_read": true, "note": "", "pages": [[1, "x", [[1, 2]]]]}',
        '{"text": "x", "machine_read": true, "note": "", "pages": [["../../x", "x", []]]}',
    ],
)
def test_what_a_taken_over_process_leaves_is_not_believed(tmp_path: Path, left: str) -> None:
    (tmp_path / RESULT).write_text(left)
    with pytest.raises(UnreadableDocument):
        document_from(tmp_path)


def test_a_picture_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "page-1.jpg").symlink_to("/etc/hostname")
    result = {"text": "x", "machine_read": True, "note": "", "pages": [[1, "x", []]]}
    (tmp_path / RESULT).write_text(json.dumps(result))
    assert document_from(tmp_path).pages[0].image == b""


def test_limits_travel_whole() -> None:
    limits = Limits(3, 4, 5.5, 6, "t", ("fin",))
    assert limits_from(json.loads(json.dumps(limits_to(limits)))) == limits
