"""The administration's pages in a real browser: accessible in both widths, and the letter seen while one types."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from cases.case import CaseStatus
from cases.letters.letter import LetterKind
from cases.letters.texts import LetterSource, TextAct
from cases.people.access import SYSTEM
from cases.records.retention import RetentionRule, RetentionRules
from cases.steps.records.retention import dispose
from cases.steps.settings.letter_texts import change_text
from reports.extract import extract_package
from tests.desk import house as h
from tests.desk.browser.seeing import PHONE, WIDE, faults, shut_out
from tests.desk.conftest import make_app
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
RETENTION = RetentionRules((RetentionRule("övriga", 2, "KS 2026/9"),))
PAGES = {
    "registrator": (
        "/gallring", "/utdrag", "/utdrag?epost=berit@mejl.example", "/arenden/{open}/ratta", "/arenden/{gone}",
        "/brevmallar/mottagning/ar", "/utkorg", "/karantan", "/oversyn", "/borta", "/standardtexter", "/listor",
        "/fordelningsregler",
    ),
    "chef": ("/overlamning",),
    "admin": ("/gallring", "/brevmallar", "/brevmallar/svar/sv", "/utkorg", "/karantan", "/kontologg"),
    "granskare": ("/laslogg", "/kontologg"),
}  # fmt: skip


@pytest.fixture
def app(house):
    package = lambda made, now: extract_package(made, "Ekdala kommun", now)  # noqa: E731 - as the service gives it
    return make_app(house, retention=RETENTION, extract_package=package)


@pytest.fixture
def ids(house) -> dict[str, str]:
    """One case erased, one to erase, one open; a letter with a draft and an approved text."""
    gone, old = routed(house, h.lamp(house)), routed(house, h.lamp(house))
    _end(house, gone)
    house.clock.now += timedelta(days=3 * 366)
    with house.store.begin() as tx:
        dispose(tx, RETENTION, SYSTEM, "registrator", house.office, house.clock())
    _end(house, old, closed_at=house.clock() - timedelta(days=3 * 366))
    source = changed()
    for act in (TextAct.APPROVED, TextAct.SAVED):
        with house.store.begin() as tx:
            seen = next(iter(tx.text_events(LetterKind.SVAR, "sv")), None)
            change_text(
                tx, LetterKind.SVAR, "sv", act, source, seen.id if seen else "", h.PEOPLE["admin"], h.workshop(),
                house.office, house.clock(),
            )  # fmt: skip
        source = replace(source, subject="Ett svar till dig")
    return {"open": routed(house, h.lamp(house)).id, "gone": gone.id}


def _end(house, case, **changes: object) -> None:
    with house.store.begin() as tx:
        found = tx.get_case(case.id, SYSTEM)
        tx.save_case(replace(found, **{"status": CaseStatus.CLOSED, "closed_at": house.clock(), **changes}))


def changed() -> LetterSource:
    plain = h.workshop().below(LetterKind.SVAR, "sv")[1]
    return LetterSource(plain.subject, plain.text.replace("Hej!", "God dag!"), plain.html.replace("Hej!", "God dag!"))


def test_no_page_of_the_administration_shuts_anybody_out(visit, ids) -> None:
    found = []
    for who, paths in PAGES.items():
        page = visit(who, "/brevlador")
        for path in paths:
            found += shut_out(page, path.format(**ids), (PHONE, WIDE))
    assert found == []


def test_on_a_telephone_the_open_page_stands_in_the_menu_and_units_are_not_cut_off(visit) -> None:
    page = visit("admin", "/enheter", width=390)
    box = page.get_by_role("link", name="Enheter", exact=True).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    cut = "[...document.querySelectorAll('.tabellram')].filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(cut) == 0
    assert page.get_by_role("rowheader", name="Gata och park").count() == 1, "a table all the same"


@pytest.mark.parametrize(("who", "path"), [("registrator", "/att-fordela"), ("admin", "/personer")])
def test_on_a_telephone_a_menu_takes_one_row_and_the_rest_is_one_tap_away(visit, who: str, path: str) -> None:
    page = visit(who, path, width=390)
    assert page.get_by_role("navigation", name="Huvudmeny").bounding_box()["height"] < 60
    rest, more = page.get_by_role("link", name="Hälsa"), page.get_by_role("button", name="Mer i menyn")
    expect(rest).to_be_hidden()
    more.click()
    expect(rest).to_be_visible()
    assert faults(page, "the rest of the menu", (PHONE,)) == []
    page.keyboard.press("Escape")
    expect(rest).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    rest.click()
    expect(page).to_have_url(re.compile("/halsa$"))
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_role("link", name="Modell")).to_be_visible(visible=who == "admin")
    expect(page.get_by_role("link", name="Gallring")).to_be_visible()
    expect(more).to_be_hidden()


def test_a_table_wider_than_the_screen_shows_that_there_is_more(visit, house) -> None:
    """Beside its last column that is seen lies a shadow, and none where nothing is hidden."""
    routed(house, h.lamp(house))
    page = visit("admin", "/modell", width=390)
    frame = page.get_by_role("region", name="Tabell: förslag som stämde")
    wide = "(one) => one.scrollWidth > one.clientWidth"
    assert frame.evaluate(wide)
    shadowed = _edge(page, frame)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not frame.evaluate(wide)
    assert _edge(page, frame) > shadowed + 20, "an edge that is seen, however soft"


def test_a_name_without_a_space_leaves_the_register_its_columns(visit, house) -> None:
    """Anybody may write under any name, and pushed subject, unit and state off the page with it."""
    h.lamp(house, from_name="Y" * 120)
    frame = visit("registrator", "/diarium").get_by_role("region", name="Diarium")
    assert frame.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert frame.get_by_role("cell", name="Felanmälan – gata, trafik och park").is_visible()


def _edge(page, frame) -> int:
    """How bright the frame is just within its right edge, in an empty place below its head."""
    box = frame.bounding_box()
    clip = {"x": box["x"] + box["width"] - 4, "y": box["y"] + 8, "width": 2, "height": 2}
    with Image.open(BytesIO(page.screenshot(clip=clip))) as picture:
        return picture.convert("L").getpixel((0, 0))


def test_the_letter_is_seen_while_one_types_and_saved_with_a_key(visit, ids) -> None:
    page = visit("admin", "/brevmallar/svar/sv")
    frame = page.frame_locator("#prov")
    expect(frame.locator("dd")).to_have_text(re.compile("Ett svar till dig"))
    page.fill("#amne", "Vårt svar till dig")
    expect(frame.locator("dd")).to_have_text(re.compile("Vårt svar till dig"))
    page.fill("#text", "{{ finns_inte }}")
    expect(frame.locator("li").first).to_contain_text("finns_inte")
    page.get_by_role("button", name="Spara utkast").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Texten är inte sparad")
    page.fill("#text", changed().text)
    page.get_by_role("button", name="Godkänn och använd").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("används från och med nu")


def test_without_javascript_a_button_shows_the_letter(visit, ids) -> None:
    page = visit("admin", "/brevmallar/svar/sv", java_script_enabled=False)
    page.fill("#amne", "Utan skript")
    page.get_by_role("button", name="Förhandsgranska").press("Enter")
    expect(page.frame_locator("#prov").locator("dd")).to_have_text(re.compile("Utan skript"))


def test_an_extract_is_fetched_with_the_keyboard(visit, ids, house) -> None:
    page = visit("registrator", "/utdrag")
    page.fill("#epost", "berit@mejl.example")
    page.press("#epost", "Enter")
    page.get_by_role("checkbox").first.press("Space")
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Hämta utdraget").press("Enter")
    assert fetched.value.suggested_filename.startswith("registerutdrag")
