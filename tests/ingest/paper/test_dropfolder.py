"""The drop folder: only finished files, each once, whatever ends the process."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from ingest.dropfolder import DropFolder
from storage import SqlStore
from tests.servers.killing import Killer

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ids = (f"{n:032x}" for n in count(1))


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    (tmp_path / "in").mkdir()
    return DropFolder("skanner", tmp_path / "in", tmp_path / "klart")


def look(folder: DropFolder, store: SqlStore, seconds: float = 0):
    return folder.look(store, NOW + timedelta(seconds=seconds), lambda: next(ids))


def contents(store: SqlStore) -> list[bytes]:
    with store.read() as tx:
        assert tx.raw_to_read(100, NOW + timedelta(days=1)) == []
        return [tx.raw_content(kept.id) for kept in tx.papers_to_read(1000, NOW + timedelta(days=1))]


def test_a_file_is_taken_when_it_lay_still(folder: DropFolder, sqlite_store: SqlStore) -> None:
    (folder.folder / "0001.pdf").write_bytes(b"brev")
    assert look(folder, sqlite_store).kept == 0
    assert look(folder, sqlite_store, 2).kept == 0
    assert look(folder, sqlite_store, 6).kept == 1
    assert contents(sqlite_store) == [b"brev"]
    assert [path.name for path in folder.done.iterdir()] == ["0001.pdf"]
    assert list(folder.folder.iterdir()) == []


def test_a_file_that_still_grows_is_left(folder: DropFolder, sqlite_store: SqlStore) -> None:
    path = folder.folder / "0001.pdf"
    for second in range(0, 60, 6):
        with path.open("ab") as file:
            file.write(b"sida")
        assert look(folder, sqlite_store, second).kept == 0
    assert look(folder, sqlite_store, 66).kept == 1
    assert contents(sqlite_store) == [b"sida" * 10]


def test_a_pdf_without_its_end_is_waited_for_and_taken_when_its_scanner_was_interrupted(
    folder: DropFolder, sqlite_store: SqlStore
) -> None:
    begun, rest = b"%PDF-1.7\nsida 1\n", b"sida 2\n%%EOF\n" + bytes(512)
    path = folder.folder / "0001.pdf"
    path.write_bytes(begun)
    assert [look(folder, sqlite_store, second).known for second in (0, 6, 600)] == [0, 0, 0]
    assert contents(sqlite_store) == []
    path.write_bytes(begun + rest)
    look(folder, sqlite_store, 660)
    assert look(folder, sqlite_store, 666).kept == 1
    path.write_bytes(begun)
    assert [look(folder, sqlite_store, second).kept for second in (700, 4299, 4300)] == [0, 0, 1]
    assert sorted(contents(sqlite_store)) == [begun, begun + rest]


def test_a_file_written_to_just_before_it_is_read_is_left(folder: DropFolder, sqlite_store: SqlStore) -> None:
    path = folder.folder / "0001.pdf"
    path.write_bytes(b"sida")
    look(folder, sqlite_store)

    class Scanning(DropFolder):
        def _read(self, path: Path) -> tuple[bytes, os.stat_result]:
            path.write_bytes(b"sidasida")
            return super()._read(path)

    scanning = Scanning(folder.id, folder.folder, folder.done, _seen=folder._seen)
    assert look(scanning, sqlite_store, 6).kept == 0
    assert look(folder, sqlite_store, 12).kept == 0
    assert look(folder, sqlite_store, 18).kept == 1
    assert contents(sqlite_store) == [b"sidasida"]


@pytest.mark.parametrize("name", [".0001.pdf", "0001.pdf.part", "0001.TMP", "~0001.pdf"])
def test_unfinished_names_empty_files_folders_and_links_are_left(
    folder: DropFolder, sqlite_store: SqlStore, name: str, tmp_path: Path
) -> None:
    (folder.folder / name).write_bytes(b"brev")
    (folder.folder / "tom.pdf").touch()
    (folder.folder / "mapp.pdf").mkdir()
    (tmp_path / "hemligt").write_bytes(b"hemligt")
    (folder.folder / "lank.pdf").symlink_to(tmp_path / "hemligt")
    os.mkfifo(folder.folder / "ror.pdf")
    look(folder, sqlite_store)
    assert look(folder, sqlite_store, 60).kept == 0
    assert contents(sqlite_store) == []


def test_a_file_that_stays_empty_is_told_of(folder: DropFolder, sqlite_store: SqlStore) -> None:
    (folder.folder / "tom.pdf").touch()
    assert [look(folder, sqlite_store, second).problems for second in (0, 60, 3599)] == [(), (), ()]
    (said,) = look(folder, sqlite_store, 3600).problems
    assert said == f"En fil i {folder.folder} är tom sedan länge: skanna brevet igen och ta bort filen."
    assert "tom.pdf" not in said


def test_the_same_bytes_are_kept_once_and_moved_each_time(folder: DropFolder, sqlite_store: SqlStore) -> None:
    (folder.folder / "a.pdf").write_bytes(b"brev")
    (folder.folder / "b.pdf").write_bytes(b"brev")
    look(folder, sqlite_store)
    report = look(folder, sqlite_store, 6)
    assert (report.kept, report.known, report.problems) == (1, 1, ())
    assert contents(sqlite_store) == [b"brev"]
    assert len(list(folder.done.iterdir())) == 2


def test_a_name_used_before_does_not_write_over_the_first(folder: DropFolder, sqlite_store: SqlStore) -> None:
    for turn, content in enumerate((b"ett", b"annat")):
        (folder.folder / "0001.pdf").write_bytes(content)
        look(folder, sqlite_store, turn * 60)
        look(folder, sqlite_store, turn * 60 + 10)
    assert {path.read_bytes() for path in folder.done.iterdir()} == {b"ett", b"annat"}


def test_a_file_too_large_or_not_movable_is_told_of_and_keeps_nobody_back(
    folder: DropFolder, sqlite_store: SqlStore, tmp_path: Path
) -> None:
    folder.max_bytes = 10
    (folder.folder / "stor.pdf").write_bytes(b"x" * 11)
    (folder.folder / "liten.pdf").write_bytes(b"brev")
    look(folder, sqlite_store)
    report = look(folder, sqlite_store, 6)
    assert (report.kept, len(report.problems)) == (1, 1)
    folder.done = tmp_path / "stor"
    (tmp_path / "stor").write_bytes(b"a file where a folder should be")
    (folder.folder / "ny.pdf").write_bytes(b"nytt")
    look(folder, sqlite_store, 60)
    assert len(look(folder, sqlite_store, 70).problems) == 2
    assert sorted(contents(sqlite_store)) == [b"brev", b"nytt"]


def test_a_folder_that_is_away_is_told_of(folder: DropFolder, sqlite_store: SqlStore) -> None:
    folder.folder.rmdir()
    assert "går inte att läsa" in look(folder, sqlite_store).problems[0]


@pytest.mark.parametrize(
    ("age", "received"),
    [
        (timedelta(hours=20), NOW - timedelta(hours=20)),
        (timedelta(days=400), NOW + timedelta(seconds=6)),
        (timedelta(days=-3), NOW + timedelta(seconds=6)),
    ],
)
def test_a_letter_is_received_when_it_was_scanned_unless_the_clock_was_wrong(
    folder: DropFolder, sqlite_store: SqlStore, age: timedelta, received: datetime
) -> None:
    path = folder.folder / "0001.pdf"
    path.write_bytes(b"brev")
    os.utime(path, times=((NOW - age).timestamp(),) * 2)
    look(folder, sqlite_store)
    look(folder, sqlite_store, 6)
    with sqlite_store.read() as tx:
        assert tx.papers_to_read(1, NOW + timedelta(days=1))[0].received_at == received


@pytest.mark.slow
def test_killed_at_any_instant_every_letter_is_kept_exactly_once(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(200):
        (tmp_path / "in" / f"{number:04}.pdf").write_bytes(f"brev {number}".encode() * 50)
    with Killer("tests.servers.dropping", sqlite_url, str(tmp_path)) as killer:
        for turn in range(11):
            killer.start()
            # A little longer each time, so that the kills fall in different places.
            killer.wait(0.05 + 0.03 * turn)
            killer.kill()
        killer.start()
        assert killer.wait_until(lambda: not any((tmp_path / "in").iterdir()), 60, every=0.1)
        killer.kill()
    store = SqlStore(sqlite_url, analyser=str.split)
    kept = Counter(contents(store))
    store.close()
    assert kept == Counter(f"brev {number}".encode() * 50 for number in range(200))
    assert len(list((tmp_path / "klart").iterdir())) == 200
