"""A machine that runs out of something: it says so and the way out, and blames no letter, no name and no rights."""

import errno
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases.faults import machines_fault, os_words
from cases.inbound.messages import InboundMessage
from config import Settings
from service.bootstrap import House
from service.checks.line import CheckLine, guarded, network_fault
from service.checks.mailbox import check_mailbox
from service.cli import main
from service.database import outage_words
from service.demo.servers import EmbeddedPost
from service.mail_doors import mailboxes
from service.monitoring.health import health_lines
from service.notes import LAST_PASS, MAILBOX_STATE
from tests.service.watched import Clock, keys, note
from tests.steps.house import SmallHouse
from tests.steps.house import mail as a_letter

FULL = "tjänsten har för många filer öppna"


@contextmanager
def no_file_more() -> Iterator[None]:
    """The process may open nothing more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def _reads_a_file() -> Iterator[CheckLine]:
    yield CheckLine("Mallarna", True, Path(__file__).read_text(encoding="utf-8"))


def test_a_service_with_too_many_open_files_says_so_and_the_way_out(settings: Settings, mail: EmbeddedPost) -> None:
    """It was "Too many open files", with the advice to look at host, port and firewall."""
    (box,) = mailboxes(settings, lambda: None)  # type: ignore[arg-type,return-value]
    with no_file_more():
        (line,) = check_mailbox(box, 60)
        (other,) = guarded("Mallarna", _reads_a_file, "Rätta mallarna.")
    assert mail.imap_port
    assert line.text.endswith(f"går inte att nå ({FULL})")
    assert other.text == f"oväntat fel ({FULL})"
    for told in (line, other):
        assert told.remedy.startswith("Starta om tjänsten") and "LimitNOFILE" in told.remedy


def test_health_and_alarm_of_such_a_service(house: House, clock: Clock) -> None:
    note(house, LAST_PASS + "send", timedelta(seconds=5), error="OSError EMFILE")
    (line,) = [one for one in health_lines(house) if one.name == "Skicka brev"]
    assert line.text == f"misslyckades för 5 sekunder sedan ({FULL})"
    assert "LimitNOFILE" in line.remedy
    assert machines_fault("OSError ECONNRESET") is machines_fault("OperationalError") is None
    said = f"brevlådan feedback på mx: anslutningen bröts ({FULL}). Starta om tjänsten (systemctl restart lyhord)."
    note(house, MAILBOX_STATE + "feedback", timedelta(hours=1), state="lost", error=said)
    assert "mailbox:feedback" in keys(house)


def test_a_name_server_that_is_silent_is_not_a_name_that_does_not_exist() -> None:
    assert network_fault(socket.gaierror(socket.EAI_AGAIN, "Temporary failure")) == "DNS svarar inte"


def test_what_the_machine_lacks_is_no_fault_of_a_letter(either: House, clock: Clock) -> None:
    """Three tries in eleven minutes, and each letter that came meanwhile was a person's to read as a file."""
    lacking = [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EIO] * 2
    small = SmallHouse(either.store, now=clock.now)
    reads = small.stages.parse

    def parse(content: bytes) -> InboundMessage:
        if lacking:
            number = lacking.pop()
            raise OSError(number, os.strerror(number))
        return reads(content)

    stages = replace(small.stages, parse=parse)
    small.post(a_letter())
    while lacking:
        assert stages.read(clock.later(minutes=5)).total() == 0
    with either.store.read() as tx:
        assert tx.state_counts()["raw_quarantined"] == 0
    assert stages.read(clock.later(minutes=5)).total() == 1


def test_at_the_desk_and_on_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full = OSError(errno.EMFILE, "Too many open files", str(tmp_path))
    assert outage_words(full).startswith(f"Det gick inte just nu ({FULL}).")
    assert outage_words(FileNotFoundError(errno.ENOENT, "x")) == ""

    def raises(_folder: Path) -> None:
        raise full

    monkeypatch.setattr("classifier.model.SpacyClassifier.load", raises)
    assert main(["suggest", "-"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"lyhord: {tmp_path} går inte att använda: {FULL}. Starta om tjänsten")
    assert "rättigheterna" not in said
    assert os_words(OSError(errno.ENFILE, "x")) == "maskinen har för många filer öppna"
