"""An answer in a real browser: six keys from case to sent, kept while one types, taken back; every act by keys."""

import pytest
from playwright.sync_api import Page, expect

from cases.case import CaseStatus
from cases.letters.letter import OutboxStatus
from tests.desk import house as h
from tests.desk.in_hand.test_sending import drafts, last
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


class Keys:
    """A keyboard that counts; what is written into a field is no key press of the way there."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1


def test_an_answer_from_a_template_takes_at_most_six_keys(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}")
    keys = Keys(page)
    keys.press("s")
    expect(page.get_by_role("heading", name="Välj brev")).to_be_visible()
    keys.press("3")
    expect(page.get_by_label("Själva svaret")).to_be_focused()
    page.keyboard.type("Den lagas på fredag.")
    keys.press("Control+Enter")
    expect(page.locator("#granska")).to_be_focused()
    expect(page.locator("#rentext")).to_contain_text("Den lagas på fredag.")
    keys.press("Control+Enter")
    expect(page.get_by_text("är på väg")).to_be_visible()
    assert keys.pressed <= 6
    page.reload()
    expect(page.get_by_role("button", name="Ångra")).to_be_visible()
    expect(page.locator("body")).to_be_focused()
    assert house.case(case.id).status is CaseStatus.ANSWERED
    keys.press("z")
    expect(page.get_by_text("Brevet är ångrat")).to_be_in_viewport()
    expect(page.get_by_label("Själva svaret")).to_have_value("Den lagas på fredag.")
    expect(page.get_by_label("Själva svaret")).to_be_focused()
    assert last(house, case).status is OutboxStatus.CANCELLED


def test_who_left_something_out_stands_at_the_first_field_that_lacks_it(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=beslut_atgard")
    page.get_by_label("Vad som görs").fill("Lampan byts.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("När det blir gjort")).to_be_focused()
    expect(page.get_by_label("När det blir gjort")).to_be_in_viewport()


def test_a_changed_text_is_shown_again_before_it_is_sent(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    page.get_by_label("Själva svaret").fill("Den lagas på fredag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rentext")).to_contain_text("fredag")
    page.get_by_label("Själva svaret").fill("Den lagas på måndag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#rentext")).to_contain_text("måndag")
    assert house.case(case.id).status is not CaseStatus.ANSWERED


def test_what_one_types_is_kept_and_found_again_elsewhere(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    page.get_by_label("Själva svaret").press_sequentially("Halvskrivet")
    expect(page.locator("#utkastlage")).to_contain_text("Utkastet är sparat")
    assert [typed for _, typed in drafts(house, case)] == [{"svar": "Halvskrivet"}]
    page.close()
    other = visit("handlaggare", f"/arenden/{case.id}", width=390)
    other.get_by_role("link", name="Fortsätt skriva").click()
    expect(other.get_by_label("Själva svaret")).to_have_value("Halvskrivet")


def test_the_last_words_are_kept_when_one_leaves_within_the_second(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    page.get_by_label("Själva svaret").fill("Halvskrivet")
    page.goto("/mina")
    # They outlive the page that they were written on, unseen, and come to the desk beside the question for the next.
    while not drafts(house, case):
        page.wait_for_timeout(20)
    page.goto(f"/arenden/{case.id}")
    expect(page.get_by_role("link", name="Fortsätt skriva")).to_be_visible()
    assert [typed for _, typed in drafts(house, case)] == [{"svar": "Halvskrivet"}]


def test_a_note_that_was_not_saved_is_asked_about_before_one_leaves(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page, asked = visit("handlaggare", f"/arenden/{case.id}"), []
    page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    page.get_by_label("Ny anteckning").press_sequentially("Ringde")
    page.get_by_role("link", name="Mina ärenden").click()
    expect(page.get_by_label("Ny anteckning")).to_have_value("Ringde")
    page.get_by_role("button", name="Spara anteckningen").click()
    expect(page.locator(".besked")).to_be_focused()
    page.get_by_role("link", name="Mina ärenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mina ärenden")
    assert asked == ["beforeunload"]
    # Files that are too large would take what is written beside them along, after minutes on their way.
    page.goto("/nytt")
    field = page.get_by_label("Bifoga filer")
    field.set_input_files({"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"0" * 15_000_001})
    page.get_by_label("Vad gäller det?").fill("Hon ringde om lampan.")
    page.get_by_role("button", name="Registrera ärendet").click()
    assert field.evaluate("(e) => e.validationMessage").startswith("Filerna är 16 MB tillsammans. Högst 15 MB går")
    expect(page.get_by_label("Vad gäller det?")).to_have_value("Hon ringde om lampan.")


def test_who_was_logged_out_while_writing_is_told(house, visit, clock) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    clock.pass_minutes(24 * 60)
    page.get_by_label("Själva svaret").fill("Halvskrivet")
    expect(page.locator("#utkastlage")).to_contain_text("Du har blivit utloggad. Kopiera texten")
    expect(page.locator("#brevform")).to_have_attribute("data-osparat", "")


def test_the_field_grows_with_the_letter(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar", width=390)
    field = page.get_by_label("Själva svaret")
    low = field.bounding_box()["height"]
    field.fill("Lampan lagas på fredag.\n" * 15)
    assert field.bounding_box()["height"] > low + 100


def test_a_letter_of_any_length_keeps_what_can_be_done_within_reach(house, visit) -> None:
    text = "Lampan är släckt.\n" * 4000
    case = routed(house, house.letter("Lampan" * 80, text, h.suggestion(text, h.Area.GATA_PARK, 0.9)))
    page = visit("registrator", f"/arenden/{case.id}")
    assert page.evaluate("document.documentElement.scrollHeight") < 5000
    expect(page.get_by_role("group", name="Brevets text")).to_have_attribute("tabindex", "0")
    page.goto(f"/arenden/{case.id}/svara?brev=svar")
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    page.goto("/enheten")
    assert page.locator(".arende-lank").bounding_box()["height"] < 80


def test_the_letter_stays_beside_a_long_answer(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar")
    page.get_by_label("Själva svaret").fill("Lampan lagas på fredag.\n" * 60)
    page.get_by_role("button", name="Förhandsgranska").click()
    page.locator("#skicka").scroll_into_view_if_needed()
    expect(page.get_by_text("varit släckt i tre veckor")).to_be_in_viewport()


ACTS = (
    ("muntligt", "Notera muntligt svar eller brev", CaseStatus.ANSWERED),
    ("lyft", "Lyft till chef", CaseStatus.ESCALATED),
    ("tillbaka", "Inte vårt: lämna tillbaka", CaseStatus.SUGGESTED),
    ("avsluta", "Avsluta", CaseStatus.CLOSED),
)


@pytest.mark.parametrize(("form", "label", "status"), ACTS, ids=[one[0] for one in ACTS])
def test_every_act_is_done_with_keys(house, visit, form: str, label: str, status: CaseStatus) -> None:
    case = routed(house, h.lamp(house))
    page = visit("chef", f"/arenden/{case.id}")
    page.get_by_role("button", name="Ta ärendet").press("Enter")
    expect(page.locator(".besked", has_text="Nu har du hand om ärendet.")).to_be_focused()
    summary = page.locator("details.gor > summary", has_text=label).first
    summary.focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            page.keyboard.type("Ringde Berit Alm den 26 november.")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Enter")
    expect(page.locator(".besked").first).to_be_visible()
    assert house.case(case.id).status is status, form


def test_more_can_be_asked_and_a_closed_case_opened_again_with_keys(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}")
    page.get_by_role("link", name="Begär komplettering").press("Enter")
    expect(page.get_by_role("heading", name="Vi behöver mer uppgifter")).to_be_visible()
    expect(page.locator("textarea[autofocus]")).to_be_focused()
    page.keyboard.type("Vilken lykta menar du?")
    page.keyboard.press("Tab")
    page.get_by_label("Svar senast").or_(page.locator("input[type=date]")).first.fill("2026-12-01")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#skicka")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("är på väg")).to_be_visible()
    assert house.case(case.id).status is CaseStatus.AWAITING_SENDER
    for label, words in (("Avsluta", "Ärendet är avslutat."), ("Öppna igen", "Ärendet är öppnat igen.")):
        # The script leads whoever did something to where it is said; not from under the hands.
        page.wait_for_load_state()
        page.locator("details.gor > summary", has_text=label).first.press("Enter")
        for area in page.locator("details.gor[open] textarea").all():
            area.focus()
            page.keyboard.type("Släckt igen.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text(words)).to_be_visible()
    assert house.case(case.id).status is CaseStatus.REOPENED


def test_without_javascript_it_is_kept_sent_later_and_taken_back(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar", java_script_enabled=False)
    page.get_by_label("Själva svaret").fill("Den lagas på fredag.")
    page.get_by_role("button", name="Spara utkast").click()
    page.get_by_role("link", name="Fortsätt skriva").click()
    page.get_by_text("Skicka vid en viss tid").click()
    page.get_by_role("button", name="Skicka då").click()
    expect(page.get_by_role("status").first).to_contain_text("går 27 november 2026 kl. 07.00")
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_label("Själva svaret")).to_have_value("Den lagas på fredag.")


def test_a_letter_is_printed_in_a_tab_of_its_own(house, visit) -> None:
    case = routed(house, h.lamp(house))
    page = visit("handlaggare", f"/arenden/{case.id}/svara?brev=svar&satt=post")
    page.get_by_label("Själva svaret").fill("Den lagas på fredag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#skrivut")).to_be_visible()
    page.get_by_label("Namn och adress").fill("Berit Alm\nLingonstigen 4\n123 45 EKDALA")
    with page.context.expect_page() as opened:
        page.locator("#skrivut").click()
    opened.value.close()
    page.get_by_role("button", name="Brevet är postat").click()
    expect(page.get_by_text("är noterat som postat")).to_be_visible()
    assert house.case(case.id).status is CaseStatus.ANSWERED
