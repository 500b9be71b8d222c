"""The menu: each person's own pages once each, and a long one parted so that it fits a small screen."""

import pytest

from cases.people.access import Grant, Role, User
from desk.menu import MENU, MenuGroup, menu_of
from desk.settings import ExtraPage, PageAnswer

EXTRA = ExtraPage("/statistik", "Statistik", frozenset({Role.REGISTRATOR}), lambda _: PageAnswer("Statistik"))


def person(*roles: Role) -> User:
    return User("p", "p@ekdala.example", "Pia", "", frozenset(Grant(role) for role in roles), "")


def test_a_menu_that_a_telephone_has_room_for_is_whole() -> None:
    (part,) = menu_of(person(Role.GRANSKARE), [EXTRA], mailboxes=True)
    assert [line.path for line in part.lines] == ["/laslogg", "/kontologg", "/brevlador"]


def test_of_a_short_menu_four_lines_stand_on_a_telephone_and_nothing_is_folded_on_a_wide_screen() -> None:
    parts = menu_of(person(Role.HANDLAGGARE), [EXTRA], mailboxes=True)
    assert [part.name for part in parts] == ["", ""]
    assert [line.path for line in parts[0].lines] == ["/mina", "/enheten", "/forsenat", "/nytt"]
    assert [line.path for line in parts[1].lines][-1] == "/brevlador"
    assert "/statistik" not in {line.path for part in parts for line in part.lines}


def test_who_only_administers_finds_people_and_units_first() -> None:
    first, rest = menu_of(person(Role.ADMIN), [])
    assert [line.path for line in first.lines] == ["/personer", "/enheter", "/brevmallar", "/gallring"]
    assert rest.name == "" and "/halsa" in {line.path for line in rest.lines}


@pytest.mark.parametrize("roles", [(Role.REGISTRATOR,), tuple(Role)])
def test_a_long_menu_keeps_the_work_in_sight_and_folds_the_rest(roles: tuple[Role, ...]) -> None:
    parts = menu_of(person(*roles), [EXTRA])
    names = [part.name for part in parts]
    assert names == ["", "", MenuGroup.POST, MenuGroup.FOLLOW_UP, MenuGroup.ADMINISTRATION, ""]
    assert len(parts[0].lines) == 4
    assert {line.group for part in parts[:2] for line in part.lines} == {MenuGroup.WORK}
    paths = [line.path for part in parts for line in part.lines]
    assert len(paths) == len(set(paths))


def test_everybody_with_all_roles_finds_every_page() -> None:
    found = {line.path for part in menu_of(person(*Role), [EXTRA], mailboxes=True) for line in part.lines}
    assert found == {item.path for item in MENU} | {"/statistik", "/brevlador"}


def test_the_group_of_the_open_page_and_of_those_under_it_is_open() -> None:
    parts = {part.name: part for part in menu_of(person(*Role), [])}
    assert parts[MenuGroup.ADMINISTRATION].holds("/brevmallar/svar/sv")
    assert not parts[MenuGroup.ADMINISTRATION].holds("/brevlador")
    assert not parts[MenuGroup.POST].holds("/brevmallar")
