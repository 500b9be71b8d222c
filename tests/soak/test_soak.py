"""A short soak in the suite, and that its checker would notice; the long one is ``make soak``."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.servers.dovecot import need_dovecot
from tests.soak.checker import check
from tests.soak.letters import Kind, Written, id_of
from tests.soak.soak import _waiting, soak

# Each that has to do with the reader, one of networks and one of log-ins.
FAULTS, SEED = "reader|imap cut|tokens revoked$", 20261127


@pytest.mark.dovecot
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_letter_is_one_message_whatever_happens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need_dovecot()
    with capsys.disabled():
        found, done = soak(tmp_path, "sqlite", seed=SEED, faults=7, say=lambda _: None, only=FAULTS)
    assert not found.wrong
    assert sum(count for name, count in done.items() if "reader" in name) == 5
    assert found.counts["letters"] >= done.total()
    assert found.counts["tokens asked for"]
    assert found.counts["readers killed in a pass"] + found.counts["readers stopped in a pass"]


@pytest.fixture
def one_lost(sqlite_url: str) -> tuple[str, Written]:
    """An empty database, and a letter that was sent all the same."""
    written = Written()
    written.write(Kind.NEW)
    return sqlite_url, written


def test_the_checker_notices_what_is_lost(one_lost: tuple[str, Written]) -> None:
    url, written = one_lost
    wrong = check(url, written, {"INBOX": []}, []).wrong
    assert [line.split(";")[0] for line in wrong] == [
        "letter 0 (new) is 0 messages, of the cases []",
        "0 cases with 0 numbers, of 1 new letters",
        "letter 0 is gone from the mailbox",
        "letter 0 has 0 receipts in the outbox",
    ]


def test_the_checker_notices_a_letter_that_came_twice(one_lost: tuple[str, Written]) -> None:
    url, written = one_lost
    receipt = (
        b"Message-ID: <r@ekdala.example>\r\nIn-Reply-To: <l0@mejl.example>\r\nSubject: Vi har tagit emot\r\n\r\nTack."
    )
    found = check(url, written, {"INBOX": [written.raws[0]]}, [("p0@mejl.example", receipt)] * 2)
    assert "<l0@mejl.example> got 2 receipts" in found.wrong
    assert "p0@mejl.example got the letter r@ekdala.example 2 times" in found.wrong
    assert "1 letters still lie in the inbox" in found.wrong
    assert not [line for line in found.wrong if line.startswith(f"nobody wrote the message {id_of(0)}")]


def test_a_letter_that_goes_on_between_two_questions_is_not_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    place = ["inbox"]

    def count() -> int:
        return len([one for one in place if one == "inbox"])

    def in_the_database(_url: str) -> dict[str, int]:
        found = {"letters to read": 1} if place == ["raw"] else {}
        place[:] = ["raw"]  # the daemon takes it the moment after we looked
        return found

    monkeypatch.setattr("tests.soak.soak.waiting", in_the_database)
    world: Any = SimpleNamespace(box=SimpleNamespace(count=count), url="")
    assert _waiting(world) == {"letters in the inbox": 1}
    assert _waiting(world) == {"letters to read": 1}
