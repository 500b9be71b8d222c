"""Memory that letters have used goes back to the system."""

import sys
from pathlib import Path

import pytest

from classifier.memory import give_back

PIECE, PIECES, KEPT = 3_000, 30_000, 64


def resident():
    """Of this process alone, in kilobytes."""
    return int(Path("/proc/self/status").read_text("utf-8").split("RssAnon:")[1].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_holes_are_given_back():
    pieces = [bytearray(b"x" * PIECE) for _ in range(PIECES)]
    kept = pieces[::KEPT]
    del pieces
    before = resident()
    give_back()
    assert before - resident() > PIECE * PIECES / 1024 / 4
    assert len(kept) == PIECES // KEPT + 1


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    give_back()
