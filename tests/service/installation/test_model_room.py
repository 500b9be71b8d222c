"""The nightly training: off by default, once a night for all daemons, in a process of its own; and the command line."""

import json
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from zipfile import BadZipFile

import pytest

from cases.errors import ModelError, NotAllowed
from cases.routing.learning import ChampionEvent
from classifier.local.shelf import Record
from classifier.model import SpacyClassifier
from config import load as load_settings
from service.checks.model import check_model
from service.cli import main
from service.commands.model import history_words, status_words
from service.installation.live_model import LiveModel
from service.installation.model_room import ModelRoom, local_folder, outcome_words, run_quietly
from tests.cases.builders import NOW

NIGHT = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
SECRETS = dict.fromkeys(
    ("LYHORD_IMAP_PASSWORD", "LYHORD_SMTP_PASSWORD", "LYHORD_DESK_SECRET"), "0123456789abcdef0123456789abcdef"
)
SCORES = {"locked": 0.8421, "locked_before": 0.84, "recent": 0.9, "recent_before": 0.85}


@pytest.fixture
def settings(tmp_path, sqlite_url):
    found = load_settings("demo", {**SECRETS, "LYHORD_DATABASE_URL": sqlite_url})
    return replace(found, classifier=replace(found.classifier, local_training=True))


@pytest.fixture
def shipped(tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"version": "s1"}), encoding="utf-8")
    return folder


@pytest.fixture
def ran():
    return []


@pytest.fixture
def room(settings, sqlite_store, shipped, ran):
    return make(settings, sqlite_store, shipped, ran)


def make(settings, store, shipped, ran):
    def run(command, _stop):
        ran.append(command)
        return 0

    return ModelRoom(settings, store, shipped, lambda: "shipped", lambda folder: folder.name, run=run)


def crowned(room, *names: str) -> None:
    for name in names:
        room.shelf.place(room.shelf.room("x"), name, Record("s1", letters=70, units=("parkering",)))
        room.shelf.crown(name)


def test_a_damaged_model_is_read_once_a_minute() -> None:
    """Each pass read it anew, wholly, every other second for as long as letters waited."""
    reads, now = [], [0.0]

    def damaged():
        reads.append(now[0])
        raise ModelError("Modellen är inte hel.")

    live = LiveModel(None, shipped=damaged, local=str, base=str, monotonic=lambda: now[0])
    for second in range(0, 120, 2):
        now[0] = second
        with pytest.raises(ModelError, match="inte hel"):
            live.opened()
    assert reads == [0, 60]


def test_it_is_off_by_default(settings, sqlite_store, shipped, ran) -> None:
    assert load_settings("demo", SECRETS).classifier.local_training is False
    off = make(
        replace(settings, classifier=replace(settings.classifier, local_training=False)), sqlite_store, shipped, ran
    )
    assert off.train(NIGHT) is False
    assert ran == []
    crowned(off, "lokal-1")
    assert off.live.current() == "shipped"
    assert (off.state().champion, off.state().learns, off.state().earlier) == ("", False, None)
    with pytest.raises(NotAllowed):
        off.rollback("u1", NOW)


def test_one_daemon_trains_once_a_night_in_a_process_of_its_own(settings, sqlite_store, shipped, ran, room) -> None:
    assert room.train(NOW) is False
    assert room.train(NIGHT) is True
    assert make(settings, sqlite_store, shipped, ran).train(NIGHT) is False
    assert room.train(NIGHT.replace(day=27)) is True
    assert len(ran) == 2
    assert ran[0][-5:] == ("train", "--local", "--nightly", "--config", "demo")


def test_a_running_training_ends_when_the_service_does() -> None:
    stop = threading.Event()
    stop.set()
    assert run_quietly((sys.executable, "-c", "import time; time.sleep(60)"), stop) == -1
    assert run_quietly((sys.executable, "-c", "import sys; sys.exit(3)"), threading.Event()) == 3


def test_who_suggests_changes_while_the_house_is_running(room) -> None:
    assert room.live.current() == "shipped"
    crowned(room, "lokal-1", "lokal-2")
    assert room.live.current() == "lokal-2"
    state = room.state()
    assert (state.version, state.champion, state.letters, state.units) == ("lokal-2", "lokal-2", 70, ("parkering",))
    assert state.earlier == "lokal-1"
    assert "lokal-1" in room.rollback("u1", NOW)
    assert room.live.current() == "lokal-1"
    assert "den medföljande modellen" in room.rollback("u1", NOW)
    assert room.live.current() == "shipped"
    with pytest.raises(NotAllowed, match="ingen tidigare"):
        room.rollback("u1", NOW)
    assert [(one.what, one.name, one.by) for one in room.state().history] == [
        ("rolled_back", "", "u1"),
        ("rolled_back", "lokal-1", "u1"),
    ]


def test_without_a_shipped_model_the_page_still_comes(room, shipped) -> None:
    crowned(room, "lokal-1")
    (shipped / "manifest.json").unlink()
    assert (room.state().version, room.state().champion) == ("", "")
    with pytest.raises(ModelError, match="lyhord train"):
        room.live.current()


def test_a_damaged_model_of_its_own_leaves_the_shipped_one_suggesting(settings, sqlite_store, shipped) -> None:
    """Damaged files are told of by whichever library reads them; an error not foreseen left no suggestions at all."""

    def damaged(_folder) -> str:
        raise BadZipFile("File is not a zip file")

    room = ModelRoom(settings, sqlite_store, shipped, lambda: "shipped", damaged)
    crowned(room, "lokal-1")
    assert room.live.current() == "shipped"


def test_a_damaged_model_is_a_line_of_check_whichever_library_reads_the_file(shipped, monkeypatch) -> None:
    """`lyhord check` ended in a traceback."""

    def damaged(_folder) -> SpacyClassifier:
        raise BadZipFile("File is not a zip file")

    monkeypatch.setattr(SpacyClassifier, "load", damaged)
    (line,) = check_model(shipped)
    assert (line.ok, "går inte att använda (BadZipFile)" in line.text) == (False, True)


def test_the_folder_lies_beside_the_database(settings, tmp_path) -> None:
    assert local_folder(settings) == tmp_path / "modeller"
    chosen = replace(settings.classifier, local_folder=tmp_path / "annan")
    assert local_folder(replace(settings, classifier=chosen)) == tmp_path / "annan"


def test_the_outcome_is_told_in_words(room) -> None:
    crowned(room, "lokal-1")
    for what, why in (("crowned", ""), ("refused", "Den missade mer."), ("skipped", "För få brev.")):
        room.shelf.note(ChampionEvent(NOW, what, "lokal-1", "system", why, SCORES))
    said = history_words(room.state())
    assert said.splitlines()[0].endswith("ingen träning lokal-1  För få brev.")
    assert "Den missade mer. Rätt ämne i den låsta delen: 84,2 % mot 84,0 %." in said
    assert outcome_words(room.state().history[-1]).startswith("lokal-1 tog över. Rätt ämne")
    assert "Har lärt av 70 bekräftade brev" in status_words(room.state())


def test_the_command_line_refuses_what_is_switched_off(monkeypatch, capsys, sqlite_url) -> None:
    monkeypatch.setenv("LYHORD_DATABASE_URL", sqlite_url)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert main(["train", "--local", "--config", "demo"]) == 1
    assert "classifier.local_training är false" in capsys.readouterr().err
    assert main(["model", "rollback", "--config", "demo"]) == 1
    assert main(["model", "history", "--config", "demo"]) == 0
    assert "Ingen modell har tränats" in capsys.readouterr().out
