"""Cases of one incident in a real browser: nothing shut out, nothing too wide, and all of it without a script."""

import pytest
from playwright.sync_api import expect

from cases.case import CaseStatus
from tests.desk import house as h
from tests.desk.browser.seeing import PHONE, WIDE, faults
from tests.desk.in_hand.test_incident import DARK, marked
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def furnish(house) -> dict[str, str]:
    lamp = marked(house, routed(house, h.lamp(house, hours=30)))
    made = h.suggestion(DARK, h.Area.GATA_PARK, 0.9)
    new = marked(house, house.letter("mörkt", DARK, made, from_addr="bo@post.example", hours=1))
    linked = routed(house, house.letter("Mörkt igen", DARK, made, from_addr="cia@post.example", hours=3))
    with house.store.begin() as tx:
        tx.link_cases(lamp.id, linked.id, "Prov", house.clock())
    return {"lamp": lamp.id, "new": new.id, "linked": linked.id}


def test_offers_mergers_and_splitting_shut_nobody_out(house, visit) -> None:
    ids, found = furnish(house), []
    page = visit("registrator", "/mina")

    def look(path: str) -> None:
        page.goto(path.format(**ids))
        found.extend(faults(page, path, (PHONE, WIDE)))

    for path in (
        "/arenden/{new}",
        "/arenden/{new}/samma-handelse",
        "/arenden/{new}/dela",
        "/arenden/{lamp}/svara?brev=svar&ocksa={linked}",
    ):
        look(path)
    page.goto("/arenden/{new}".format(**ids))
    page.get_by_role("button", name="Lägg in i").click()
    expect(page.get_by_role("button", name="Ta isär igen")).to_be_visible()
    for path in ("/arenden/{new}", "/arenden/{lamp}"):
        look(path)
    assert found == []


def test_a_merger_is_made_and_undone_without_a_script(house, visit) -> None:
    ids = furnish(house)
    page = visit("registrator", "/arenden/{new}".format(**ids), java_script_enabled=False)
    page.get_by_role("link", name="Finns fler brev om samma händelse?").click()
    page.get_by_role("button", name="Lägg in i").click()
    expect(page.get_by_role("button", name="Ta isär igen")).to_be_visible()
    assert house.case(ids["new"]).status is CaseStatus.MERGED
    page.get_by_role("button", name="Ta isär igen").click()
    expect(page.get_by_role("button", name="Ta isär igen")).to_have_count(0)
    assert house.case(ids["new"]).status is CaseStatus.SUGGESTED
