"""Grants are resolved to the units and authorities they reach; each nämnd is its own authority."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cases.calendar import WorkingCalendar
from cases.case import CaseStatus
from cases.office import Office
from cases.people.access import Grant, Role, StandIn, User, Viewer
from cases.routing.flags import FlagKind
from cases.steps.routing.confirm import keeps, works
from tests.cases.builders import a_case, an_organisation, flagged

USER = User("u1", "u1@ekdala.example", "Uno Ett", "registrator", frozenset())
DAY, ONE = date(2026, 11, 27), timedelta(days=1)


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


def test_who_keeps_a_diary_reads_no_case_of_another_authority_that_is_entered_in_it() -> None:
    tree = an_organisation()
    shared = {**tree.authorities, "son": replace(tree.authorities["son"], diary_of="ks")}
    desk = replace(office(), organisation=replace(tree, authorities=shared))
    both, ks, son = (
        desk.viewer(replace(USER, grants=frozenset(Grant(Role.REGISTRATOR, one) for one in scopes)))
        for scopes in (("ks", "son"), ("ks",), ("son",))
    )
    assert ks.diary_authorities == {"ks"}
    assert ks.entered_authorities == {"son"}
    assert both.diary_authorities == {"ks", "son"}
    assert not (both.entered_authorities or son.entered_authorities)
    assert "hemtjanst" not in ks.registrator_units


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


def test_who_holds_two_roles_has_what_each_of_them_gives() -> None:
    seen = viewer(Grant(Role.REGISTRATOR), Grant(Role.ADMIN), Grant(Role.VISSELMOTTAGARE))
    assert seen.sees_unflagged
    assert seen.whistle
    assert replace(USER, grants=frozenset({Grant(Role.ADMIN), Grant(Role.CHEF)})).may_read


@pytest.mark.parametrize("role", [Role.ADMIN, Role.GRANSKARE])
def test_who_runs_or_audits_the_system_is_let_read_nothing(role: Role) -> None:
    assert not replace(USER, grants=frozenset({Grant(role)})).may_read


def test_a_leaver_works_through_the_last_day_and_a_locked_account_on_none() -> None:
    leaver = replace(USER, last_day=DAY)
    assert [leaver.works_on(DAY + n * ONE) for n in (-1, 0, 1)] == [True, True, False]
    assert USER.works_on(DAY)
    assert not replace(leaver, active=False).works_on(DAY)


def test_a_substitute_stands_in_from_the_first_day_to_the_last_while_they_work_here() -> None:
    one = replace(USER, stands_in=frozenset({StandIn("u2", DAY, DAY + ONE)}))
    assert [bool(one.stands_in_on(DAY + n * ONE)) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert not replace(one, last_day=DAY).stands_in_on(DAY + ONE)
    desk = replace(office(), today=lambda: DAY)
    assert desk.viewer(one).holders == {"u1", "u2"}
    assert office().viewer(one).holders == {"u1"}


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


PLAIN, ROUTED = a_case(first_unit="gata"), a_case(status=CaseStatus.ROUTED, unit_id="gata", first_unit="gata")
SECRET, BLOWN = (replace(ROUTED, flags=flagged(one)) for one in (FlagKind.HALSA, FlagKind.VISSELBLASNING))


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ({"sees_unflagged": True}, [True, True, False, False]),
        ({"registrator_units": {"gata"}}, [True, True, True, False]),
        ({"registrator_units": {"kansli"}}, [False, False, False, False]),
        ({"diary_authorities": {"ks"}}, [True, True, True, False]),
        ({"diary_authorities": {"son"}}, [False, False, False, False]),
        ({"member_units": {"gata"}, "chef_units": {"gata"}}, [False, False, False, False]),
        ({"whistle": True}, [False, False, False, True]),
    ],
    ids=["central", "unit", "other unit", "diary", "other diary", "chef", "whistle"],
)
def test_whose_registrators_a_case_has(seen: dict[str, Any], kept: list[bool]) -> None:
    """Central ones route what nobody has flagged; a whistle-blower's case is its receivers' alone."""
    who = Viewer("u1", **seen)
    assert [keeps(case, who) for case in (PLAIN, ROUTED, SECRET, BLOWN)] == kept


def test_the_unit_that_receives_first_routes_until_somebody_has_and_nothing_protected() -> None:
    first = Viewer("u1", registrator_units=frozenset({"kansli"}))
    case = a_case(first_unit="kansli")
    assert keeps(case, first)
    assert not keeps(replace(case, unit_id="gata"), first)
    assert not keeps(replace(case, flags=flagged(FlagKind.HALSA)), first)


@pytest.mark.parametrize(
    ("seen", "may"),
    [
        ({"member_units": {"gata"}}, True),
        ({"chef_units": {"gata"}}, True),
        ({"registrator_units": {"gata"}}, True),
        ({"member_units": {"kansli", ""}, "chef_units": {"kansli"}}, False),
        ({"user_id": "u3"}, True),
        ({"stands_in_for": {"u3"}}, True),
        ({"stands_in_for": {"u4"}}, False),
    ],
)
def test_who_reads_a_case_works_in_it_only_by_unit_office_or_hand(seen: dict[str, Any], may: bool) -> None:
    who = Viewer(**{"user_id": "u1", **seen})
    case = replace(SECRET, assignee_id="u3")
    assert works(case, replace(USER, id=who.user_id), who) is may
    assert not works(a_case(), USER, Viewer("u1", member_units=frozenset({"gata", ""})))
