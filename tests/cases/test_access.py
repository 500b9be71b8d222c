"""Grants are resolved to the units and authorities they reach; each nämnd is its own authority."""

from dataclasses import replace

from cases.calendar import WorkingCalendar
from cases.office import Office
from cases.people.access import Grant, Role, User
from tests.cases.builders import an_organisation

USER = User("u1", "u1@ekdala.example", "Uno Ett", "registrator", frozenset())


def office() -> Office:
    return Office(
        organisation=an_organisation(),
        promises=(),
        calendar=WorkingCalendar(lambda _year: frozenset()),
        renderer=None,  # type: ignore[arg-type] - not used here
        new_id=lambda: "0" * 32,
        case_pattern="EK-{year}-{serial:05d}",
        mail_domain="ekdala.example",
        desk_url="http://desk.example",
    )


def viewer(*grants: Grant):
    return office().viewer(replace(USER, grants=frozenset(grants)))


def test_a_central_registrator_keeps_the_home_authoritys_diary_only() -> None:
    seen = viewer(Grant(Role.REGISTRATOR))
    assert seen.diary_authorities == {"ks"}
    assert seen.registrator_units == {"kansli", "gata"}
    assert seen.sees_unflagged


def test_a_unit_registrator_reaches_the_unit() -> None:
    seen = viewer(Grant(Role.REGISTRATOR, "hemtjanst"))
    assert seen.registrator_units == {"hemtjanst"}
    assert not seen.diary_authorities
    assert not seen.sees_unflagged


def test_a_department_chef_reaches_its_units() -> None:
    assert viewer(Grant(Role.CHEF, "klf")).chef_units == {"kansli", "gata"}


def test_a_handlaggare_is_a_member_and_no_registrator() -> None:
    seen = viewer(Grant(Role.HANDLAGGARE, "gata"))
    assert seen.member_units == {"gata"}
    assert not seen.registrator_units
    assert not seen.whistle


def test_an_administrator_sees_nothing() -> None:
    seen = viewer(Grant(Role.ADMIN))
    assert not (seen.member_units or seen.registrator_units or seen.chef_units or seen.diary_authorities)
    assert not (seen.sees_unflagged or seen.whistle or seen.system)


def test_a_grant_on_an_authority_outlives_a_unit_of_the_same_id() -> None:
    desk = office()
    renamed = replace(desk.organisation, renamed={"ks": "gata"})
    grants = frozenset({Grant(Role.REGISTRATOR, "ks")})
    seen = replace(desk, organisation=renamed).viewer(replace(USER, grants=grants))
    assert seen.diary_authorities == {"ks"}
    assert seen.registrator_units == {"kansli", "gata"}


def test_a_grant_on_a_unit_that_was_taken_over_reaches_its_heir() -> None:
    desk = office()
    renamed = replace(desk.organisation, renamed={"park": "gata"})
    grants = frozenset({Grant(Role.HANDLAGGARE, "park")})
    assert replace(desk, organisation=renamed).viewer(replace(USER, grants=grants)).member_units == {"gata"}
