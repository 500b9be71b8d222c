"""Whom a letter names to the citizen while whoever has the case, or the chef, is away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role
from cases.ports import Store
from cases.steps.answering.answer import answer
from cases.steps.answering.by_post import letter_posted
from cases.steps.joining.unhappy import lift
from cases.steps.working.absence import name_substitute
from cases.steps.working.work import accept, send_back
from tests.steps.deciding import only, route
from tests.steps.house import START
from tests.steps.working.standing_in import FIRST, LAST, House


def letter_of(here: House, kind: LetterKind) -> str:
    """The latest letter of a kind to the citizen, as it reads."""
    return [e for e in only(here.house).letters if e.letter.kind is kind][-1].letter.text


def in_hand(here: House) -> None:
    house = here.house
    with house.store.begin() as tx:
        case = only(house).case
        accept(tx, case.id, case.version, house.handlaggare, house.office, house.now)


def test_letters_by_themselves_name_who_stands_in(sqlite_store: Store) -> None:
    """R5, R10: the citizen was told to turn to somebody who was away, in a letter signed by them."""
    here = House(sqlite_store)
    in_hand(here)
    here.away()
    for kind, days in ((LetterKind.LANGRE_TID, 5), (LetterKind.STATUS, 8)):
        here.house.now = START + timedelta(days=days, hours=6)
        here.house.stages.promises(here.house.now)
        text = letter_of(here, kind)
        assert "Siv Ros" in text
        assert "siv@ekdala.example" in text
        assert "Hans Vik" not in text


def test_letters_by_themselves_name_the_chef_where_the_handlaggare_has_left(sqlite_store: Store) -> None:
    """R10: nobody had handed the case over yet, and the citizen was told to write to an empty desk."""
    here = House(sqlite_store)
    in_hand(here)
    with here.house.store.begin() as tx:
        tx.add_user(replace(here.house.handlaggare, last_day=FIRST))
    for kind, days in ((LetterKind.LANGRE_TID, 5), (LetterKind.STATUS, 8)):
        here.house.now = START + timedelta(days=days, hours=6)
        here.house.stages.promises(here.house.now)
        text = letter_of(here, kind)
        assert "gustav@ekdala.example" in text
        assert "hans@ekdala.example" not in text


def test_who_stands_in_but_is_away_too_is_named_to_no_citizen(sqlite_store: Store) -> None:
    here = House(sqlite_store)
    in_hand(here)
    here.away()
    other = here.house.person("ola@ekdala.example", "Ola Ek", Grant(Role.HANDLAGGARE, "gata"))
    with here.house.store.begin() as tx:
        name_substitute(tx, here.sub, other, FIRST, LAST, here.sub, here.house.office, here.house.now)
    here.house.now = START + timedelta(days=5, hours=6)
    here.house.stages.promises(here.house.now)
    assert "Hans Vik" in letter_of(here, LetterKind.LANGRE_TID)


def chef_away_tomorrow(here: House) -> None:
    house, day = here.house, FIRST + timedelta(days=1)
    house.later(hours=9)
    with house.store.begin() as tx:
        name_substitute(tx, here.chef, here.sub, day, day, here.chef, house.office, house.now)


def test_of_a_chef_who_is_away_the_citizen_learns_who_stands_in(sqlite_store: Store) -> None:
    """The letter waits for the morning, when the chef is no longer there."""
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house = here.house
    with house.store.begin() as tx:
        lift(tx, only(house).case, "Avsändaren vill det.", house.registrator, house.office, house.now)
    text = letter_of(here, LetterKind.ESKALERAD)
    assert "Gustav Vik, enhetschef" in text
    assert "Kontakt: Siv Ros, som ersätter just nu, siv@ekdala.example" in text


@pytest.mark.parametrize("printed", [False, True])
def test_a_decision_names_who_stands_in_for_the_chef_to_turn_to(sqlite_store: Store, *, printed: bool) -> None:
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house, case = here.house, only(here.house).case
    what = (LetterKind.BESLUT_INGEN, {"motivering": "Lampan lyser."}, house.handlaggare, house.office, house.now)
    with house.store.begin() as tx:
        (letter_posted if printed else answer)(tx, case.id, case.version, *what)
    text = letter_of(here, LetterKind.BESLUT_INGEN)
    assert "Gustav Vik, enhetschef: Siv Ros, som ersätter just nu, siv@ekdala.example." in text


def test_a_case_handed_on_is_with_who_stands_in_when_the_letter_leaves(sqlite_store: Store) -> None:
    here = House(sqlite_store)
    chef_away_tomorrow(here)
    house = here.house
    for unit in ("kansli", "gata"):
        with house.store.begin() as tx:
            case = only(house).case
            send_back(tx, case.id, case.version, "Inte vårt.", house.registrator, house.office, house.now)
        route(house, unit_id=unit)
    assert "Siv Ros, handläggare" in letter_of(here, LetterKind.VIDAREBEFORDRAD)
