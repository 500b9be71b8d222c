"""A day at the desk in a real browser: with keys alone, without scripts, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from cases.case import CaseStatus
from tests.desk import house as h
from tests.desk.browser.seeing import WIDE, faults
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def test_ten_letters_are_confirmed_with_ten_keys(house, visit) -> None:
    made = [h.lamp(house) for _ in range(10)]
    page = visit("registrator", "/att-fordela")
    for left in range(9, -1, -1):
        page.keyboard.press("c")
        expect(page.locator(".brev")).to_have_count(left)
    assert {house.case(case.id).status for case in made} == {CaseStatus.ROUTED}
    expect(page.get_by_text("Kön är tom")).to_be_visible()
    expect(page.get_by_role("button", name="Bekräfta valda")).to_be_hidden()


def test_who_confirmed_a_letter_sees_what_was_done_and_stands_on_the_next(house, visit) -> None:
    for _ in range(9):
        h.lamp(house)
    page = visit("registrator", "/att-fordela")
    page.keyboard.press("c")
    link = page.locator(".brev-lank").first
    expect(link).to_be_focused()
    expect(link).to_have_accessible_description(re.compile("är fördelat till Gata och park"))
    expect(page.get_by_role("status").first).to_be_in_viewport()
    expect(link).to_be_in_viewport()


def test_who_begins_further_down_the_queue_goes_on_there(house, visit) -> None:
    for _ in range(12):
        h.lamp(house)
    page = visit("registrator", "/att-fordela")
    for _ in range(8):
        page.keyboard.press("j")
    opened, after = (page.locator(".brev").nth(at).get_attribute("id") for at in (8, 9))
    page.keyboard.press("Enter")
    expect(page.locator("#bekrafta")).to_be_visible()
    page.keyboard.press("b")
    link = page.locator(f"#{after} .brev-lank")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    expect(page.get_by_role("status").first).to_be_in_viewport()
    page.keyboard.press("z")
    expect(page.locator(f"#{opened} .brev-lank")).to_be_focused()
    page.goto("/att-fordela")
    expect(page.locator(".brev").first).to_contain_class("vald-rad")


def test_a_case_leads_back_to_the_list_it_was_opened_from_as_that_was_narrowed(house, visit) -> None:
    first, second = h.lamp(house), h.lamp(house)
    page = visit("registrator", "/diarium?typ=felanmalan")
    page.get_by_role("link", name=first.number).click()
    page.get_by_label("Ny anteckning").fill("Ringt.")
    page.get_by_role("button", name="Spara anteckningen").click()
    page.locator("#innehall").get_by_role("link", name="Diarium").click()
    expect(page).to_have_url(re.compile(r"/diarium\?typ=felanmalan$"))
    page.goto("/att-fordela?typ=felanmalan")
    page.locator(f"#b-{second.id} .brev-lank").click()
    page.locator("#innehall").get_by_role("link", name="Att fördela").click()
    expect(page.locator(f"#b-{second.id}")).to_have_class(re.compile("vald-rad"))
    page.locator(f"#b-{second.id} .brev-lank").click()
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(r"/att-fordela\?typ=felanmalan&angra="))


def test_a_question_mark_shows_the_keys_and_escape_leads_back_from_them_and_from_a_field(house, visit) -> None:
    case = routed(house, h.lamp(house))
    h.lamp(house)
    page = visit("registrator", "/att-fordela")
    keys, shown = page.get_by_role("button", name="Tangenter"), page.get_by_role("dialog", name="Tangenter")
    keys.press("Enter")
    expect(shown).to_contain_text("Nästa och föregående brev")
    page.keyboard.press("j")
    expect(page.locator(".brev-lank").first).not_to_be_focused()
    page.keyboard.press("c")
    expect(page.locator(".brev")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(keys).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#snabbsok")).to_be_focused()
    page.keyboard.press("Escape")
    expect(keys).to_be_focused()
    page = visit("handlaggare", f"/arenden/{case.id}")
    page.locator("#svara").focus()
    page.keyboard.press("?")
    shown = page.get_by_role("dialog", name="Tangenter")
    expect(shown.get_by_role("button", name="Stäng")).to_be_focused()
    assert faults(page, "the keys", (WIDE,)) == []
    page.keyboard.press("Escape")
    expect(page.locator("#svara")).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.type("Halvfärdigt? s")
    expect(shown).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#svara")).to_be_focused()
    expect(page.locator("#anteckning")).to_have_value("Halvfärdigt? s")


def test_in_the_readers_own_colours_marks_are_read_and_what_is_chosen_is_seen(house, visit) -> None:
    case = h.lamp(house)
    page = visit("registrator", f"/arenden/{case.id}", forced_colors="active", color_scheme="dark")
    style = "(e) => { const { backgroundColor, color } = getComputedStyle(e); return [backgroundColor, color]; }"
    back, ink = (sum(map(int, re.findall(r"\d+", one)[:3])) for one in page.locator("mark").first.evaluate(style))
    assert back > 400 > ink, "yellow under black, not black on brown"
    outline = "(all) => all.map((e) => getComputedStyle(e).outlineStyle)"
    assert page.locator(".val label").evaluate_all(outline)[:2] == ["solid", "none"]


def test_keys_move_tick_and_open(house, visit) -> None:
    h.lamp(house)
    h.school(house)
    page = visit("registrator", "/att-fordela")
    assert page.locator(".frist").first.text_content() == "Svarstid: om 2 arbetsdagar", "heard, not seen"
    rows = page.locator(".brev")
    expect(rows.nth(0)).to_contain_class("vald-rad")
    page.keyboard.press("j")
    expect(rows.nth(1).locator(".brev-lank")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1).locator("input[type=checkbox]")).to_be_checked()
    page.keyboard.press("g")
    expect(page.get_by_role("heading", level=1)).to_have_text("Valda ärenden")
    page.goto("/att-fordela")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Min son blir slagen")
    page.keyboard.press("2")
    expect(page.locator("#enhet-2")).to_be_checked()
    page.keyboard.press("b")
    expect(page.get_by_role("status")).to_contain_text("är fördelat till")


def test_ticked_letters_are_counted_in_sight_and_confirmed_with_a_key(house, visit) -> None:
    for _ in range(6):
        h.lamp(house)
    page = visit("registrator", "/att-fordela")
    button, rows = page.locator("#flera .knapp").first, page.locator(".brev")
    page.keyboard.press("v")
    expect(button).to_have_text("Bekräfta valda")
    for _ in range(5):
        page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(button).to_have_text("Bekräfta valda (2)")
    page.mouse.wheel(0, 3000)
    expect(button).to_be_in_viewport()
    page.keyboard.press("v")
    expect(page.get_by_role("status")).to_contain_text("Två ärenden fördelades.")
    expect(rows).to_have_count(4)


def test_keys_are_silent_while_one_writes_and_where_they_are_switched_off(house, visit) -> None:
    h.lamp(house)
    page = visit("registrator", "/att-fordela")
    page.keyboard.press("/")
    page.keyboard.type("cxjb")
    expect(page.locator("#snabbsok")).to_have_value("cxjb")
    page.get_by_role("button", name="Tangenter").click()
    page.get_by_label("Använd tangenterna").uncheck()
    page.reload()
    page.locator(".brev-lank").focus()
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert house.waiting() == 1


def test_new_letters_appear_and_what_is_ticked_stays(house, visit) -> None:
    first = h.lamp(house)
    page = visit("registrator", "/att-fordela")
    page.locator(f"#v-{first.id}").check()
    h.school(house)
    page.evaluate("window.lyhordRefresh()")
    expect(page.locator(".brev")).to_have_count(2)
    expect(page).to_have_title("(2) Att fördela · Ekdala kommun")
    expect(page.get_by_role("link", name="Att fördela 2 brev väntar", exact=True)).to_be_visible()
    expect(page.locator(f"#v-{first.id}")).to_be_checked()


def test_without_javascript_everything_works(house, visit) -> None:
    case = h.lamp(house)
    page = visit("registrator", "/att-fordela", java_script_enabled=False)
    page.get_by_role("button", name="Bekräfta", exact=False).last.click()
    expect(page.get_by_role("status")).to_contain_text("är fördelat till Gata och park")
    worker = visit("handlaggare", f"/arenden/{case.id}", java_script_enabled=False)
    worker.get_by_role("button", name="Ta ärendet").click()
    worker.get_by_role("link", name="Svara").click()
    worker.get_by_role("link", name="Svar på fråga").click()
    worker.get_by_label("Själva svaret").fill("Den lagas på fredag.")
    worker.get_by_role("button", name="Förhandsgranska").click()
    frame = worker.frame_locator("iframe[title='Brevet som det ser ut i e-posten']")
    expect(frame.get_by_text("Den lagas på fredag.")).to_be_visible()
    worker.get_by_role("button", name="Skicka brevet").click()
    expect(worker.get_by_role("status")).to_contain_text("är på väg")
    assert house.case(case.id).status is CaseStatus.ANSWERED


def test_keys_are_offered_where_they_act_alone(house, visit) -> None:
    h.lamp(house)
    for scripts in (True, False):
        page = visit("registrator", "/att-fordela", java_script_enabled=scripts)
        expect(page.locator(".tangenter")).to_be_visible(visible=scripts)
        page.goto("/konto")
        expect(page.get_by_role("heading", name="Tangenter")).to_be_visible(visible=scripts)


def test_what_is_refused_is_told_of_at_its_field_which_has_focus(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}")
    page.locator("details.gor > summary", has_text="Lyft till chef").press("Enter")
    page.locator("#l-skal").fill(" ")
    page.get_by_role("button", name="Lyft till chef").press("Enter")
    expect(page.locator("#l-skal")).to_be_focused()
    expect(page.locator("#l-skal")).to_have_accessible_description("Skriv varför ärendet lyfts till chefen.")
    expect(page.locator("#fel")).to_be_in_viewport()
    border = page.locator("#l-skal").evaluate("e => getComputedStyle(e).borderColor")
    assert border == page.locator("#fel").evaluate("e => getComputedStyle(e).color")


def test_the_preview_looks_as_the_letter_does(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    page.get_by_label("Själva svaret").fill("Den lagas på fredag.")
    page.get_by_role("button", name="Förhandsgranska").click()
    text = page.frame_locator("iframe").get_by_text("Den lagas på fredag.")
    expect(text).to_be_visible()
    assert text.evaluate("e => getComputedStyle(e).marginBottom") == "16px", "our own style passes the policy"


def test_a_hostile_letter_is_shown_without_effect(house, visit) -> None:
    evil = "<script>parent.document.title='tagen'</script><img src='https://spion.example/p.gif'><b>Hej</b>"
    case = house.letter("Hej", "Hej", h.suggestion("Hej", h.Area.KOST, 0.5), html=evil + "<td>" * 2000)
    page = visit("registrator", f"/arenden/{case.id}")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.get_by_text("Som avsändaren formgav det").click()
    expect(page.frame_locator("iframe").get_by_text("Hej")).to_be_visible()
    assert page.title().startswith(case.number)
    assert [url for url in asked if "127.0.0.1" not in url] == []


def test_a_real_log_in_and_out(server, browser) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/mina")
    page.get_by_label("E-postadress").fill("handlaggare@ekdala.example")
    page.get_by_label("Lösenord").fill(h.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mina ärenden")
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("status")).to_contain_text("Du är utloggad.")
    expect(page.get_by_label("E-postadress")).to_be_focused()
    context.close()
