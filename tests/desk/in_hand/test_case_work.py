"""A case in a unit's hands: every step on the page, and what is said where a step is not possible."""

import re
from dataclasses import replace
from datetime import date

import pytest

from cases.case import CaseStatus, Outcome
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import Deadline, PromiseKind, rule_words
from cases.routing.flags import FlagKind, active_kinds
from cases.steps.working.work import assign
from desk import filters
from desk.views.overview import lists
from tests.desk import house as h
from tests.desk.in_hand.test_refused import marked
from tests.desk.steps import routed, step

DAY = date(2026, 12, 1)


@pytest.fixture
def case(house):
    return routed(house, h.lamp(house))


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (Deadline(PromiseKind.ANSWER, DAY, "R4"), "Rutinen: svar inom tre arbetsdagar (R4)"),
        (Deadline(PromiseKind.STATUS, DAY, "O24"), "Rutinen: besked om läget inom tio dagar (O24)"),
        (Deadline(PromiseKind.ANSWER, DAY, "R5"), "Rutinen: avsändaren har fått veta den nya dagen (R5)"),
        (Deadline(PromiseKind.ANSWER, DAY, "gammal"), "Regel i rutinen: gammal"),
        (Deadline(PromiseKind.ANSWER, DAY), ""),
    ],
)
def test_a_rule_is_said_in_words(deadline: Deadline, words: str) -> None:
    assert rule_words(deadline, h.PROMISES) == words


def test_the_case_page_says_what_the_rule_asks(surf, case) -> None:
    text = surf("handlaggare").get(f"/arenden/{case.id}").text
    assert "Rutinen: svar inom tre arbetsdagar (R4)" in text
    assert "Regel: R4" not in text


def test_a_case_from_hand_to_hand_until_it_is_closed(house, surf, case) -> None:
    chef, worker = surf("chef"), surf("handlaggare")
    given = chef.follow(step(chef, house, case, "tilldela", person="handlaggare"))
    assert "Ärendet är tilldelat Maja Ek." in given.text
    assert "Släckt gatlykta" in worker.get("/mina").text
    assert step(worker, house, case, "ta").status_code == 303
    assert house.case(case.id).status is CaseStatus.IN_PROGRESS
    # What is one's own is given to a colleague, and not what is a colleague's.
    assert "Lämna över till en kollega" in worker.get(f"/arenden/{case.id}").text
    assert step(worker, house, case, "tilldela", person="chef").status_code == 303
    assert house.case(case.id).assignee_id == "chef"
    assert step(worker, house, case, "tilldela", person="handlaggare").status_code == 403
    assert step(chef, house, case, "tilldela", person="handlaggare").status_code == 303
    assert step(worker, house, case, "ta").status_code == 303
    assert step(worker, house, case, "anteckna", text="Ringt elfirman.").status_code == 303
    # Its sender waits for an answer: a press on *Avsluta* alone does not leave them without one.
    refused = step(worker, house, case, "avsluta", form="avsluta", larande="Byt lampor.")
    assert refused.status_code == 422
    assert marked(refused.text)[0] == "a-skal"
    assert "Byt lampor." in refused.text
    told = {"utfall": "acted", "hur": "Ringde Berit Alm den 26 november."}
    assert step(worker, house, case, "muntligt-svar", **told).status_code == 303
    assert step(worker, house, case, "avsluta", larande="Byt lampor i tid.").status_code == 303
    after = house.case(case.id)
    assert (after.status, after.outcome, after.improvement) == (CaseStatus.CLOSED, Outcome.ACTED, "Byt lampor i tid.")
    text = worker.get(f"/arenden/{case.id}").text
    for words in ("Ringt elfirman.", "Ringde Berit Alm den 26 november.", "Maja Ek", "Avslutat"):
        assert words in text
    assert "inte fått något svar" not in text
    assert step(worker, house, case, "oppna", skal="Släckt igen.").status_code == 303
    assert house.case(case.id).status is CaseStatus.REOPENED


def test_who_has_the_case_already_is_not_asked_to_take_it(house, surf, case) -> None:
    """A case that a chef gave one is received; one that waits for its sender, and is one's own, is gone on with."""
    worker = surf("handlaggare")
    assert ">Ta ärendet<" in worker.get(f"/arenden/{case.id}").text
    with house.store.begin() as tx:
        now = tx.get_case(case.id, SYSTEM)
        assign(tx, case.id, now.version, h.PEOPLE["handlaggare"], h.PEOPLE["chef"], house.office, house.clock())
    said = worker.get(f"/arenden/{case.id}").text
    assert (">Ta emot ärendet<" in said, ">Ta ärendet<" in said) == (True, False)
    step(worker, house, case, "ta")
    assert "ta emot ärendet" not in worker.get(f"/arenden/{case.id}").text.lower()
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), status=CaseStatus.AWAITING_SENDER))
    said = worker.get(f"/arenden/{case.id}").text
    assert (">Fortsätt med ärendet<" in said, ">Ta ärendet<" in said) == (True, False)


def test_inte_min_goes_back_to_the_registrator_with_the_reason(house, surf, case) -> None:
    page = surf("handlaggare")
    step(page, house, case, "ta")
    typed = {"brev": "svar", "f_svar": "Vi byter lampan i morgon.", "version": house.case(case.id).version}
    answer = step(page, house, case, "lamna-tillbaka", skal="Lyktan är Trafikverkets.")
    assert answer.status_code == 303
    # An answer that was being written meanwhile is told what happened, and kept.
    late = page.post(f"/arenden/{case.id}/svara", **typed, gor="visa")
    assert late.status_code == 409
    assert "Lyktan är Trafikverkets." in late.text and typed["f_svar"] in late.text
    assert "Tillbaka för ny fördelning" in surf("registrator").get("/att-fordela").text
    assert "Lyktan är Trafikverkets." in surf("registrator").get(f"/arenden/{case.id}").text


def test_an_unhappy_sender_is_lifted_to_the_chef(house, surf, case) -> None:
    step(surf("handlaggare"), house, case, "ta")
    refused = step(surf("handlaggare"), house, case, "lyft", skal="")
    assert refused.status_code == 422
    assert "Skriv varför ärendet lyfts till chefen." in refused.text
    assert step(surf("handlaggare"), house, case, "lyft", skal="Avsändaren är missnöjd.").status_code == 303
    chef = surf("chef")
    text = chef.get("/chef").text
    assert text.index("Lyfta till dig") < text.index("Släckt gatlykta")
    assert 'id="gor-lyft"' not in chef.get(f"/arenden/{case.id}").text, "it is lifted already"


def test_the_units_own_chef_takes_a_case_over_and_lifts_it_to_nobody(house, surf, case) -> None:
    """It was offered to lift it to themself, and they got a mail that they had."""
    with house.store.begin() as tx:
        tx.add_user(replace(h.PEOPLE["chef"], email="Gustav@ekdala.example"))
    page = surf("chef")
    shown = page.get(f"/arenden/{case.id}").text
    assert "Ta över som chef" in shown and "Lyft till chef" not in shown
    assert "Skriv varför du tar över ärendet." in step(page, house, case, "lyft", skal="").text
    assert "Du har tagit över ärendet." in page.follow(step(page, house, case, "lyft", skal="Jag ringer själv.")).text
    with house.store.read() as tx:
        left = {one.letter.kind for one in tx.letters_of(case.id)}
    assert LetterKind.ESKALERAD in left and LetterKind.TILL_CHEF not in left


def test_only_those_of_the_unit_are_given_the_case(house, surf, case) -> None:
    answer = step(surf("chef"), house, case, "tilldela", person="skolhandlaggare")
    assert answer.status_code == 422
    assert "arbetar inte i ärendets enhet" in answer.text
    assert step(surf("chef"), house, case, "tilldela", person="ingen").status_code == 422


def test_a_handlaggare_raises_a_flag_but_clears_none(house, surf, case) -> None:
    worker = surf("handlaggare")
    step(worker, house, case, "ta")
    assert step(worker, house, case, "markera", flagga=["barn"]).status_code == 303
    assert active_kinds(house.case(case.id).flags) == {FlagKind.BARN}
    assert step(worker, house, case, "markera", skal="Inget barn.").status_code == 422
    assert step(surf("chef"), house, case, "markera", skal="").status_code == 422
    assert step(surf("chef"), house, case, "markera", skal="Inget barn nämns.").status_code == 303
    assert not active_kinds(house.case(case.id).flags)


def test_a_refused_step_keeps_what_was_chosen(house, surf, case) -> None:
    chef = surf("chef")
    step(chef, house, case, "markera", flagga=["barn", "hot_vald"])
    refused = step(chef, house, case, "markera", flagga=["hot_vald"], form="markera").text
    boxes = re.findall(r'name="flagga" value="(\w+)" id="s-\w+"( checked)?', refused)
    assert [kind for kind, on in boxes if on] == ["hot_vald"], "the flag that was cleared is not ticked again"
    refused = step(chef, house, case, "tilldela", person="gataregistrator", form="tilldela").text
    assert '<option value="gataregistrator" selected>' not in refused, "one who is not in the list"
    refused = step(chef, house, case, "lasare", person="skolhandlaggare", skal="", form="lasare").text
    assert '<option value="skolhandlaggare" selected>' in refused
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), registry_number=""))
    refused = step(chef, house, case, "avsluta", utfall="no_action", form="avsluta")
    assert (refused.status_code, '<option value="no_action" selected>' in refused.text) == (422, True)


def test_a_case_that_turns_secret_at_work_is_entered_in_the_diary_and_can_be_closed(house, surf, case) -> None:
    worker = surf("handlaggare")
    step(worker, house, case, "ta")
    assert not house.case(case.id).registry_number
    assert step(worker, house, case, "markera", flagga=["osl_25_halsa"]).status_code == 303
    after = house.case(case.id)
    assert (after.status, after.registry_number) == (CaseStatus.IN_PROGRESS, "KS 2026/1")
    assert step(surf("chef"), house, case, "markera", flagga=["barn"], skal="Inget om hälsa.").status_code == 303
    assert house.case(case.id).registry_number == "KS 2026/1", "once is enough"
    assert step(worker, house, case, "avsluta", utfall="answered").status_code == 303
    assert house.case(case.id).status is CaseStatus.CLOSED


def test_a_secret_case_on_a_special_track_stands_in_the_diary_too(house, surf) -> None:
    case, page = h.school(house), surf("registrator")
    fields = {"enhet": "skola", "typ": "klagomal", "ordning": "Kränkande behandling", "beslut": "special_track"}
    assert step(page, house, case, "fordela", flagga=["osl_23_skola"], **fields).status_code == 303
    after = house.case(case.id)
    assert (after.status, after.registry_number) == (CaseStatus.SPECIAL_TRACK, "KS 2026/1")


def test_a_long_thread_has_a_way_to_its_end_and_to_what_can_be_done(house, surf, case) -> None:
    page = surf("handlaggare")
    text = page.get(f"/arenden/{case.id}").text
    assert 'href="#att-gora"' in text
    assert 'id="att-gora"' in text
    assert "Till det senaste av" not in text, "a short one is seen whole"
    for n in range(4):
        house.letter(f"Re: [{case.number}]", f"Påminnelse {n}", None)
    text = page.get(f"/arenden/{case.id}").text
    (end,) = re.findall(r'href="#([\w-]+)">Till det senaste av \d+ brev', text)
    assert re.findall(r'<li class="brevkort[^"]*" id="([\w-]+)"', text)[-1] == end


def test_a_held_case_is_released_with_a_reason(house, surf) -> None:
    case = routed(house, h.threat(house))
    text = surf("chef").get(f"/arenden/{case.id}").text
    assert "Ärendet är spärrat." in text
    assert "Har mottagningsbekräftelsen inte gått skickas den genast" in text, "a press that sends says so"
    assert step(surf("chef"), house, case, "hav-sparr", skal="Polisanmält; svar ges.").status_code == 303
    assert house.case(case.id).hold_released


def test_one_more_reader_of_a_protected_case(house, surf) -> None:
    case = routed(house, h.school(house))
    worker = surf("handlaggare")
    assert worker.get(f"/arenden/{case.id}").status_code == 404
    assert step(surf("registrator"), house, case, "lasare", person="handlaggare", skal="").status_code == 422
    form = surf("registrator").get(f"/arenden/{case.id}").text.partition('id="d-person"')[2].partition("</select>")[0]
    assert form.partition("<option")[2].startswith(' value="">'), (
        "nobody is let read for standing first in the alphabet"
    )
    fields = {"person": "handlaggare", "skal": "Skolskjutsen berörs."}
    assert step(surf("registrator"), house, case, "lasare", **fields).status_code == 303
    text = worker.get(f"/arenden/{case.id}").text
    assert "Min son" in text
    assert "Svara</a>" not in text, "a reader reads and notes, and does not work on the case"
    with house.store.read() as tx:
        told = [one for one in tx.letters_of(case.id) if one.letter.kind is LetterKind.BEVAKNING]
    assert [one.recipient for one in told] == [h.PEOPLE["handlaggare"].email], "nobody else finds the case for them"
    assert "Min son" not in told[0].letter.text
    assert step(worker, house, case, "ta").status_code == 403


def test_an_added_reader_is_named_with_the_reason_and_taken_away_again(house, surf) -> None:
    case, registrator, worker = routed(house, h.school(house)), surf("registrator"), surf("handlaggare")
    assert "Tillagda läsare" not in registrator.get(f"/arenden/{case.id}").text
    step(registrator, house, case, "lasare", person="handlaggare", skal="Skolskjutsen berörs.")
    assert "Tillagda läsare (1)" in (text := registrator.get(f"/arenden/{case.id}").text)
    assert "Skolskjutsen berörs." in text
    assert not re.search(r'<select id="d-person".*?value="(admin|granskare|handlaggare)".*?</select>', text, re.DOTALL)
    refused = step(registrator, house, case, "lasare", person="admin", skal="Hen ska felsöka.")
    assert refused.status_code == 422, "an administrator reads no letter (Rulings)"
    assert "Tillagda läsare" not in worker.get(f"/arenden/{case.id}").text, "an added reader adds and takes away nobody"
    assert step(worker, house, case, "lasare/bort", person="handlaggare").status_code == 403
    assert step(registrator, house, case, "lasare/bort", person="handlaggare").status_code == 303
    assert worker.get(f"/arenden/{case.id}").status_code == 404
    assert "Läsare borttagen" in registrator.get(f"/arenden/{case.id}").text
    assert step(registrator, house, case, "lasare/bort", person="handlaggare").status_code == 422


def test_cases_are_linked_by_number_and_only_to_what_one_may_read(house, surf, case) -> None:
    other, secret = routed(house, h.lamp(house)), routed(house, h.school(house))
    worker = surf("handlaggare")
    assert step(worker, house, case, "koppla", nummer=secret.number).status_code == 422
    assert step(worker, house, case, "koppla", nummer="EK-2026-99999").status_code == 422
    assert step(worker, house, case, "koppla", nummer=other.number.lower()).status_code == 303
    assert "kopplingen till" in (said := worker.get(f"/arenden/{case.id}").text) and other.number in said
    # A number mistyped is taken back, and both journals keep both; merged cases are taken apart instead.
    answer = worker.follow(step(worker, house, case, "koppla/bort", annat=other.id))
    assert "Ärendena är inte längre kopplade" in answer.text and "kopplingen till" not in answer.text
    assert f"{case.number}, borttagen" in worker.get(f"/arenden/{other.id}").text
    assert step(worker, house, case, "sla-ihop", nummer=other.number).status_code == 303
    assert "kopplingen till" not in worker.get(f"/arenden/{other.id}").text
    assert "ihopslagna" in step(worker, house, other, "koppla/bort", annat=case.id).text


def test_every_reading_of_a_protected_case_stands_in_the_log(house, surf) -> None:
    case = routed(house, h.school(house))
    page, auditor = surf("registrator"), surf("granskare")
    assert "Ingen har läst" in auditor.get("/laslogg").text
    page.get(f"/arenden/{case.id}")
    page.get(f"/arenden/{case.id}")
    text = auditor.get("/laslogg").text
    assert text.count(case.number) == 2
    assert "Rut Holm" in text
    assert auditor.get(f"/arenden/{case.id}").status_code == 403


def test_a_letter_that_waits_can_be_stopped_and_one_that_failed_sent_again(house, surf, case) -> None:
    page = surf("handlaggare")
    page.get(f"/arenden/{case.id}")
    with house.store.read() as tx:
        entry = next(e for e in tx.letters_of(case.id) if not e.internal)
    assert page.post(f"/arenden/{case.id}/brev/{entry.id}/stoppa").status_code == 303
    assert page.post(f"/arenden/{case.id}/brev/{entry.id}/stoppa").status_code in (303, 422)
    with house.store.read() as tx:
        assert tx.get_entry(entry.id).status is OutboxStatus.CANCELLED
    other = routed(house, h.lamp(house))
    assert page.post(f"/arenden/{other.id}/brev/{entry.id}/igen").status_code == 404


def test_a_protected_address_stands_in_one_place_and_closed(house, surf) -> None:
    made = h.suggestion(h.SECRET, h.Area.KANSLI, 0.6, flags=((FlagKind.SKYDDAD_IDENTITET, "skyddade personuppgifter"),))
    case = house.letter("Adressen", h.SECRET, made, from_name="", from_addr="gomd@post.example")
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    assert text.count("gomd@post.example") == 1
    assert text.index("Visa de skyddade kontaktuppgifterna") < text.index("gomd@post.example")
    for path in ("/att-fordela", "/diarium", "/enheten", "/sok?q=Adressen"):
        assert "gomd@post.example" not in page.get(path).text, path


def test_the_chefs_page_counts_all_and_shows_some_of_each(house, surf) -> None:
    threat = routed(house, h.threat(house))
    for _ in range(16):
        routed(house, h.lamp(house))
    with house.store.begin() as tx:
        tx.add_event(CaseEvent("e1", threat.id, house.clock(), "system", EventKind.CHEF_ASKED, ""))
    text = surf("chef").get("/chef").text
    shown = {"Hot eller våld": 1, "Inte nöjda eller vill nå dig": 1, "Väntar på en handläggare": 17}
    for part, count in shown.items():
        assert f"<strong>{count}</strong> {part}" in text
    assert text.count("Visa alla i Enhetens ärenden") == 1
    # What is hot stood under each of its headings.
    assert text.count(f"/arenden/{threat.id}") == 1
    assert text.count("Utan handläggare") == 1 and "Ett till står högre upp." in text
    assert text.count('href="#del-2"') == 3


def test_a_long_list_is_counted_to_a_limit(house, surf, case, monkeypatch) -> None:
    for module in (lists, filters):
        monkeypatch.setattr(module, "MOST_COUNTED", 1)
    house.clock.pass_minutes(60 * 24)
    newer = routed(house, h.lamp(house))
    page = surf("registrator")
    text = page.get("/diarium?enhet=gata").text
    assert "fler än 1 ärenden" in text
    assert '<a href="?enhet=gata&amp;till=2026-11-26">Visa äldre</a>' in text
    assert page.get("/diarium?enhet=gata&sida=9999").text == text, "nor is the way there by the address"
    older = page.get("/diarium?till=2026-11-26").text
    assert case.number in older
    assert newer.number not in older


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ({"auth": (("dmarc", "fail"),)}, "Avsändaren är inte bekräftad"),
        ({"from_addr": "granne@mejl.example"}, "Från en annan adress än avsändarens"),
    ],
)
def test_a_doubtful_reply_is_marked_by_what_is_in_doubt(surf, house, case, came, said: str) -> None:
    """A forged sender has the very address of the real one."""
    with house.store.read() as tx:
        first = tx.case_file(case.id, SYSTEM).messages[0].message.message_id
    house.letter("Sv", "Ring chefen.", in_reply_to=first, **came)
    shown = surf("registrator").get(f"/arenden/{case.id}").text
    both = ("Avsändaren är inte bekräftad", "Från en annan adress än avsändarens")
    assert [one for one in both if one in shown] == [said]


def test_lists_are_narrowed_to_what_somebody_or_nobody_has(house, surf, case) -> None:
    other = routed(house, h.lamp(house))
    step(surf("handlaggare"), house, case, "ta")
    page = surf("chef")
    for path in ("/enheten", "/diarium", "/diarium.csv"):
        hers, nobodys = page.get(f"{path}?handlaggare=handlaggare").text, page.get(f"{path}?handlaggare=ingen").text
        assert case.number in hers and other.number not in hers, path
        assert other.number in nobodys and case.number not in nobodys, path
    offered = page.get("/enheten").text.partition('name="handlaggare"')[2].partition("</select>")[0]
    ids = re.findall(r'value="(\w*)"', offered)
    assert ids == ["", "ingen", "gataregistrator", "chef", "handlaggare", "registrator"], "by name, none of the school"
    assert 'name="handlaggare"' not in page.get("/mina").text
    assert page.get("/enheten?handlaggare=handlaggare&typ=klagomal").text.count('value="handlaggare" selected') == 1


def test_lists_are_sorted_by_their_columns(house, surf, case) -> None:
    """By plain links, which keep the filter; pages and the spreadsheet keep the order."""
    house.clock.pass_minutes(60 * 24)
    newer = routed(house, h.lamp(house))
    page = surf("registrator")
    text = page.get("/diarium?enhet=gata").text
    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', text) == [
        ("none", "?enhet=gata&amp;sortera=nummer#innehall"),
        ("descending", "?enhet=gata&amp;sortera=inkom#innehall"),
        ("none", "?enhet=gata&amp;sortera=enhet#innehall"),
        ("none", "?enhet=gata&amp;sortera=status#innehall"),
    ]
    for path in ("/diarium", "/diarium.csv", "/enheten"):
        for asked, first, last in (("nummer", case, newer), ("-nummer", newer, case)):
            text = page.get(f"{path}?enhet=gata&sortera={asked}").text
            assert text.index(first.number) < text.index(last.number), (path, asked)
    text = surf("chef").get("/enheten?sortera=-inkom&status=routed").text
    assert 'href="?status=routed&amp;sortera=inkom#innehall" aria-current="true">Inkom' in text, "turned"
    assert '<input type="hidden" name="sortera" value="-inkom">' in text, "a new filter keeps the order"
    assert "sortera=-inkom#innehall" not in text, "an order that no link sorts by"
    unknown = page.get("/diarium?sortera=flagga")
    assert unknown.status_code == 200
    assert 'value="flagga"' not in unknown.text
