"""A case on paper: the letter, the answers and the journal, and nothing one could press."""

import pytest

from tests.desk import house as h
from tests.desk.in_hand.test_origins import passed_on
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
PRESSED = "nav, form, button, input:not([type=hidden]), select, textarea, iframe, #gorrubrik"


def test_a_printed_case_leaves_out_menus_and_forms(house, visit) -> None:
    files = tuple(h.attached(f"bild-{number}.png", "image/png", b"PNG") for number in range(12))
    waiting = house.letter(
        "Gatlyktan är släckt " * 40, h.LAMP, h.suggestion(h.LAMP, h.Area.GATA_PARK, 0.9), attachments=files
    )
    doubt, given = passed_on(house), routed(house, h.lamp(house))
    for who, case in (("registrator", waiting), ("registrator", doubt), ("handlaggare", given), ("chef", given)):
        page = visit(who, f"/arenden/{case.id}")
        page.emulate_media(media="print")
        seen = [
            one.evaluate("e => e.outerHTML.slice(0, 120)") for one in page.locator(PRESSED).all() if one.is_visible()
        ]
        assert seen == [], (who, case.number)
        for words in (case.number, "Svarstider", "Journal", "Det här skickas av sig självt"):
            assert page.get_by_text(words).filter(visible=True).count(), words
        if case is waiting:
            assert page.get_by_role("link", name="bild-11.png").is_visible(), "of many files the later ones are folded"
            assert len(page.locator("h1").inner_text()) < 300
            page.emulate_media(media="screen")
            assert not page.get_by_role("link", name="bild-11.png").is_visible()
            page.get_by_text("Hela rubriken").click()
            assert page.locator(".arendehuvud details p").inner_text() == case.subject.strip()


def test_a_printed_register_keeps_all_its_columns_within_the_paper(house, visit) -> None:
    """A4 less its margins is 178 mm, 673 pixels; on a screen of that width the last column is scrolled to."""
    h.lamp(house, from_name="Wolfeschlegelsteinhausenbergerdorff-Hammarskjöld, Anna-Karolina")
    page = visit("registrator", "/diarium", width=673)
    page.emulate_media(media="print")
    last = page.get_by_role("main").get_by_text("Att fördela", exact=True).last.bounding_box()
    assert last["x"] + last["width"] <= 673
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    assert not page.get_by_text("Hämta som kalkylblad").is_visible()


def test_a_printed_outbox_leaves_out_what_chooses_its_letters(house, visit) -> None:
    h.lamp(house)
    page = visit("registrator", "/utkorg?lage=queued")
    assert page.get_by_label("Läge").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_label("Läge").is_visible()
    assert page.get_by_text("Mottagningsbekräftelse", exact=True).is_visible()
