"""Letters of the same incident are offered to who reads one of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import Case, CaseStatus
from cases.people.access import SYSTEM, Grant, Role
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.incidents import Imprint
from tests.steps.house import SmallHouse
from tests.steps.together import came, file_of, joined, routed


def print_of(*values: int, places: str = "", words: str = "", space: str = "e5") -> Imprint:
    vector = bytes(v % 256 for v in values)
    return Imprint(space, vector, frozenset(places.split()), frozenset(words.split()))


def offered(house: SmallHouse, case: Case, viewer=SYSTEM) -> list[str]:
    with house.store.read() as tx:
        return [one.line.number for one in tx.same_incident(case.id, viewer)]


def with_imprint(house: SmallHouse, case: Case, imprint: Imprint) -> None:
    message = file_of(house, case).messages[0]
    with house.store.begin() as tx:
        tx.add_imprint(case.id, message.id, imprint)


STREET = print_of(120, 40, 0, places="lingonstigen")


def test_a_letter_of_the_same_street_and_thing_is_offered_and_another_street_not(house: SmallHouse, two) -> None:
    first, second = two
    third = came(house, 3, "Cia")
    with_imprint(house, first, STREET)
    with_imprint(house, second, print_of(100, 60, 20, places="lingonstigen storgatan"))
    with_imprint(house, third, print_of(120, 40, 0, places="kråkvägen"))
    assert (offered(house, first), offered(house, third)) == ([second.number], [])
    with house.store.read() as tx:
        (one,) = tx.same_incident(first.id, SYSTEM)
    assert one.likeness.shared == ("Lingonstigen",)


def test_an_encoder_that_finds_all_letters_alike_needs_more_to_offer_one(house: SmallHouse, two) -> None:
    first, second = two
    for space, found in (("kb:0.310", [second.number]), ("kb:0.900", [])):
        with_imprint(house, first, print_of(120, 0, 0, space=space, words="vattenläcka"))
        with_imprint(house, second, print_of(120, 80, 0, space=space, words="vattenläcka"))
        assert offered(house, first) == found


@pytest.mark.parametrize("change", [{"space": "kb-sbert"}, {"vector": b"\x01"}])
def test_imprints_of_another_encoder_are_not_compared(house: SmallHouse, two, change) -> None:
    with_imprint(house, two[0], STREET)
    with_imprint(house, two[1], replace(STREET, **change))
    assert offered(house, two[0]) == []


def test_letters_far_apart_and_cases_put_together_are_not_offered(house: SmallHouse, two) -> None:
    first, second = two
    house.later(days=61)
    late = came(house, 3, "Cia")
    for case in (first, second, late):
        with_imprint(house, case, STREET)
    assert offered(house, first) == [second.number]
    joined(house, second, first)
    assert offered(house, first) == []


def test_a_letter_that_was_no_case_is_not_offered(house: SmallHouse, two) -> None:
    first, second = two
    for case in (first, second):
        with_imprint(house, case, STREET)
    assert offered(house, first) == [second.number]
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), status=CaseStatus.NOT_A_CASE))
    assert offered(house, first) == []


def test_a_protected_case_is_offered_to_its_readers_alone(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    outsider = house.person("olle@ekdala.example", "Olle Ek", Grant(Role.HANDLAGGARE, "hemtjanst"))
    for case in (first, second):
        with_imprint(house, case, STREET)
    worker, stranger = house.office.viewer(house.handlaggare), house.office.viewer(outsider)
    assert offered(house, first, worker) == [second.number]
    assert offered(house, first, stranger) == []
    flag = ConfidentialityFlag(FlagKind.HALSA, FlagState.CONFIRMED)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=(flag,)))
    assert offered(house, first, worker) == []
    assert offered(house, first, house.office.viewer(house.registrator)) == [second.number]


def test_what_a_letter_left_goes_with_its_case(house: SmallHouse, two) -> None:
    first, second = two
    for case in (first, second):
        with_imprint(house, case, STREET)
    engine = house.store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM cases WHERE id = '{second.id}'")
    assert offered(house, first) == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM imprints").scalar() == 1


def test_time_between_counts_both_ways(house: SmallHouse, two) -> None:
    first, second = two
    assert second.received_at - first.received_at == timedelta(days=3)
    for case in (first, second):
        with_imprint(house, case, STREET)
    assert (offered(house, first), offered(house, second)) == ([second.number], [first.number])
