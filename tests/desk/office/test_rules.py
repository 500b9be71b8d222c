"""Fördelningsregler: written in the browser, they put a unit first; a person confirms, and no secret leaks by them."""

import html
import re
from dataclasses import replace

import pytest

from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.steps.routing.rules_speak import with_rule
from cases.steps.routing.suggest import record
from cases.steps.routing.suggested import as_suggested
from desk.app import create_app
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app

BODA = "Hej! Tre gatlampor är trasiga på Lingonstigen i Boda. När lagas de?"


def write(page, name="Trasig lampa i Boda", enhet="va", **more):
    page.get("/fordelningsregler")
    typed = {"form": "ny", "namn": name, "enhet": enhet, "ord": "gatlampa, lykta", "platser": "Boda", "pa": "ja"}
    return page.post("/fordelningsregler", **{**typed, **more})


def kept(house):
    with house.store.read() as tx:
        return list(tx.routing_rules())


def change(page, one, **fields):
    page.get("/fordelningsregler")
    old = {"form": one.id, "sedd": one.changed_at.isoformat(), "namn": one.name, "enhet": one.unit_id, "pa": "ja"}
    asked = one.conditions
    lists = {"ord": ", ".join(asked.words), "platser": ", ".join(asked.places)}
    return page.post("/fordelningsregler", **{**old, **lists, **fields})


def letter(house, text=BODA, area=Area.GATA_PARK, sure=0.93, **changes):
    subject = changes.pop("subject", "Mörkt på gatan")
    return house.letter(subject, text, h.suggestion(f"{subject}\n\n{text}", area, sure, **changes))


def rule_of(house, case):
    with house.store.read() as tx:
        return tx.suggestion(case.id).rule


def events(house, case):
    with house.store.read() as tx:
        return [e.text for e in tx.case_file(case.id, SYSTEM).events if e.kind is EventKind.SUGGESTED]


def shown(page, path):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get(path).text)).split())


def test_a_rule_puts_its_unit_first_with_its_reason_and_a_person_confirms_it_by_one_key(house, surf) -> None:
    page = surf("registrator")
    assert "Regeln ”Trasig lampa i Boda” är sparad" in page.follow(write(page)).text
    case = letter(house)
    assert case.unit_id == ""
    assert events(house, case) == ["Modell prov-1.", "Regel: Trasig lampa i Boda. Föreslår Vatten och avfall."]
    assert "Vatten och avfall Regel: Trasig lampa i Boda" in shown(page, "/att-fordela")
    assert case.number in page.get("/att-fordela?enhet=va").text
    assert case.number not in page.get("/att-fordela?enhet=gata").text
    on_page = page.get(f"/arenden/{case.id}").text
    first = re.search(r'name="enhet" id="enhet-1" value="(\w+)"( checked)?', on_page)
    assert first.groups() == ("va", " checked")
    assert "Regel: Trasig lampa i Boda" in on_page
    assert page.post(f"/arenden/{case.id}/bekrafta", version=case.version).status_code == 303
    assert house.case(case.id).unit_id == "va"
    assert "Har träffat ett brev du får läsa. Av 1 fördelade gick 1 dit regeln sa." in shown(page, "/fordelningsregler")


def test_another_letter_is_the_models_as_before(house, surf) -> None:
    write(surf("registrator"))
    case = letter(house, "Lampan i Byn är sönder.")
    assert rule_of(house, case) is None
    assert "Gata och park säker 93 %" in shown(surf("registrator"), "/att-fordela")


def test_what_a_rule_put_first_is_no_word_of_the_models(house, surf) -> None:
    write(surf("registrator"))
    mine, other = letter(house), letter(house, "Ett hål i vägen.")
    page = surf("registrator")
    for case in (mine, other):
        page.get(f"/arenden/{case.id}")
        page.post(f"/arenden/{case.id}/bekrafta", version=house.case(case.id).version)
    assert (house.case(mine.id).unit_id, house.case(other.id).unit_id) == ("va", "gata")
    with house.store.read() as tx:
        assert [one.unit_id for one in tx.routed_cases(house.clock())] == ["gata"]
        assert [one.case_id for one in tx.confirmed_letters(10)] == [other.id]
        assert list(tx.confirmed_cases()) == [other.id]
        later = house.clock().replace(year=2027)
        assert [one.unit_id for one in tx.agreements(SYSTEM, house.clock(), later)] == ["gata"]


def test_a_rule_that_a_person_corrected_is_counted_and_the_correction_learnt(house, surf) -> None:
    page = surf("registrator")
    write(page)
    case = letter(house)
    shown(page, f"/arenden/{case.id}")
    fields = {"enhet": "gata", "typ": "felanmalan", "allvar": "normal", "beslut": "unit", "form": "fordela"}
    assert page.post(f"/arenden/{case.id}/fordela", version=case.version, **fields).status_code == 303
    assert "Av 1 fördelade gick 0 dit regeln sa." in shown(page, "/fordelningsregler")
    with house.store.read() as tx:
        assert [one.unit_id for one in tx.confirmed_letters(10)] == ["gata"]
        assert list(tx.routed_cases(house.clock())) == []


def test_what_a_rule_found_is_marked_in_its_letter(house, surf) -> None:
    write(surf("registrator"))
    text = surf("registrator").get(f"/arenden/{letter(house).id}").text
    assert re.findall(r'<mark class="ord stark">([^<]+)</mark>', text) == ["gatlampor", "Boda"]


def test_a_rules_letter_is_not_among_the_sure_and_may_be_chosen(house, surf) -> None:
    write(surf("registrator"))
    letter(house)
    queue = surf("registrator").get("/att-fordela?valj=sakra").text
    (box,) = re.findall(r'<input type="checkbox" form="flera"[^>]*>', queue)
    assert "checked" not in box
    assert "disabled" not in box


def test_what_was_put_away_speaks_neither_for_a_rule_nor_against_it(house, surf) -> None:
    page = surf("registrator")
    write(page)
    case = letter(house)
    shown(page, f"/arenden/{case.id}")
    fields = {"enhet": "va", "typ": "ovrigt", "allvar": "normal", "beslut": "not_a_case", "form": "fordela"}
    assert page.post(f"/arenden/{case.id}/fordela", version=case.version, orsak="Reklam.", **fields).status_code == 303
    assert "Har träffat ett brev du får läsa. Ändrad" in shown(page, "/fordelningsregler")


def test_the_first_rule_that_hits_wins_and_one_that_is_off_does_not(house, surf, clock) -> None:
    page = surf("registrator")
    write(page, "Först", "va")
    write(page, "Sedan", "skola")
    assert rule_of(house, letter(house)).name == "Först"
    page.get("/fordelningsregler")
    later = kept(house)[1]
    change(page, later, gor="upp")
    assert [one.name for one in kept(house)] == ["Sedan", "Först"]
    assert rule_of(house, letter(house)).name == "Sedan"
    clock.pass_minutes(1)
    change(page, kept(house)[0], pa="")
    assert rule_of(house, letter(house)).name == "Först"
    assert "Av" in shown(page, "/fordelningsregler")


def test_a_rules_hits_are_counted_and_tried_on_what_one_may_read_alone(house, surf) -> None:
    write(surf("registrator"), enhet="hemtjanst", ord="diabetes", platser="")
    text = "Mamma har diabetes och får fel mat."
    secret = letter(house, text, Area.ALDREOMSORG, flags=((FlagKind.HALSA, "diabetes"),))
    with house.store.begin() as tx:
        tx.save_case(replace(house.case(secret.id), authority_id="son"))
    assert rule_of(house, secret) is not None
    page = surf("registrator")
    assert "Har inte träffat något brev du får läsa" in shown(page, "/fordelningsregler")
    (one,) = kept(house)
    assert page.get("/fordelningsregler").text.count('value="prova"') == 2
    found = change(page, one, gor="prova")
    assert "inte träffat något av de 0 senaste breven du får läsa" in found.text
    admin = surf("admin")
    assert "träffat" not in shown(admin, "/fordelningsregler").replace("Hur ofta en regel träffar", "")
    assert 'value="prova"' not in admin.get("/fordelningsregler").text
    assert "Du läser inga brev" in change(admin, one, gor="prova").text
    with house.store.read() as tx:
        assert tx.rule_records(SYSTEM)[one.id].hits == 1
        assert [t.case_id for t in tx.letters_to_try(SYSTEM, 5)] == [secret.id]


def test_trying_shows_the_letters_it_would_have_hit_and_keeps_nothing(house, surf) -> None:
    case, page = letter(house), surf("registrator")
    letter(house, "Ett hål i vägen.", subject="Hål")
    found = write(page, gor="prova")
    assert "träffat 1 av de 2 senaste" in found.text
    assert f"/arenden/{case.id}" in found.text
    assert "Hål" not in found.text
    assert 'value="gatlampa, lykta"' in found.text
    assert kept(house) == []


def test_a_rule_is_tried_on_no_more_than_is_read_in_a_moment(house, surf, monkeypatch) -> None:
    page = surf("registrator")
    for number in range(3):
        letter(house, f"Trasig gatlampa {number} i Boda. {'obegripligt ' * 10}")
    monkeypatch.setattr("desk.views.house.rules._MOST_READ", 400)
    assert "träffat 2 av de 2 senaste" in write(page, gor="prova").text


@pytest.mark.parametrize("who", ["gataregistrator", "handlaggare"])
def test_nobody_else_writes_rules(house, surf, who) -> None:
    page = surf(who)
    page.get("/standardtexter")
    assert "<form" not in page.get("/fordelningsregler").text.partition("<main")[2].partition("</main>")[0]
    assert page.post("/fordelningsregler", form="ny", namn="Min", enhet="gata", ord="lampa").status_code == 403
    assert kept(house) == []


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(house, surf) -> None:
    answer = write(surf("registrator"), ord="", platser="", domaner="skolan")
    assert answer.status_code == 422
    assert "”skolan” är ingen domän" in answer.text
    assert re.search(r'name="domaner"[^>]*value="skolan"[^>]*aria-invalid="true"', answer.text)
    assert "Trasig lampa i Boda" in answer.text
    assert kept(house) == []


def test_a_rule_is_changed_and_taken_away_by_who_saw_it_as_it_is(house, surf, clock) -> None:
    page = surf("admin")
    write(page)
    (one,) = kept(house)
    clock.pass_minutes(5)
    assert change(page, one, ord="lampa").status_code == 303
    (new,) = kept(house)
    assert (new.conditions.words, new.changed_by, new.position) == (("lampa",), "admin", one.position)
    stale = change(page, one, ord="bänk")
    assert stale.status_code == 422 and "Någon annan har ändrat" in stale.text
    assert "borttagen" in page.follow(change(page, new, gor="bort")).text
    assert kept(house) == []
    assert "finns inte längre" in change(page, new, ord="bänk").text


def test_a_rule_whose_unit_is_gone_is_named_and_does_not_act(house, surf) -> None:
    write(surf("registrator"))
    before = letter(house)
    tree = house.office.organisation
    units = {key: unit for key, unit in tree.units.items() if key != "va"}
    house.office = replace(house.office, organisation=replace(tree, units=units, area_units={Area.GATA_PARK: "gata"}))
    assert rule_of(house, letter(house)) is None
    page = Surfer(make_app(house), "registrator")
    assert "Enheten finns inte längre" in page.get("/fordelningsregler").text
    assert "Regel:" not in page.get("/att-fordela").text
    on_page = page.get(f"/arenden/{before.id}").text
    assert 'id="enhet-1" value="gata" checked' in on_page
    assert "Regel:" not in on_page[on_page.index('id="fordela"') : on_page.index('id="bekrafta"')]
    with house.store.read() as tx:
        assert as_suggested(before, house.office, tx.suggestion(before.id)).unit_id == "gata"


def test_a_doubtful_letter_that_a_rule_knows_is_confirmed_like_any_other(house, surf) -> None:
    write(surf("registrator"))
    case, page = letter(house, sure=0.12, doubt="Liknar inget brev."), surf("registrator")
    assert "inget av förslagen ser rätt ut" not in shown(page, "/att-fordela")
    assert re.search(r'value="va" checked', page.get(f"/arenden/{case.id}").text)


class Says:
    """A classifier that always says the same; the desk only asks it."""

    version = "prov-1"

    def suggest(self, subject: str, body: str) -> h.Suggestion:
        return h.suggestion(f"{subject}\n{body}", Area.GATA_PARK, 0.9)


def test_a_call_that_is_written_down_has_its_rule_too(house, surf) -> None:
    write(surf("registrator"))
    app = create_app(
        store=house.store, office=house.office, classifier=Says(), clock=house.clock, settings=h.settings()
    )
    page = Surfer(app, "registrator")
    page.get("/nytt")
    assert "Regel: Trasig lampa i Boda" in page.post("/nytt/forslag", text=BODA).text
    told = {"kanal": "phone", "namn": "Anna Frid", "telefon": "070-000 00 00", "amne": "Lampa", "text": BODA}
    assert "Regel: Trasig lampa i Boda" in page.follow(page.post("/nytt", **told)).text


def test_a_rule_that_hits_once_a_document_is_read_speaks_from_then_on(house, surf) -> None:
    write(surf("registrator"))
    case = letter(house, "Se bifogat brev.")
    with house.store.read() as tx:
        first, rules = tx.case_file(case.id, SYSTEM).messages[0], tx.routing_rules()
    made = with_rule(rules, h.suggestion(BODA, Area.GATA_PARK, 0.9), first.message, house.office)
    with house.store.begin() as tx:
        again = record(tx, case.id, first.id, made, house.office, house.clock())
    assert again.version > case.version
    assert events(house, case)[-1] == "Regel: Trasig lampa i Boda. Föreslår Vatten och avfall."
    assert "Regel: Trasig lampa i Boda" in shown(surf("registrator"), "/att-fordela")
    with house.store.begin() as tx:
        record(tx, case.id, first.id, replace(made, rule=None), house.office, house.clock())
    assert "Regel:" not in surf("registrator").get("/att-fordela").text


def test_gallring_takes_which_rule_spoke_and_leaves_that_one_did(house, surf) -> None:
    page = surf("registrator")
    write(page)
    case = letter(house)
    shown(page, f"/arenden/{case.id}")
    page.post(f"/arenden/{case.id}/bekrafta", version=case.version)
    (one,) = kept(house)
    with house.store.begin() as tx:
        assert tx.rule_records(SYSTEM)[one.id].followed == 1
        tx.erase_case(case.id, "t" * 26, house.clock())
    with house.store.read() as tx:
        assert one.id not in tx.rule_records(SYSTEM)
        assert list(tx.agreements(SYSTEM, house.clock(), house.clock().replace(year=2027))) == []
