"""Which letters may be learnt from, and how suggestions fared: on both databases, through the house's own steps."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import FlagKind
from cases.routing.learning import AUTOMATIC
from cases.steps.routing.automatic import LYHORD
from cases.steps.routing.confirm import carry_out, confirm
from cases.steps.working.work import send_back
from cases.store.views import ListFilter, ListKind
from storage.database.engine import writing
from storage.tables.cases import cases
from tests.service.learned import request, routed
from tests.steps.house import SmallHouse, mail


@pytest.fixture
def house(store) -> SmallHouse:
    return SmallHouse(store)


def learnable(house):
    with house.store.read() as tx:
        letters, ids = tx.confirmed_letters(100), tx.confirmed_cases()
    assert {letter.case_id for letter in letters} == set(ids)
    return letters


def again(house, case_id: str, unit: str, by=None, **more) -> None:
    with house.store.begin() as tx:
        case = tx.get_case(case_id, SYSTEM)
        carry_out(tx, case, request(case, unit, **more), by or house.registrator, house.office, house.now)


def reopened(house, case_id: str) -> None:
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case_id, SYSTEM), status="suggested"))


def test_a_letter_is_what_the_model_saw_and_its_label_what_the_person_chose(house) -> None:
    (case_id,) = routed(house, [("Hur är det med lampan?", "hemtjanst")])
    house.model.area = Area.KOST
    house.receive(mail("En sak till.", message_id="<r@post.example>", In_Reply_To=first_id(house, case_id)))
    (letter,) = learnable(house)
    assert (letter.case_id, letter.text) == (case_id, "Trasig lampa\nHur är det med lampan?")
    assert (letter.unit_id, letter.area, letter.areas[0]) == ("hemtjanst", Area.ALDREOMSORG, Area.GATA_PARK)
    assert (letter.agreed, letter.language) == (False, "sv")
    assert letter.sender.startswith("n0-")


def first_id(house, case_id: str) -> str:
    with house.store.read() as tx:
        return tx.thread(case_id)[0]


def test_only_unflagged_letters_that_a_person_sent_to_a_unit_are_learnt_from(house) -> None:
    ids = routed(house, [(f"Brev nummer {n}", "gata") for n in range(6)], area=Area.GATA_PARK)
    flagged, whistle, junk, tracked, automatic, kept = ids
    for one in ids[:-1]:
        reopened(house, one)
    again(house, flagged, "gata", flags=frozenset({FlagKind.BARN}))
    again(house, whistle, "gata", flags=frozenset({FlagKind.VISSELBLASNING}))
    again(house, junk, "gata", choice=RoutingChoice.NOT_A_CASE, reason="Reklam")
    again(house, tracked, "gata", choice=RoutingChoice.SPECIAL_TRACK, track="Överklagande")
    again(house, automatic, "gata", by=LYHORD)
    assert {letter.case_id for letter in learnable(house)} == {kept}


def test_the_last_word_counts_and_a_cleared_flag_no_longer_does(house) -> None:
    (case_id,) = routed(house, [("Brev", "gata")])
    reopened(house, case_id)
    again(house, case_id, "kansli", area=Area.KANSLI, flags=frozenset({FlagKind.BARN}))
    assert learnable(house) == []
    reopened(house, case_id)
    again(house, case_id, "hemtjanst")
    (letter,) = learnable(house)
    assert letter.unit_id == "hemtjanst"


def test_what_a_unit_gave_back_is_not_learnt_as_its_own(house) -> None:
    (case_id,) = routed(house, [("Brev", "gata")])
    with house.store.begin() as tx:
        version = tx.get_case(case_id, SYSTEM).version
        send_back(tx, case_id, version, "Inte vår lampa", house.registrator, house.office, house.now)
    assert learnable(house) == []


@pytest.mark.parametrize("way", ["erased as retention does", "deleted"])
def test_an_erased_case_is_gone_and_the_newest_come_last(house, way: str) -> None:
    start = house.now
    ids = routed(house, [(f"Brev nummer {n}", "gata") for n in range(4)])
    if way == "deleted":
        with writing(house.store.engine) as connection:
            connection.execute(sa.delete(cases).where(cases.c.id == ids[1]))
    else:
        with house.store.begin() as tx:
            tx.erase_case(ids[1], "t" * 26, house.now)
    assert [letter.case_id for letter in learnable(house)] == [ids[0], ids[2], ids[3]]
    with house.store.read() as tx:
        assert [letter.case_id for letter in tx.confirmed_letters(2)] == ids[2:]
        assert len(tx.routed_cases(start)) == 3


def test_how_suggestions_fared_is_told_once_a_case_and_never_of_a_whistle_blower(house) -> None:
    start = house.now
    ids = routed(house, [("Brev ett", "gata"), ("Brev två", "hemtjanst"), ("Brev tre", "kansli")])
    reopened(house, ids[0])
    again(house, ids[0], "kansli")
    reopened(house, ids[2])
    again(house, ids[2], "kansli", flags=frozenset({FlagKind.VISSELBLASNING}))
    with house.store.read() as tx:
        fared, areas = tx.routed_cases(start), tx.suggested_areas(start)
        assert tx.routed_cases(house.now + timedelta(minutes=1)) == []
    assert [(one.suggested_unit, one.unit_id, one.agreed) for one in fared] == [
        ("gata", "gata", True),
        ("gata", "hemtjanst", False),
    ]
    assert [(one.area, one.confidence) for one in areas] == [(Area.GATA_PARK, 0.8)] * 2


def test_what_nobody_decided_tells_nothing_of_agreement(house) -> None:
    house.receive(mail())
    with house.store.begin() as tx:
        case = tx.get_case(tx.case_by_number("EK-2026-00001"), SYSTEM)
        carry_out(tx, case, request(case, "gata", Area.GATA_PARK), LYHORD, house.office, house.now)
    with house.store.read() as tx:
        assert tx.routed_cases(house.now) == []
        assert tx.agreements(SYSTEM, house.now, house.now + timedelta(days=1)) == []
        assert tx.case_file(case.id, SYSTEM).decisions[0].decided_by == AUTOMATIC
    reopened(house, case.id)
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        confirm(tx, case.id, request(case, "kansli"), house.registrator, house.office, house.now)
    with house.store.read() as tx:
        assert [one.agreed for one in tx.routed_cases(house.now)] == [False]
        assert [one.agreed for one in tx.agreements(SYSTEM, house.now, house.now + timedelta(days=1))] == [False]


def test_a_unit_learnt_from_confirmations_is_suggested_in_the_lists(house) -> None:
    suggest = house.model.suggest_many
    house.model.suggest_many = lambda letters: [
        replace(made, unit_id="hemtjanst", unit_confidence=0.87) for made in suggest(letters)
    ]
    house.receive(mail("Brev"))
    with house.store.read() as tx:
        (line,) = tx.lines(ListKind.TO_ROUTE, SYSTEM, ListFilter())
    with house.store.begin() as tx:
        case = tx.get_case(line.id, SYSTEM)
        confirm(tx, case.id, request(case, "hemtjanst"), house.registrator, house.office, house.now)
    with house.store.read() as tx:
        file = tx.case_file(line.id, SYSTEM)
        (routed_line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
    assert (file.suggestion.unit_id, file.suggestion.unit_confidence) == ("hemtjanst", 0.87)
    assert len(file.suggestion.areas) == len(Area)
    assert (line.suggested_unit, line.area_confidence) == ("hemtjanst", 0.87)
    assert (routed_line.unit_id, routed_line.suggested_unit, routed_line.area_confidence) == ("hemtjanst", "", 0.0)
    assert (file.decisions[0].suggested_unit, file.decisions[0].agreed) == ("hemtjanst", True)
