"""What nobody routed by its last day alarms each person once, however many cases it is, and loses none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from cases.case import Case
from cases.journal import EventKind
from cases.letters.letter import Letter, LetterContext, LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.ports import Store
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.steps.watching.list_rows import MOST_LISTED
from cases.steps.working.absence import name_substitute
from service import sweeps
from tests.steps.house import SmallHouse, promises_at_once, route
from tests.steps.watching.test_late import CHEF, LINK, ROUTER, arrive, at, named, sent, sweep

# Received Thursday 26 November 2026: an answer is due on Tuesday 1 December, a status on Friday 4 December.
DUE, STATUS_DUE = date(2026, 12, 1), date(2026, 12, 4)
K = LetterKind
ENDS = "Svarstiden går ut den 1 december 2026."


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return SmallHouse(store)


def alarms(house: SmallHouse, cases: Sequence[Case]) -> list[int]:
    with house.store.read() as tx:
        files = [tx.case_file(case.id, SYSTEM) for case in cases]
    return [sum(event.kind is EventKind.ALARM for event in file.events) for file in files]


def list_to(house: SmallHouse, address: str) -> Letter:
    (one,) = (entry.letter for entry in sent(house, K.LARM_LISTA) if entry.recipient == address)
    return one


def test_many_cases_are_one_alarm_each_to_registrator_and_chef(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_TOGETHER", 7)
    cases = arrive(house, MOST_LISTED + 1)
    known = len(sent(house, K.TILL_REGISTRATOR))
    sweep(house, at(DUE, 15, 59), at(DUE, 16), at(DUE, 16, 1), at(DUE, 17))
    assert Counter(one.recipient for one in sent(house, K.LARM_LISTA)) == {CHEF: 1, ROUTER: 1}
    assert sent(house, K.TILL_CHEF) == []
    assert len(sent(house, K.TILL_REGISTRATOR)) == known, "each was told of when it came"
    assert alarms(house, cases) == [1] * 21
    letter = list_to(house, ROUTER)
    assert named(letter) == [case.number for case in cases[:MOST_LISTED]]
    assert "Svarstiden går ut i 21 ärenden som ingen enhet har." in letter.text
    assert "Och ett ärende till." in letter.text
    assert f"- {cases[0].number}\n  {ENDS}\n  {LINK}{cases[0].id}\n" in letter.text
    assert "https://lyhord.ekdala.example/att-fordela" in letter.text
    assert "att-fordela" not in list_to(house, CHEF).text, "nobody knows that the chef routes"
    assert not any("trasig" in one.letter.text.lower() for one in sent(house, K.LARM_LISTA))
    sweep(house, at(date(2026, 12, 2), 16))
    assert len(sent(house, K.LARM_LISTA)) == 2
    assert {one.recipient for one in sent(house, K.PAMINNELSE_LISTA)} == {CHEF, ROUTER}


def test_four_machines_at_once_alarm_once(house: SmallHouse) -> None:
    cases = arrive(house, 3)
    house.now = at(DUE, 16)
    promises_at_once(house)
    sweep(house, house.now)
    assert sorted(one.recipient for one in sent(house, K.LARM_LISTA)) == [CHEF, ROUTER]
    assert alarms(house, cases) == [1] * 3


def test_one_case_is_a_letter_of_its_own_also_to_who_has_one_of_two(house: SmallHouse) -> None:
    one, other = arrive(house, 2)
    # The registrators route both, and each is another chef's.
    with house.store.begin() as tx:
        elsewhere = next(area for area in Area if chef_of(house, area) != CHEF)
        tx.save_case(replace(tx.get_case(other.id, SYSTEM), area=elsewhere))
    sweep(house, at(DUE, 16))
    assert [named(one.letter) for one in sent(house, K.LARM_LISTA)] == [[one.number, other.number]]
    told = {entry.recipient: entry for entry in sent(house, K.TILL_CHEF)}
    assert len(told) == 2
    assert told[CHEF].case_id == one.id
    assert ENDS[:-1] in told[CHEF].letter.text


def chef_of(house: SmallHouse, area: Area) -> str:
    tree = house.office.organisation
    return (tree.unit_for(area) or tree.unit(tree.central_unit)).manager.email


def test_a_chef_who_may_not_open_them_gets_no_links_and_hears_who_can_help(house: SmallHouse) -> None:
    house.person(CHEF, "Gustav Vik", Grant(Role.CHEF, "gata"))
    house.person(ROUTER, "Ruth By", Grant(Role.REGISTRATOR))
    first, hidden = arrive(house, 2)
    with house.store.begin() as tx:
        assert tx.get_case(hidden.id, SYSTEM).unit_id == ""
    sweep(house, at(DUE, 16))
    chefs = list_to(house, CHEF)
    assert named(chefs) == [first.number, hidden.number]
    assert "https://" not in chefs.text.partition("Läget den")[0]
    assert "Se till att en registrator fördelar dem i dag." in chefs.text
    routers = list_to(house, ROUTER)
    assert f"{LINK}{first.id}" in routers.text
    assert "Du bestämmer" in routers.text


def test_a_protected_case_says_so_and_no_more(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.SOCIALTJANST,)
    first, _ = arrive(house, 2)
    sweep(house, at(DUE, 16))
    assert f"- {first.number}\n  {ENDS} Skyddat ärende.\n" in list_to(house, ROUTER).text


def test_whistle_blowers_cases_alarm_their_receivers_alone(house: SmallHouse) -> None:
    house.person("vera@ekdala.example", "Vera Ö", Grant(Role.VISSELMOTTAGARE))
    house.model.flags = (FlagKind.VISSELBLASNING,)
    arrive(house, 2)
    sweep(house, at(DUE, 16))
    assert [one.recipient for one in sent(house, K.LARM_LISTA)] == ["vera@ekdala.example"]
    assert "visselblås" not in list_to(house, "vera@ekdala.example").text.lower()


def test_who_stands_in_is_alarmed_of_what_they_may_read(house: SmallHouse) -> None:
    router = house.person(ROUTER, "Ruth By", Grant(Role.REGISTRATOR))
    arrive(house, 2)
    with house.store.begin() as tx:
        name_substitute(tx, router, house.registrator, DUE, DUE, router, house.office, house.now)
    sweep(house, at(DUE, 16))
    assert sorted(one.recipient for one in sent(house, K.LARM_LISTA)) == [CHEF, ROUTER, "rut@ekdala.example"]


def test_two_promises_of_a_case_passed_while_all_was_down_are_one_letter(house: SmallHouse) -> None:
    cases = arrive(house, 2)
    sweep(house, at(STATUS_DUE, 16))
    assert Counter(one.recipient for one in sent(house, K.LARM_LISTA)) == {CHEF: 1, ROUTER: 1}
    assert named(list_to(house, CHEF)) == [case.number for case in cases]
    assert "Svarstiden gick ut den 1 december 2026." in list_to(house, CHEF).text
    assert alarms(house, cases) == [2, 2]


def test_a_list_that_cannot_be_written_becomes_letters(house: SmallHouse) -> None:
    cases = arrive(house, 3)
    good = house.office

    class Broken:
        missing = good.renderer.missing

        def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
            if kind is K.LARM_LISTA:
                raise ValueError("trasig mall")
            return good.renderer.render(kind, language, context)

    house.stages = replace(house.stages, office=replace(good, renderer=Broken()))
    sweep(house, at(DUE, 16), at(DUE, 17))
    assert [one.recipient for one in sent(house, K.TILL_CHEF)] == [CHEF] * 3
    assert alarms(house, cases) == [1] * 3


def test_what_was_routed_in_time_is_in_no_alarm(house: SmallHouse) -> None:
    routed, first, second = arrive(house, 3)
    route(house, routed)
    sweep(house, at(DUE, 16))
    assert named(list_to(house, CHEF)) == [first.number, second.number]
    assert alarms(house, [routed]) == [0]
