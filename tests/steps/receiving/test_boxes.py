"""A nämnd is its own authority: what comes to its mailbox is its own registrators', where it has any."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.calendar import STOCKHOLM
from cases.case import Case
from cases.errors import NotFound
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, Grant, Role, User, Viewer
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.steps.receiving.by_hand import adopt
from tests.steps.deciding import only
from tests.steps.house import START, SmallHouse, mail

ROUTES = LetterKind.TILL_REGISTRATOR


@pytest.fixture
def boxed(house: SmallHouse) -> SmallHouse:
    """The mailbox is Socialnämnden's."""
    house.office = replace(house.office, box_authorities={"feedback": "son"}, unit_first=True)
    house.stages = replace(house.stages, office=house.office)
    house.model.area = Area.ALDREOMSORG
    return house


def keeper(house: SmallHouse) -> User:
    return house.person("sonja@ekdala.example", "Sonja By", Grant(Role.REGISTRATOR, "son"))


def told(house: SmallHouse) -> set[str]:
    return {entry.recipient for entry in only(house).letters if entry.letter.kind is ROUTES}


def seen(house: SmallHouse, *people: User) -> Iterator[bool]:
    case = only(house).case
    for person in people:
        yield _sees(house, house.office.viewer(person), case)


def _sees(house: SmallHouse, viewer: Viewer, case: Case) -> bool:
    with house.store.read() as tx:
        try:
            return tx.get_case(case.id, viewer).id == case.id
        except NotFound:
            return False


def test_the_namnds_own_registrator_is_told_and_alone_sees_what_is_flagged(boxed: SmallHouse) -> None:
    sonja = keeper(boxed)
    boxed.model.flags = (FlagKind.HALSA,)
    boxed.receive(mail())
    assert only(boxed).case.authority_id == "son"
    assert told(boxed) == {"sonja@ekdala.example"}
    assert list(seen(boxed, sonja, boxed.registrator)) == [True, False]


def test_a_central_registrator_sees_what_is_not_flagged(boxed: SmallHouse) -> None:
    boxed.receive(mail())
    assert list(seen(boxed, keeper(boxed), boxed.registrator))[1]


def test_a_namnd_without_a_registrator_leaves_its_letters_to_the_central_ones(boxed: SmallHouse) -> None:
    boxed.model.flags = (FlagKind.HALSA,)
    boxed.receive(mail())
    assert only(boxed).case.authority_id == "ks"
    assert told(boxed) == {"registrator@ekdala.example"}
    assert list(seen(boxed, boxed.registrator)) == [True]


@pytest.mark.parametrize("gone", [{"active": False}, {"last_day": START.date() - timedelta(days=1)}])
def test_somebody_who_has_left_keeps_no_diary(boxed: SmallHouse, gone: dict[str, object]) -> None:
    sonja = keeper(boxed)
    with boxed.store.begin() as tx:
        tx.add_user(replace(sonja, **gone))  # type: ignore[arg-type]
    boxed.receive(mail())
    assert only(boxed).case.authority_id == "ks"


def test_the_home_authoritys_unit_is_not_told_of_another_namnds_letter(boxed: SmallHouse) -> None:
    """The model takes it for the street office's: that is another authority, which has to be said by a person first."""
    keeper(boxed)
    boxed.model.area = Area.GATA_PARK
    boxed.receive(mail())
    with boxed.store.read() as tx:
        assert tx.get_case(only(boxed).case.id, SYSTEM).first_unit == ""
    assert told(boxed) == {"sonja@ekdala.example"}


def test_what_nobody_has_routed_in_time_is_told_to_the_namnds_own(boxed: SmallHouse) -> None:
    keeper(boxed)
    boxed.receive(mail())
    boxed.later(days=40)
    boxed.now = datetime(2026, 12, 4, 8, tzinfo=STOCKHOLM).astimezone(UTC)
    boxed.stages.promises(boxed.now)
    alarmed = [entry.recipient for entry in only(boxed).letters if entry.letter.kind is ROUTES]
    assert alarmed == ["sonja@ekdala.example"] * 2


def test_its_letters_say_who_answers_for_the_personal_data(boxed: SmallHouse) -> None:
    keeper(boxed)
    boxed.office = replace(boxed.office, constants={"kommun": "Ekdala kommun"})
    boxed.stages = replace(boxed.stages, office=boxed.office)
    boxed.receive(mail())
    (receipt,) = [entry.letter.text for entry in only(boxed).letters if entry.letter.kind is LetterKind.MOTTAGNING]
    son = boxed.office.organisation.authorities["son"]
    assert f"{son.name} i Ekdala kommun är personuppgiftsansvarig" in receipt
    assert son.register_text in receipt
    assert "Kommunstyrelsen" not in receipt


def test_what_its_spam_filter_hid_is_the_namnds_too(boxed: SmallHouse) -> None:
    """Made a case by hand it became the home authority's, whose registrators may not read another nämnd's letters."""
    keeper(boxed)
    boxed.receive(mail(X_Spam_Flag="YES"))
    with boxed.store.begin() as tx:
        (loose,) = tx.loose_messages()
        adopt(tx, loose.id, boxed.registrator, boxed.office, boxed.now)
    boxed.run()
    assert only(boxed).case.authority_id == "son"
    assert told(boxed) == {"sonja@ekdala.example"}
