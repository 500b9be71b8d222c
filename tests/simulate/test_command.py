"""What ``lyhord simulate`` says, and what it keeps to itself."""

import argparse
import logging

import pytest

from service.commands import simulate

OUTBOX = logging.getLogger("lyhord.outbox")


def test_the_outages_of_the_year_warn_nobody(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The mail server fails on purpose: of three thousand letters the report was lost among the warnings."""

    def play(*_: object, planned: bool) -> tuple[None, list[str]]:
        assert planned
        OUTBOX.warning("no letters leave: …")
        return None, []

    monkeypatch.setattr(simulate, "play", play)
    monkeypatch.setattr(simulate, "breaches", lambda _: [])
    monkeypatch.setattr(simulate, "report_lines", lambda *_: ())
    assert simulate.run(argparse.Namespace(profile="osby", year=2026, cases=1, seed=1)) == 0
    assert not caplog.records
    OUTBOX.warning("a real one")
    assert [record.message for record in caplog.records] == ["a real one"]
