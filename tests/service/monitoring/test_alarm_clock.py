"""A clock that is wrong is told by the letters that come, and by nothing else."""

from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from cases.inbound.documents import DROP_FOLDER
from cases.inbound.messages import RawMessage
from service.bootstrap import House
from service.monitoring.conditions import conditions
from tests.service.watched import NOW, Clock, keys
from tests.steps.house import mail as a_letter


def comes(house: House, at: datetime, kept: datetime, mailbox: str = "feedback") -> None:
    """A letter that the mail server says came then was fetched and read when our clock said so."""
    raw = a_letter(message_id=f"<{at.timestamp()}@mejl.example>")
    letter = RawMessage(mailbox, "INBOX", 1, int(at.timestamp()), at, raw, sha256(raw).hexdigest())
    with house.store.begin() as tx:
        tx.keep_raw(letter, letter.sha256[:32], kept)
        tx.mark_read([letter.sha256[:32]], kept)


def test_a_clock_that_was_put_right_is_no_alarm_any_more(house: House, clock: Clock) -> None:
    """It lasted a day after."""
    comes(house, NOW + timedelta(minutes=5), NOW)
    comes(house, NOW + timedelta(minutes=16), NOW + timedelta(minutes=11))
    assert "clock" in keys(house)
    comes(house, NOW + timedelta(minutes=20), NOW + timedelta(minutes=20))
    clock.later(minutes=21)
    assert "clock" not in keys(house)


def test_a_clock_that_is_hours_ahead_is_seen_by_the_letters(house: House, clock: Clock) -> None:
    """On SQLite nothing told of it, and every day was promised from the wrong hour."""
    for minutes in (0, 20, 40, 60):
        came = NOW + timedelta(minutes=minutes)
        comes(house, came, came + timedelta(hours=3, seconds=9))
    comes(house, NOW + timedelta(hours=4), NOW + timedelta(hours=4), f"{DROP_FOLDER}brev")
    clock.later(hours=5)
    assert "clock" not in keys(house), "too few to tell"
    comes(house, NOW + timedelta(minutes=50), NOW + timedelta(hours=4, minutes=30))
    comes(house, NOW + timedelta(minutes=85), NOW + timedelta(hours=4, minutes=26))
    (found,) = [alarm for alarm in conditions(house, clock.now) if alarm.key == "clock"]
    assert found.text == "går 3 timmar före e-postservern"
    comes(house, NOW + timedelta(minutes=95), NOW + timedelta(minutes=95, seconds=4))
    assert "clock" not in keys(house), "put right"


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        # The mailbox was out of reach for the night.
        ([0, 60, 120, 180, 200, 240], [600, 600, 600, 600, 600, 601]),
        # Robots wrote at one moment in that night.
        ([0, 1, 1, 2, 3, 3], [240, 240, 240, 240, 240, 240]),
        # Somebody moves letters into the mailbox by hand.
        ([0, 60, 90, 120, 200, 260], [45, 130, 220, 230, 480, 390]),
        # They lay there, and then one came.
        ([0, 60, 120, 180, 240, 300], [200, 260, 320, 380, 440, 301]),
    ],
)
def test_letters_that_are_late_for_other_reasons_are_no_fast_clock(
    house: House, clock: Clock, came: list[int], kept: list[int]
) -> None:
    for second, (at, fetched) in enumerate(zip(came, kept, strict=True)):
        comes(house, NOW + timedelta(minutes=at, seconds=second), NOW + timedelta(minutes=fetched))
    clock.later(hours=12)
    assert "clock" not in keys(house)
