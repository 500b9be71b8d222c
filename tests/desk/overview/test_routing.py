"""From the queue to a unit: confirm, correct, several at once, and two registrators at the same letter."""

import re
from dataclasses import replace

from cases.case import CaseStatus
from cases.letters.letter import LetterKind, OutboxStatus
from cases.office import LetterRules
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind, active_kinds
from desk.views.overview import queue
from tests.desk import house as h
from tests.desk.steps import step


def version_in(text: str) -> str:
    return re.search(r'name="version" value="(\d+)"', text)[1]


def test_the_queue_shows_what_a_registrator_needs_to_decide(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    text = surf("registrator").get("/att-fordela").text
    for words in ("Släckt gatlykta", "Berit Alm", "Gata och park", "säker", "93 %", "Felanmälan", "om 3 arbetsdagar"):
        assert words in text
    for words in ("Grundskolan", "trolig", "64 %", "Elev eller förskolebarn", "Allvarligt"):
        assert words in text
    assert "<title>(2) Att fördela" in text
    assert text.index("Min son") < text.index("Släckt gatlykta"), "the oldest promise stands first"


def test_the_queue_says_how_many_letters_have_no_mail_of_their_own(house, surf) -> None:
    house.office = replace(house.office, letters=LetterRules(notices_per_sender=1))
    cases = [h.lamp(house) for _ in range(3)]
    page = surf("registrator")
    assert "Därför samlas mejlen om två ärenden i ett." in page.get("/att-fordela").text
    page.post(f"/arenden/{cases[2].id}/bekrafta", version=cases[2].version)
    page.post(f"/arenden/{cases[1].id}/bekrafta", version=cases[1].version)
    assert "samlas" not in page.get("/att-fordela/lista").text


def test_a_senders_flood_is_looked_at_and_put_away_by_itself(house, surf, monkeypatch) -> None:
    """A page of the queue holds thirty letters, which were ticked one by one."""
    monkeypatch.setattr(queue, "_PAGE", 3)
    flood = [h.lamp(house) for _ in range(5)]
    other, secret = h.lamp(house, from_addr="annan@mejl.example"), h.school(house)
    page = surf("registrator")
    link = re.search(r'href="(\?avsandare=[^"]+)">fem brev från samma avsändare', page.get("/att-fordela").text)[1]
    text = page.get(f"/att-fordela{link}&valj=alla").text
    assert "mejl.example" not in link
    ticked = re.findall(r'name="val" value="([^"]+)" id="[^"]+" checked', text)
    assert {one.partition(":")[0] for one in ticked} == {one.id for one in flood}
    done = page.follow(
        page.post("/flera", val=ticked, sida="/att-fordela", gor="inget", orsak="Samma brev fem gånger.")
    )
    offered = re.findall(r'name="val" value="([^":]+):\d+" checked', done.text)
    assert sorted(offered) == sorted(one.id for one in flood), "all that were decided at once are taken back at once"
    assert {house.case(one.id).status for one in flood} == {CaseStatus.NOT_A_CASE}
    assert house.case(other.id).status is CaseStatus.SUGGESTED
    for unknown in ("finns-inte", flood[0].id[:-1]):
        assert "om avsändare i adressen går inte att förstå" in page.get(f"/att-fordela?avsandare={unknown}").text
    hidden = surf("gataregistrator").get(f"/att-fordela?avsandare={secret.id}").text
    assert "om avsändare i adressen" in hidden, "whose sender one may not know narrows nothing"
    assert f'id="v-{secret.id}" checked' not in page.get(f"/att-fordela?avsandare={secret.id}&valj=alla").text


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


def undone(page, house, *cases):
    """Take these routings back, as they stand."""
    return page.post("/att-fordela/angra", val=[f"{one.id}:{house.case(one.id).version}" for one in cases])


def test_a_confirmation_pressed_by_mistake_is_taken_back(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get("/att-fordela")
    text = page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=case.version)).text
    assert f"Blev det fel med {case.number}?" in text
    with house.store.begin() as tx:
        (told,) = (e for e in tx.letters_of(case.id) if e.letter.kind is LetterKind.TILL_ENHETSREGISTRATOR)
        tx.update_entry(replace(told, status=OutboxStatus.SENT))
    page_text = page.follow(undone(page, house, case)).text
    assert f"Ärende {case.number} är tillbaka i kön. Enheten har redan fått ett mejl om det." in page_text
    assert "Blev det fel" not in page_text
    after = house.case(case.id)
    assert (after.status, after.unit_id) == (CaseStatus.SUGGESTED, "")
    with house.store.read() as tx:
        letters = {e.letter.kind: e.status for e in tx.letters_of(case.id)}
    assert letters.pop(LetterKind.TILL_ENHETSREGISTRATOR) is OutboxStatus.SENT
    assert letters.pop(LetterKind.MOTTAGNING, OutboxStatus.QUEUED) is OutboxStatus.QUEUED, "it names no unit"
    assert set(letters.values()) == {OutboxStatus.CANCELLED}
    page.follow(page.post(f"/arenden/{case.id}/bekrafta", version=after.version))
    assert house.case(case.id).unit_id == "gata"


def test_several_confirmed_by_mistake_are_taken_back_together(house, surf) -> None:
    cases = [h.lamp(house, from_addr=f"{name}@post.example") for name in ("nils", "eva", "bo")]
    page = surf("registrator")
    page.get("/att-fordela")
    ticked = [f"{one.id}:{one.version}" for one in cases]
    text = page.follow(page.post("/att-fordela/bekrafta", val=ticked)).text
    assert all(f'value="{one.id}:{house.case(one.id).version}" checked' in text for one in cases)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(cases[2].id, SYSTEM), assignee_id="handlaggare"))
    text = page.follow(undone(page, house, *cases)).text
    assert "Två ärenden är tillbaka i kön." in text
    assert "Fördelningen går inte att ångra längre" in text, "one that moved on stops no other"
    assert [house.case(one.id).status for one in cases] == [
        CaseStatus.SUGGESTED,
        CaseStatus.SUGGESTED,
        CaseStatus.ROUTED,
    ]


def test_what_was_decided_on_the_page_of_the_case_is_taken_back_too(house, surf) -> None:
    page = surf("registrator")
    fields = {"enhet": "gata", "typ": "felanmalan", "ordning": "Överklagande", "orsak": "Reklam."}
    for choice in ("unit", "special_track", "not_a_case"):
        case = h.lamp(house, from_addr=f"{choice}@post.example")
        page.get(f"/arenden/{case.id}")
        answer = page.post(f"/arenden/{case.id}/fordela", version=house.case(case.id).version, beslut=choice, **fields)
        assert f"Blev det fel med {case.number}?" in page.follow(answer).text
        assert undone(page, house, case).status_code == 303
        assert (house.case(case.id).status, house.case(case.id).unit_id) == (CaseStatus.SUGGESTED, "")


def test_a_protected_case_given_to_another_authority_by_mistake_comes_back_to_where_it_was(house, surf) -> None:
    """Who gave it away may not read it any more, and could only ring them."""
    case, page = h.school(house), surf("registrator")
    page.get(f"/arenden/{case.id}")
    fields = {"beslut": "unit", "enhet": "hemtjanst", "typ": "klagomal", "flagga": [FlagKind.SKOLA]}
    answer = page.post(f"/arenden/{case.id}/fordela", version=case.version, **fields)
    assert house.case(case.id).authority_id == "son"
    assert page.get(f"/arenden/{case.id}").status_code == 404
    assert f"Blev det fel med {case.number}?" in page.follow(answer).text
    assert undone(page, house, case).status_code == 303
    assert house.case(case.id).authority_id == "ks"
    assert page.get(f"/arenden/{case.id}").status_code == 200


def test_a_colleagues_look_at_the_case_leaves_the_line_as_good_as_it_was(house, surf) -> None:
    case, page = h.lamp(house), surf("registrator")
    page.get("/att-fordela")
    surf("registrator").get(f"/arenden/{case.id}")
    assert house.case(case.id).opened_at == h.NOW
    assert page.post(f"/arenden/{case.id}/bekrafta", version=case.version).status_code == 303
    assert house.case(case.id).unit_id == "gata"


def test_nobody_takes_back_what_is_a_colleagues_or_old_or_begun_on(house, surf, clock) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    page.get("/att-fordela")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    done = house.case(case.id)
    offer = f"/att-fordela?angra={case.id}"
    other = surf("gataregistrator")
    assert "Blev det fel" not in other.get(offer).text
    assert undone(other, house, case).status_code == 403
    stranger = surf("vissel")
    assert "Blev det fel" not in stranger.get(offer).text
    assert undone(stranger, house, case).status_code == 404
    with house.store.begin() as tx:
        begun = tx.save_case(replace(done, status=CaseStatus.ASSIGNED, assignee_id="handlaggare"))
    assert "Blev det fel" not in page.get(offer).text
    assert undone(page, house, case).status_code == 403
    with house.store.begin() as tx:
        tx.save_case(replace(begun, status=CaseStatus.ROUTED, assignee_id=""))
    assert "Blev det fel" in page.get(offer).text
    clock.pass_minutes(11)
    assert "Blev det fel" not in page.get(offer).text
    assert "Blev det fel" not in page.get("/att-fordela?angra=finns-inte").text


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


def test_filters_narrow_the_queue_and_come_back_after_a_confirmation(house, surf) -> None:
    case = h.lamp(house)
    h.school(house)
    page = surf("registrator")
    text = page.get("/att-fordela?skyddat=nej&typ=felanmalan").text
    assert "Släckt gatlykta" in text
    assert "Min son" not in text
    answer = page.post(f"/arenden/{case.id}/bekrafta", version=case.version, fraga="typ=felanmalan&skyddat=nej")
    assert answer.headers["location"] == f"/att-fordela?typ=felanmalan&skyddat=nej&angra={case.id}#innehall"


def test_the_queue_is_narrowed_to_a_suggested_unit(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    page = surf("registrator")
    assert 'for="enhet">Föreslagen enhet' in page.get("/att-fordela").text
    text = page.get("/att-fordela?enhet=gata").text
    assert "Släckt gatlykta" in text
    assert "Min son" not in text
    assert "<title>(1) Att fördela" in text
    assert '<option value="gata" selected>' in text
    text = page.get("/att-fordela?enhet=skola").text
    assert "Släckt gatlykta" not in text
    assert "Min son" in text
    assert "Det som står om enhet i adressen går inte att förstå." in page.get("/att-fordela?enhet=finns-inte").text


def test_a_secret_on_its_way_to_another_authority_is_said_to_be_so(house, surf) -> None:
    text = "Min mamma med hemtjänst har fått fel medicin."
    flags = ((FlagKind.SOCIALTJANST, "hemtjänst"),)
    case = house.letter("Mamma", text, h.suggestion(text, h.Area.ALDREOMSORG, 0.9, flags=flags))
    h.lamp(house)
    page = surf("registrator")
    assert page.get("/att-fordela").text.count("Lämnas till en annan myndighet: Socialnämnden") == 1
    text = page.get(f"/arenden/{case.id}").text
    assert "Annan myndighet: Socialnämnden" in text
    assert "OSL 8 kap. 1 §" in text


def test_no_filter_selects_people_by_a_kind_of_flag(house, surf) -> None:
    h.lamp(house)
    h.school(house)
    page = surf("registrator")
    everything = page.get("/att-fordela").text.count('class="brev ')
    for name in ("flagga", "flag", "kind", "sekretess"):
        assert page.get(f"/att-fordela?{name}=osl_23_skola").text.count('class="brev ') == everything


def test_the_list_alone_holds_new_letters(house, surf) -> None:
    page = surf("registrator")
    assert "Kön är tom" in page.get("/att-fordela/lista").text
    h.lamp(house)
    text = page.get("/att-fordela/lista").text
    assert "Släckt gatlykta" in text
    assert "<html" not in text


def test_a_full_page_of_the_queue_weighs_little_with_everything(house, surf) -> None:
    for _ in range(31):
        h.lamp(house)
    page = surf("registrator")
    text = page.get("/att-fordela").text
    assert text.count('class="brev"') == 30
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text))
    assert len(assets) == 4
    assert len(text.encode()) + sum(len(page.client.get(path).content) for path in assets) < 150_000
    assert "Sida 1 av 2" in text


def test_who_empties_the_last_page_is_on_the_one_before_it(house, surf) -> None:
    for _ in range(31):
        h.lamp(house)
    page = surf("registrator")
    text = page.get("/att-fordela?sida=2").text
    (link,) = re.findall(r'href="/arenden/(\w+)"', text)
    done = page.post(f"/arenden/{link}/bekrafta", version=house.case(link).version, fraga="sida=2")
    text = page.follow(done).text
    assert text.count('class="brev"') == 30
    assert "Kön är tom" not in text, "thirty letters wait"
    assert 'data-hamta="/att-fordela/lista?"' in text
    assert page.get("/diarium?sida=9").text.count('class="nummer"') == 31
