"""The night before 1 January and the days after it: numbers, days and years of letters on both sides of midnight."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cases.routing.flags import FlagKind
from tests.rules.town import Letter, Town, a_town
from tests.steps.house import mail

EVE, DAY, FIRST_WORKING = date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)


@pytest.fixture(params=["osby", "rattvik"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    with a_town(str(request.param), tmp_path) as town:
        yield town


def _fetched_after_midnight(town: Town) -> Letter:
    """Received by the mail server ten minutes before midnight; we read the mailbox five minutes after it."""
    town.at(EVE, 23, 50)
    raw = mail("Skyltarna är borta.", sender="nils@mejl.example", to=town.address, message_id="<eve@mejl.example>")
    town.post.deliver(raw, envelope_from="nils@mejl.example")
    town._delivered = True
    town.at(DAY, 0, 5)
    with town.store.read() as tx:
        return Letter(town, "nils@mejl.example", tx.case_by_message_ids(["<eve@mejl.example>"]))


def test_letters_on_both_sides_of_midnight(town: Town) -> None:
    """A case's number and promises count from when its letter came, a registry number from when it was registered."""
    town.at(date(2026, 12, 30))
    before = town.write()
    before.route("gata", FlagKind.BARN)
    eve = _fetched_after_midnight(town)
    new = town.write("Isbanan är spolad, tack!")
    town.at(FIRST_WORKING, 10)
    for one in (eve, new):
        one.route("gata", FlagKind.BARN)
    osby = town.domain == "osby.example"
    begins = "OS" if osby else "RK"
    assert [one.case.number for one in (before, eve, new)] == [
        f"{begins}-2026-00001",
        f"{begins}-2026-00002",
        f"{begins}-2027-00001",
    ]
    registered = (
        ["KS/2026:1 003", "KS/2027:1 003", "KS/2027:2 003"] if osby else ["KS 2026/1", "KS 2027/1", "KS 2027/2"]
    )
    assert [one.case.registry_number for one in (before, eve, new)] == registered
    # Ten days, or three working days: 1 and 6 January are none, and a promise that ends on a Sunday is kept before it.
    due = [date(2027, 1, 8), date(2027, 1, 11)] if osby else [date(2027, 1, 7), date(2027, 1, 7)]
    assert [one.case.deadlines[-1].due for one in (eve, new)] == due
    for one, day in ((eve, "31 december 2026"), (new, "1 januari 2027")):
        assert len(one.answers) == 2
        assert f"Mottaget: {day}" in one.last
    days = {year: sorted(line.day for line in town.compiled(year).lines) for year in ("2026", "2027")}
    assert days == {"2026": [date(2026, 12, 30), EVE], "2027": [DAY]}
