"""How many desk processes there are, and that those which cannot serve end all of them."""

import argparse
import subprocess
import sys

import pytest

from service.commands.desk import arguments
from service.processes.workers import MOST, usual_count

# In a process of its own: it forks, and waits for whatever child ends first.
_NONE_SERVES = """
from service.processes.workers import Workers

class Broken:
    alive = False
    def start(self): pass
    def stop(self): pass

raise SystemExit(Workers(2, Broken(), lambda: None).run())
"""


def _workers(*words: str) -> int:
    parser = argparse.ArgumentParser()
    arguments(parser)
    return int(parser.parse_args(words).workers)


def test_there_are_few_unless_more_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LYHORD_DESK_WORKERS", raising=False)
    assert _workers() == usual_count() in (1, 2)
    monkeypatch.setenv("LYHORD_DESK_WORKERS", "3")
    assert _workers() == 3
    assert _workers("--workers", "1") == 1


@pytest.mark.parametrize("typed", ["0", "-1", "två", "1.5", str(MOST + 1), ""])
def test_what_is_no_number_of_processes_is_refused(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _workers(f"--workers={typed}")
    assert f"1 till {MOST}" in capsys.readouterr().err


def test_processes_that_end_as_soon_as_they_begin_end_it_all() -> None:
    done = subprocess.run([sys.executable, "-c", _NONE_SERVES], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("another takes its place") == 5
    assert "stopping" in done.stderr
