"""The night when the clocks go back, and the one when they go forward, seen from a form."""

from datetime import UTC, datetime

import pytest

from cases.people.access import SYSTEM
from desk.forms import parse_moment
from tests.desk import house as h


@pytest.mark.parametrize(
    ("now", "typed", "received"),
    [
        # A quarter past two for the second time that night, and half past two was in the first.
        (datetime(2026, 10, 25, 1, 15, tzinfo=UTC), "2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 15, tzinfo=UTC), "2026-10-25T02:30", None),
        (datetime(2026, 3, 29, 1, 10, tzinfo=UTC), "2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 10, tzinfo=UTC), "2026-03-29T03:11", None),
    ],
)
def test_when_a_call_came_is_read_by_the_moment_and_not_by_what_the_clock_shows(
    house: h.House, surf, now: datetime, typed: str, received: datetime | None
) -> None:
    """What had come before the clocks went back was refused as lying in the future."""
    house.clock.now = now
    page = surf("registrator")
    page.get("/nytt")
    answer = page.post("/nytt", kanal="visit", text="Gungan är trasig.", nar=typed)
    if received is None:
        assert "ligger framåt i tiden" in answer.text
        return
    assert answer.status_code == 303
    with house.store.read() as tx:
        assert tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM).received_at == received


def test_a_time_before_all_others_is_none() -> None:
    assert parse_moment("0001-01-01T00:00") is None
