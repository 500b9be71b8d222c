"""From the queue to a unit: confirm, correct, several at once, and two registrators at the same letter."""

import re
from dataclasses import replace

from cases.case import CaseStatus
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind, active_kinds
from tests.desk import house as h
from tests.desk.steps import step


def version_in(text: str) -> str:
    return re.search(r'name="version" value="(\d+)"', text)[1]


def test_one_press_confirms_the_suggestion(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    version = version_in(page.get("/att-fordela").text)
    text = page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=version)).text
    assert f"Ärende {case.number} är fördelat till Gata och park." in text
    assert "Kön är tom" in text
    after = house.case(case.id)
    assert (after.status, after.unit_id) == (CaseStatus.ROUTED, "gata")
    assert after.register_subject == "Felanmälan – gata, trafik och park"
    with house.store.read() as tx:
        kinds = [entry.letter.kind for entry in tx.letters_of(case.id)]
        decision = tx.case_file(case.id, SYSTEM).decisions[0]
    assert LetterKind.VIDAREBEFORDRAD in kinds
    assert (decision.decided_by, decision.agreed) == ("registrator", True)


def test_a_colleagues_look_at_the_case_leaves_the_line_as_good_as_it_was(house, surf) -> None:
    case, page = h.lamp(house), surf("registrator")
    page.get("/att-fordela")
    surf("registrator").get(f"/arenden/{case.id}")
    assert house.case(case.id).opened_at == h.NOW
    assert page.post(f"/arenden/{case.id}/bekrafta", version=case.version).status_code == 303
    assert house.case(case.id).unit_id == "gata"


def test_a_confirmed_flag_stays_and_the_case_is_in_the_diary(house, surf) -> None:
    case = h.school(house)
    page = surf("registrator")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    after = house.case(case.id)
    assert active_kinds(after.flags) == {FlagKind.SKOLA, FlagKind.ANSTALLD_UTPEKAD}
    assert after.registry_number == "KS 2026/1"


def test_two_registrators_never_overwrite_each_other(house, surf, monkeypatch) -> None:
    rita = replace(h.PEOPLE["registrator"], id="rita", name="Rita Lind", email="rita@ekdala.example")
    monkeypatch.setitem(h.PEOPLE, "rita", rita)
    with house.store.begin() as tx:
        tx.add_user(rita)
    case = h.lamp(house)
    first, second = surf("registrator"), surf("rita")
    for page in (first, second):
        page.get("/att-fordela")
    assert first.post(f"/arenden/{case.id}/bekrafta", version=case.version).status_code == 303
    answer = second.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    assert answer.status_code == 409
    assert "Någon hann före" in answer.text
    assert "Rut Holm" in answer.text, "the page says who did what meanwhile"
    assert house.case(case.id).unit_id == "gata"


def test_a_confirmation_sent_twice_says_the_second_time_that_it_is_done(house, surf) -> None:
    case, other = h.lamp(house), h.lamp(house, from_addr="nils@post.example")
    page = surf("registrator")
    for _ in range(2):
        page.get("/att-fordela")
        text = page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=case.version)).text
        assert f"Ärende {case.number} är fördelat till Gata och park." in text
    ticked = [f"{one.id}:{one.version}" for one in (case, other)]
    for _ in range(2):
        text = page.follow(page.post("/att-fordela/bekrafta", val=ticked)).text
        assert "Två ärenden fördelades." in text
        assert "ändrats" not in text
    text = page.follow(page.post("/att-fordela/bekrafta")).text
    assert "Inget brev är valt. Bocka för dem som ska bekräftas." in text


def test_a_confirmation_from_an_old_page_is_not_taken_for_one_that_was_undone(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    assert step(page, house, case, "lamna-tillbaka", skal="Vägen är Trafikverkets.").status_code == 303
    answer = page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    assert answer.status_code == 409
    assert "Du har redan ändrat ärendet" in answer.text
    assert "Någon hann före" not in answer.text


def test_the_unit_that_said_no_is_not_suggested_again(house, surf) -> None:
    case, page = h.lamp(house), surf("registrator")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    step(page, house, case, "lamna-tillbaka", skal="Vägen är Trafikverkets.")
    version = house.case(case.id).version
    queue = page.get("/att-fordela?valj=sakra").text
    assert "Tillbaka för ny fördelning från Gata och park" in queue
    assert f"/arenden/{case.id}/bekrafta" not in queue, "no key confirms what has to be read"
    assert not re.search(rf'id="v-{case.id}" checked', queue)
    assert re.search(rf'id="v-{case.id}" disabled', queue)
    assert page.post(f"/arenden/{case.id}/bekrafta", version=version).status_code == 403
    several = page.follow(page.post("/att-fordela/bekrafta", val=[f"{case.id}:{version}"])).text
    assert f"Ärende {case.number} kom tillbaka från en enhet." in several
    text = page.get(f"/arenden/{case.id}").text
    named = re.findall(r' id="([^"]+)"', text)
    assert len(named) == len(set(named)), "what can be done stands there once"
    offered = re.findall(r'<input type="radio" name="enhet" id="enhet-\d" value="(\w+)"( checked)?', text)
    assert offered
    assert "gata" not in dict(offered)
    assert not any(ticked for _, ticked in offered), "what is left of the suggestions was unlikely from the start"
    assert page.post(f"/arenden/{case.id}/fordela", version=version, beslut="unit", typ="felanmalan").status_code == 422
    assert (
        "Tillbaka för ny fördelning: Vägen är Trafikverkets." in text.partition('id="fordela"')[2].partition("Typ")[0]
    )
    fields = {"beslut": "unit", "enhet": offered[0][0], "annan_enhet": "gata", "typ": "felanmalan"}
    assert page.post(f"/arenden/{case.id}/fordela", version=version, **fields).status_code == 303
    assert house.case(case.id).unit_id == "gata", "who knows better chooses it all the same"


def test_a_correction_that_came_too_late_keeps_what_was_typed_and_can_be_sent_again(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get(f"/arenden/{case.id}")
    stale = house.case(case.id).version
    fields = {"beslut": "not_a_case", "enhet": "gata", "typ": "ovrigt", "orsak": "Det här är reklam för lampor."}
    other = surf("registrator")
    other.get(f"/arenden/{case.id}")
    with house.store.begin() as tx:
        tx.save_case(tx.get_case(case.id, SYSTEM))
    answer = page.post(f"/arenden/{case.id}/fordela", version=stale, **fields)
    assert answer.status_code == 409
    assert "Det här är reklam för lampor." in answer.text
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))
    assert page.client.post(f"/arenden/{case.id}/fordela", data=again).status_code == 303
    assert house.case(case.id).status is CaseStatus.NOT_A_CASE


def test_a_correction_changes_unit_type_flags_and_subject(house, surf) -> None:
    case = h.school(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    assert "Min son i klass 4B på Ekskolan" in text
    assert 'id="stalle-osl_23_skola"' in text
    answer = page.post(
        f"/arenden/{case.id}/fordela",
        version=version_in(text.split('id="fordela"')[1]),
        beslut="unit",
        enhet="skola",
        annan_enhet="va",
        typ="fraga",
        allvar="lag",
        rubrik="Fråga om vatten",
        flagga=["personnummer", "osl_23_skola"],
    )
    assert answer.status_code == 303
    after = house.case(case.id)
    assert (after.unit_id, after.type.value, after.severity.value) == ("va", "fraga", "lag")
    assert active_kinds(after.flags) == {FlagKind.PERSONNUMMER, FlagKind.SKOLA}
    assert after.register_subject == "Fråga om vatten"


def test_a_special_track_shows_its_instruction(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get(f"/arenden/{case.id}")
    now = house.case(case.id)
    fields = {"enhet": "kansli", "typ": "klagomal", "ordning": "Överklagande", "beslut": "special_track"}
    assert page.post(f"/arenden/{case.id}/fordela", version=now.version, **fields).status_code == 303
    assert "Förvaltningslagen 43–46 §§" in page.get(f"/arenden/{case.id}").text


def test_what_is_refused_comes_back_with_everything_typed(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get(f"/arenden/{case.id}")
    version = house.case(case.id).version
    fields = {"enhet": "va", "typ": "fraga", "rubrik": "Min egen rubrik", "beslut": "not_a_case"}
    answer = page.post(f"/arenden/{case.id}/fordela", version=version, form="fordela", **fields)
    assert answer.status_code == 422
    assert "Skriv varför meddelandet inte blir ett ärende." in answer.text
    assert "Min egen rubrik" in answer.text
    assert house.case(case.id).status is CaseStatus.SUGGESTED


def test_a_refused_form_keeps_its_boxes_as_they_were_left(house, surf) -> None:
    case = h.school(house)
    page = surf("registrator")
    page.get(f"/arenden/{case.id}")
    fields = {"enhet": "skola", "typ": "klagomal", "beslut": "not_a_case", "flagga": ["osl_23_skola", "upphandling"]}
    version = house.case(case.id).version
    answer = page.post(f"/arenden/{case.id}/fordela", version=version, form="fordela", **fields)
    assert answer.status_code == 422
    boxes = re.findall(r'name="flagga" value="(\w+)" id="f-\w+"( checked)?', answer.text)
    assert {kind for kind, on in boxes if on} == {"osl_23_skola", "upphandling"}
    assert re.search(r'<details class="fler" open><summary>Fler markeringar', answer.text), "the ticked one is in sight"


def test_several_sure_ones_are_confirmed_at_once_and_one_that_changed_stops_no_other(house, surf) -> None:
    first, second, third = h.lamp(house), h.lamp(house), h.school(house)
    page = surf("registrator")
    text = page.get("/att-fordela?valj=sakra").text
    assert text.count(" checked") == 2, "a protected and unsure letter is not among the sure"
    chosen = [f"{first.id}:{first.version}", f"{second.id}:{second.version - 1}", f"{third.id}:{third.version}", "x:y"]
    text = page.follow(page.post("/att-fordela/bekrafta", val=chosen)).text
    assert "Två ärenden fördelades." in text
    assert "har ändrats av någon annan" in text
    assert [house.case(c.id).status for c in (first, second)] == [CaseStatus.ROUTED, CaseStatus.SUGGESTED]
