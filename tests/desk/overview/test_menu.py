"""The menu: each person's own pages once each, and a long one parted so that it fits a small screen."""

import re
from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM, Grant, Role, User
from desk.menu import MENU, MenuGroup, Waiting, menu_of
from desk.settings import ExtraPage, PageAnswer
from tests.desk import house as h
from tests.desk.office.test_rooms import unread
from tests.desk.steps import routed, step

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


def test_a_folded_group_tells_what_waits_on_its_pages() -> None:
    counts = {"/utkorg": Waiting(2), "/karantan": Waiting(3), "/att-fordela": Waiting(9)}
    parts = {part.name: part.waiting for part in menu_of(person(Role.REGISTRATOR), [], (), counts)}
    assert (parts[MenuGroup.POST], parts[MenuGroup.ADMINISTRATION]) == (5, 0)


def told(page) -> dict[str, str]:
    """By path, what the menu says besides a page's name, as a screen reader hears it."""
    text = page.get("/konto").text
    lines = re.findall(r'<li><a href="([^"]+)"[^>]*>.*?</svg>[^<]*(<span class="menytal.*?)?</a></li>', text)
    return {
        path: " ".join(re.sub("<[^>]+>", "", said).split()) for path, said in lines if said and "hidden" not in said
    }


def test_the_menu_tells_what_waits_and_nothing_of_what_one_may_not_read(house, surf) -> None:
    assert told(surf("registrator")) == {}
    lamp, school, _ = h.lamp(house), h.school(house), h.threat(house)
    assert told(surf("registrator")) == {"/att-fordela": "3 brev väntar"}
    assert told(surf("gataregistrator")) == {}, "they are nobody's yet, and two are protected"
    for case, status in ((lamp, OutboxStatus.FAILED), (lamp, OutboxStatus.WITHHELD), (school, OutboxStatus.UNCERTAIN)):
        with house.store.begin() as tx:
            entry = next(e for e in tx.letters_of(case.id) if e.status is OutboxStatus.QUEUED)
            tx.update_entry(replace(entry, status=status))
    unread(house, "synpunkter", b"?")
    routed(house, lamp)
    assert told(surf("registrator")) == {
        "/att-fordela": "2 brev väntar",
        "/utkorg": "2 brev att ta hand om",
        "/karantan": "1 brev gick inte att läsa",
    }
    assert told(surf("gataregistrator"))["/utkorg"] == "1 brev att ta hand om", "the pupil's is not told"
    assert told(surf("admin"))["/utkorg"] == "2 brev att ta hand om"


def test_the_menu_tells_which_of_ones_own_cases_are_late(house, surf) -> None:
    own, others = routed(house, h.lamp(house)), routed(house, h.lamp(house))
    step(surf("handlaggare"), house, own, "ta")
    assert "/mina" not in told(surf("handlaggare"))
    house.clock.pass_minutes(60 * 24 * 14)
    assert told(surf("handlaggare"))["/mina"] == "1 sent"
    step(surf("handlaggare"), house, others, "ta")
    assert told(surf("handlaggare"))["/mina"] == "2 sena"
    assert "/mina" not in told(surf("chef"))


def test_a_bounce_of_a_closed_case_waits_for_nobody(house, surf) -> None:
    case = h.lamp(house)
    with house.store.begin() as tx:
        entry = next(e for e in tx.letters_of(case.id) if not e.internal)
        tx.update_entry(replace(entry, status=OutboxStatus.BOUNCED))
    assert told(surf("registrator"))["/utkorg"] == "1 brev att ta hand om"
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), status=CaseStatus.CLOSED))
    assert "/utkorg" not in told(surf("registrator"))
