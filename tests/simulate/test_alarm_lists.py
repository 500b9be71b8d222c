"""The checker sees each alarm for want of a unit that went astray, twice, or in a list that is not true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.simulate.alarm_lists import alarm_lists
from service.simulate.checker import lives_of
from service.simulate.records import Event, Fact, History, Left, Rules

DUE = datetime(2026, 12, 1, 15, 1, tzinfo=UTC)
CHEF, ROUTER = "gustav@ekdala.example", "registrator@ekdala.example"
RULES = Rules(
    promises=(),
    delay_notice=True,
    delay_days=10,
    opens=7,
    closes=18,
    chefs={"Gatuenheten": CHEF, "Kansliet": "kerstin@ekdala.example"},
    staff=frozenset({CHEF, ROUTER}),
    labels={},
)
NUMBERS = ("EK-2026-00001", "EK-2026-00002")


def left(to: str, at: datetime = DUE, kind: str = "larm_lista", case: str = "") -> Left:
    rows = "\n".join(f"- {number}\n  Svarstiden går ut den 1 december 2026." for number in NUMBERS)
    text = f"Hej!\n\nSvarstiden går ut i två ärenden som ingen enhet har. Innan…\n\n{rows}\n"
    return Left(at, to, case, kind, False, "Brådskande ärenden att fördela", text, f"<{to}{at}>", "", "auto-generated")


def fact(number: str) -> Fact:
    came = DUE - timedelta(days=5)
    return Fact(number, came, "p@x.example", False, True, False, False, False, "", frozenset())


def history(*letters: Left) -> History:
    text = "Ingen enhet är bekräftad, och löftet går ut den 1 december 2026. Registrator och chef är larmade."
    return History(
        rules=RULES,
        facts=tuple(map(fact, NUMBERS)),
        letters=letters,
        events=tuple(Event(DUE, number, "system", "alarm", text) for number in NUMBERS),
        outages=(),
        ended=DUE + timedelta(days=9),
        year=2026,
    )


def found(*letters: Left) -> list[str]:
    told = history(*letters)
    return list(alarm_lists(lives_of(told), told))


def test_a_list_each_to_registrator_and_chef_is_as_it_should_be() -> None:
    assert found(left(CHEF), left(ROUTER)) == []
    assert found(left(CHEF), *(left(ROUTER, kind="till_registrator", case=number) for number in NUMBERS)) == []


@pytest.mark.parametrize(("to", "who"), [(ROUTER, "chef"), (CHEF, "registrator")])
def test_one_who_was_not_told_is_seen(to: str, who: str) -> None:
    told = found(left(to))
    assert told == [f"{number}: no {who} was told on {date(2026, 12, 1)} that no unit had it" for number in NUMBERS]


def test_two_lists_a_day_are_seen() -> None:
    again = left(CHEF, DUE + timedelta(minutes=5))
    assert found(left(CHEF), again, left(ROUTER)) == [f"{CHEF} got 2 lists of cases without a unit on 2026-12-01"]


@pytest.mark.parametrize(("old", "new"), [("två", "tre"), (NUMBERS[1], NUMBERS[0]), (f"- {NUMBERS[1]}", "och en")])
def test_a_list_that_is_not_true_is_seen(old: str, new: str) -> None:
    chefs = left(CHEF)
    wrong = replace(chefs, text=chefs.text.replace(old, new))
    assert any("a list of" in what for what in found(wrong, left(ROUTER)))
