"""The checker wants a reminder before the day of each promise that is still owed, and none of one that is kept."""

from datetime import UTC, datetime, timedelta

from service.simulate.checker import _before, lives_of
from service.simulate.records import Event, Fact, History, Left, Promised, Rules

CASE, CAME = "EK-2026-00001", datetime(2026, 11, 16, 9, tzinfo=UTC)
RULES = Rules(
    promises=(Promised("status", 10, "calendar", "back"),),
    delay_notice=False,
    delay_days=10,
    opens=7,
    closes=18,
    chefs={},
    staff=frozenset(),
    labels={},
)
REMINDED = datetime(2026, 11, 25, 6, 5, tzinfo=UTC)


def left(kind: str, at: datetime, *, automatic: bool, text: str = "") -> Left:
    return Left(at, "p@x.example", CASE, kind, automatic, f"Brev [{CASE}]", text, f"<{kind}>", "", "")


def missed(*letters: Left) -> list[str]:
    fact = Fact(CASE, CAME, "p@x.example", False, True, False, False, False, "", frozenset())
    told = History(
        rules=RULES,
        facts=(fact,),
        letters=letters,
        events=(Event(CAME, CASE, "system", "received", ""),),
        outages=(),
        ended=CAME + timedelta(days=30),
        year=2026,
    )
    (life,) = lives_of(told)
    return list(_before(life, told))


def test_a_status_that_is_owed_wants_one() -> None:
    assert missed() == ["no reminder before 2026-11-26"]
    assert missed(left("paminnelse_fore", REMINDED, automatic=True)) == []


def test_a_status_that_a_new_day_kept_wants_none_though_that_day_comes_sooner() -> None:
    assert missed(left("langre_tid", CAME, automatic=False, text="Du får svar senast den 25 november 2026.")) == []
