"""A case on paper: the letter, the answers and the journal, and nothing one could press."""

import pytest

from tests.desk import house as h
from tests.desk.test_case_work import routed
from tests.desk.test_origins import passed_on

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
PRESSED = "nav, form, button, input:not([type=hidden]), select, textarea, iframe, #gorrubrik"


def test_a_printed_case_leaves_out_menus_and_forms(house, visit) -> None:
    waiting, doubt, given = h.lamp(house), passed_on(house), routed(house, h.lamp(house))
    for who, case in (("registrator", waiting), ("registrator", doubt), ("handlaggare", given), ("chef", given)):
        page = visit(who, f"/arenden/{case.id}")
        page.emulate_media(media="print")
        seen = [
            one.evaluate("e => e.outerHTML.slice(0, 120)") for one in page.locator(PRESSED).all() if one.is_visible()
        ]
        assert seen == [], (who, case.number)
        for words in (case.number, "Svarstider", "Journal", "Det här skickas av sig självt"):
            assert page.get_by_text(words).first.is_visible(), words
