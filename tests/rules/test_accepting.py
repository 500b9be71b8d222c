"""A case that was offered to somebody and that nobody accepts goes back to its unit."""

from dataclasses import replace
from datetime import date

from cases.case import CaseStatus
from cases.people.access import SYSTEM, Grant, Role
from cases.steps.watching import reminders
from cases.steps.working import work
from tests.rules.promised import (
    K,
    at,
    letters,
    offer,
    sweep,
    the_case,
    to_unit,
)
from tests.steps.house import SmallHouse, mail, route


def test_a_case_nobody_accepts_goes_back_to_its_unit_after_a_working_day(on_both: SmallHouse) -> None:
    house = on_both
    house.receive(mail())
    offer(house, to_unit(house))
    told = len(letters(house, K.TILL_ENHETSREGISTRATOR))
    sweep(house, at(date(2026, 11, 27), 17), at(date(2026, 11, 29), 12))
    assert the_case(house).status is CaseStatus.ASSIGNED
    sweep(house, at(date(2026, 11, 30), 7), at(date(2026, 11, 30), 8))
    assert the_case(house).status is CaseStatus.ROUTED
    assert the_case(house).assignee_id == ""
    assert len(letters(house, K.TILL_ENHETSREGISTRATOR)) == told + 1


def test_a_closing_day_gives_nobody_time_to_accept(house: SmallHouse) -> None:
    friday = date(2026, 11, 27)
    calendar = replace(house.office.calendar, closed=frozenset({friday}))
    house = SmallHouse(house.store, office_changes={"calendar": calendar})
    house.receive(mail())
    offer(house, to_unit(house))
    sweep(house, at(date(2026, 11, 30), 7), at(date(2026, 11, 30), 17))
    assert the_case(house).status is CaseStatus.ASSIGNED
    sweep(house, at(date(2026, 12, 1), 7))
    assert the_case(house).status is CaseStatus.ROUTED


def test_one_case_that_nobody_accepted_takes_no_other_back_with_it(on_both: SmallHouse) -> None:
    house = on_both
    house.receive(mail())
    house.receive(mail("Bänken är trasig.", message_id="<m2@mejl.example>", sender="bo@mejl.example"))
    with house.store.read() as tx:
        old, new = (tx.get_case(tx.case_by_number(f"EK-2026-0000{n}"), SYSTEM) for n in (1, 2))
    old = offer(house, route(house, old))
    house.now = at(date(2026, 11, 27), 9)
    new = offer(house, route(house, new))
    house.now = at(date(2026, 11, 30), 8)
    with house.store.begin() as tx:
        assert list(reminders.unaccepted(tx, house.office, house.now)) == [old.id]
        assert not reminders.hand_back(tx, new.id, house.office, house.now)
        assert reminders.hand_back(tx, old.id, house.office, house.now)
        assert not reminders.hand_back(tx, old.id, house.office, house.now), "it is back already"


def test_an_offer_made_anew_counts_from_the_latest(house: SmallHouse) -> None:
    house.receive(mail())
    case = offer(house, to_unit(house))
    house.now = at(date(2026, 11, 27), 17)
    other = house.person("hilda@ekdala.example", "Hilda Ö", Grant(Role.HANDLAGGARE, "gata"))
    with house.store.begin() as tx:
        work.assign(tx, case.id, case.version, other, house.registrator, house.office, house.now)
    sweep(house, at(date(2026, 11, 30), 17))
    assert the_case(house).assignee_id == other.id
    house.receive(mail("Har ni läst?", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    sweep(house, at(date(2026, 12, 1), 7))
    assert the_case(house).assignee_id == ""
