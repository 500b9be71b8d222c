"""Borta och ersättare, Överlämning, Översyn, and the short steps on the case page, each as the person does it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.calendar import local_day
from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import SYSTEM, Grant, Role, User, Viewer
from cases.steps.records.review import review_sweep
from cases.steps.working.work import assign
from desk.rights import Action, rights
from tests.desk import house as h
from tests.desk.steps import routed, step

SIV = User("siv", "siv@ekdala.example", "Siv Ros", "ingenjör", frozenset({Grant(Role.HANDLAGGARE, "gata")}), h._HASH)


@pytest.fixture
def house(house):
    """The desk's house with the profile's keys switched on, and a clock that says which day it is."""
    keys = {"quick_close": True, "hallmarks": ("Tillgänglighet", "Kompetens"), "review_month": 1, "routine": "Rutinen"}
    house.office = replace(house.office, **keys, today=lambda: local_day(house.clock()))
    return house


@pytest.fixture
def surf(surf):
    """A browser that has seen a page, and so knows the token."""

    def begin(who: str):
        page = surf(who)
        page.get("/konto")
        return page

    return begin


@pytest.fixture
def case(house):
    with house.store.begin() as tx:
        tx.add_user(SIV)
    return routed(house, h.lamp(house))


def given(house, case, to: User = h.PEOPLE["handlaggare"]) -> None:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        assign(tx, case.id, version, to, h.PEOPLE["chef"], house.office, house.clock())


def today(house) -> str:
    return local_day(house.clock()).isoformat()


def test_a_person_names_a_substitute_and_ends_it(house, surf, case) -> None:
    given(house, case)
    page = surf("handlaggare")
    offered = page.get("/borta").text
    assert 'value="siv"' in offered and 'value="handlaggare"' not in offered, "nobody stands in for themself"
    for _ in range(2):
        answer = page.post("/borta", ersattare="siv", forsta=today(house), sista=today(house))
        assert answer.status_code == 303, "sent twice it is one substitution"
    shown = page.get("/borta").text
    assert "Siv Ros ersätter Maja Ek" in shown
    assert house.case(case.id).assignee_id == "handlaggare"
    with house.store.read() as tx:
        (made,) = tx.absences(local_day(house.clock()))
    assert surf("skolhandlaggare").post(f"/borta/{made.id}/sluta").status_code == 404
    assert page.post(f"/borta/{made.id}/sluta").status_code == 303
    assert "Ingen är borta." in page.get("/borta").text


def test_who_was_to_stand_in_is_told_that_somebody_else_must(house, surf, case) -> None:
    """A substitution is not passed on to the substitute's own substitute."""
    days = {"forsta": today(house), "sista": today(house)}
    assert surf("handlaggare").post("/borta", ersattare="siv", **days).status_code == 303
    chef = surf("chef")
    assert chef.post("/borta", vem="siv", ersattare="chef", **days).status_code == 303
    assert "Siv Ros är utsedd att ersätta Maja Ek under tiden. Utse någon annan" in chef.get("/borta").text


def test_a_wrong_day_comes_back_with_what_was_typed(house, surf, case) -> None:
    page = surf("handlaggare")
    answer = page.post("/borta", ersattare="siv", forsta="2020-01-01", sista="2020-01-02")
    assert answer.status_code == 422
    assert "Dagarna har redan varit" in answer.text
    assert 'value="2020-01-02"' in answer.text


def test_a_chef_sets_it_for_staff_of_the_own_unit_alone(house, surf, case) -> None:
    chef = surf("chef")
    form = {"ersattare": "siv", "forsta": today(house), "sista": today(house)}
    assert chef.post("/borta", vem="handlaggare", **form).status_code == 303
    assert chef.post("/borta", vem="skolhandlaggare", **form).status_code == 422


def test_a_substitute_may_do_with_the_case_what_its_handlaggare_may(house, case) -> None:
    given(house, case)
    kept, viewer = house.case(case.id), Viewer("siv", stands_in_for=frozenset({"handlaggare"}))
    assert rights(kept, SIV, viewer).may(Action.ANSWER)
    assert not rights(kept, SIV, Viewer("siv")).may(Action.ANSWER)


def test_a_chef_hands_over_and_an_administrator_closes_the_account_too(house, surf, case) -> None:
    given(house, case)
    answer = surf("chef").post("/overlamning", fran="handlaggare", till="siv", slutar="ja")
    assert answer.status_code == 303
    assert house.case(case.id).assignee_id == "siv"
    with house.store.read() as tx:
        assert tx.user("handlaggare").active
    assert surf("chef").post("/overlamning", fran="skolhandlaggare", till="siv").status_code == 422
    admin = surf("admin")
    assert admin.post("/overlamning", fran="siv", till="handlaggare", slutar="ja").status_code == 303
    assert "är nu hos Maja Ek. Siv Ros kan inte längre logga in." in admin.get("/overlamning").text
    with house.store.read() as tx:
        assert not tx.user("siv").active
        assert [e.kind for e in tx.case_file(case.id, SYSTEM).events].count(EventKind.HANDED_OVER) == 2
    assert house.case(case.id).assignee_id == "handlaggare"


def test_nothing_moves_without_the_box(house, surf, case) -> None:
    assert surf("admin").post("/omorganisation").status_code == 422
    assert surf("admin").post("/omorganisation", sakert="ja").status_code == 303


def test_the_yearly_review_is_noted_once_by_the_chancery(house, surf) -> None:
    page = surf("registrator")
    year = local_day(house.clock()).year
    assert "Inget att göra just nu." in page.get("/oversyn").text, "January's was due before the system was there"
    with house.store.begin() as tx:
        assert review_sweep(tx, replace(house.office, review_month=10), house.clock()) == 0, "nor October's"
        tx.save_setting("review:since", f"{year}-01-31")
    text = page.get("/oversyn").text
    assert f"översynen {year}" in text
    assert f"{year - 1}" not in text, "a year before the system was there is nobody's neglect"
    assert page.post("/oversyn", ar=year, resultat="").status_code == 422
    assert page.post("/oversyn", ar=year, resultat="Rutinen gäller.").status_code == 303
    assert "Rut Holm. Rutinen gäller." in page.get("/oversyn").text
    assert "Inget att göra just nu." in page.get("/oversyn").text
    assert page.post("/oversyn", ar=year, resultat="Igen").status_code == 422
    assert surf("gataregistrator").get("/oversyn").status_code == 403


def test_a_small_thing_is_ended_in_one_step_on_the_page(house, surf, case) -> None:
    page = surf("handlaggare")
    assert "Löst: avsluta i ett steg" in page.get(f"/arenden/{case.id}").text
    assert step(page, house, case, "snabbt", hur="").status_code == 422
    assert step(page, house, case, "snabbt", hur="Bytte lampan på plats.").status_code == 303
    assert house.case(case.id).status is CaseStatus.CLOSED


def test_hallmarks_are_ticked_and_only_the_profiles_own(house, surf, case) -> None:
    page = surf("handlaggare")
    assert step(page, house, case, "kannetecken", kannetecken="Kompetens").status_code == 303
    assert 'value="Kompetens" checked' in page.get(f"/arenden/{case.id}").text
    step(page, house, case, "kannetecken", kannetecken="Hemligt")
    with house.store.read() as tx:
        assert list(tx.hallmarks(case.id)) == []


@pytest.mark.parametrize(("choice", "status"), [("lyft", CaseStatus.ESCALATED), ("nej", CaseStatus.REOPENED)])
def test_the_page_asks_what_to_do_about_an_unhappy_reply(house, surf, case, choice: str, status: CaseStatus) -> None:
    page = surf("handlaggare")
    assert step(page, house, case, "muntligt-svar", utfall="acted", hur="Ringde i dag.").status_code == 303
    made = h.suggestion("Jag är inte nöjd.", h.Area.GATA_PARK, 0.9)
    house.letter("Sv", "Jag är inte nöjd.", made, in_reply_to="<1@mejl.example>")
    shown = page.get(f"/arenden/{case.id}").text
    assert "Avsändaren verkar inte nöjd." in shown
    assert step(page, house, case, "onojd", gor=choice).status_code == 303
    assert house.case(case.id).status is status
    assert "Avsändaren verkar inte nöjd.</strong>" not in page.get(f"/arenden/{case.id}").text
    assert step(page, house, case, "onojd", gor="lyft").status_code == 422


def test_who_has_left_is_offered_in_no_list(house, surf, case) -> None:
    """The last day is past; the account stays open until somebody closes it."""
    given(house, case)
    school = routed(house, h.school(house))
    lists = [("chef", f"/arenden/{case.id}"), ("registrator", f"/arenden/{school.id}"), ("handlaggare", "/borta")]
    offered = [surf(who).get(path).text for who, path in lists]
    assert all('<option value="siv"' in text for text in offered)
    with house.store.begin() as tx:
        tx.add_user(replace(SIV, last_day=local_day(house.clock()) - timedelta(days=1)))
    offered = [surf(who).get(path).text for who, path in lists]
    assert not any('<option value="siv"' in text for text in offered)
    answer = step(surf("registrator"), house, school, "lasare", person="siv", skal="Skolskjutsen berörs.")
    assert (answer.status_code, "arbetar inte här längre" in answer.text) == (422, True)


def test_a_substitution_with_who_has_left_says_the_name(house, surf, case) -> None:
    page = surf("handlaggare")
    page.post("/borta", ersattare="siv", forsta=today(house), sista=today(house))
    with house.store.begin() as tx:
        tx.add_user(replace(SIV, active=False))
    assert "Siv Ros ersätter Maja Ek" in page.get("/borta").text
