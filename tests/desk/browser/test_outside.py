"""The public pages and Andra system in a real browser: nobody is shut out, and nothing needs a script."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cases.api import ApiClient, ApiScope
from cases.case import CaseStatus
from cases.records.public import new_link
from cases.webhooks import Delivery, DeliveryState, Webhook
from tests.desk import house as h
from tests.desk.asking import API
from tests.desk.browser.conftest import listening, serving
from tests.desk.browser.seeing import faults, shut_out
from tests.desk.conftest import make_app
from tests.desk.external.outside import PUBLIC, URL, link_of, moved
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def app(house):
    house.office = replace(house.office, public_url=URL)
    return make_app(house, public=PUBLIC, api=API)


def furnish(house) -> list[str]:
    """Cases in every stage, a long subject, a client with a webhook; returns the public paths."""
    names = "abcdef"
    found = [h.lamp(house, from_addr=f"{name}@mejl.example", hours=24 * n + 2) for n, name in enumerate(names)]
    links = [link_of(house, case) for case in found]
    for case in found[1:]:
        routed(house, case)
    long = "Trasig belysning, nedskräpning och en mycket lång rad andra saker längs gång- och cykelvägen vid stationen"
    moved(house, found[1], register_subject=long)
    statuses = (CaseStatus.AWAITING_SENDER, CaseStatus.ANSWERED, CaseStatus.CLOSED)
    for case, status in zip(found[2:], statuses, strict=False):
        moved(house, case, status=status)
    now, ends = house.clock(), house.clock() + timedelta(days=9)
    with house.store.begin() as tx:
        tx.add_citizen_link(new_link("fraga", found[3].id, now, 9, "svar", "gata"))
        tx.publish_subject(found[1].id, long, "registrator", now)
        tx.save_client(ApiClient("c1", "Appen", "k", frozenset(ApiScope), frozenset({"gata", "*"}), now, ends))
        tx.save_webhook(Webhook("w1", "c1", "https://mottagare.ekdala.example/lyhord", "", 0, now))
        tx.add_delivery(Delivery("d1", "w1", 7, now, now, DeliveryState.DEAD, 12, "answered 503", now))
    entry = f"/oppet/arenden/{found[1].number}"
    register = ["/oppet/arenden", "/oppet/arenden?sok=belysning&lage=closed"]
    return [*register, *links, entry, "/oppet/mitt/fraga", "/oppet/mitt/fel", "/oppet/finns-inte"]


def test_no_page_outside_shuts_anybody_out(house, app, browser, visit) -> None:
    paths = furnish(house)
    with serving(app, listening()) as base:
        context = browser.new_context(base_url=base)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        found = [fault for path in paths for fault in shut_out(page, path)]
        assert context.cookies() == []
        assert all(url.startswith(base) for url in asked), "nothing is fetched from elsewhere"
        context.close()
    found += faults(visit("admin", "/andra-system"), "/andra-system")
    with house.store.read() as tx:
        shown = tx.case_by_number("EK-2026-00002")
    found += faults(visit("registrator", f"/arenden/{shown}"), f"/arenden/{shown}")
    assert found == []


def test_a_citizen_needs_no_script(house, app, browser) -> None:
    path = furnish(house)[3]
    with serving(app, listening()) as base:
        context = browser.new_context(base_url=base, java_script_enabled=False)
        page = context.new_page()
        page.goto(path)
        assert page.get_by_text("Gata och park har hand om ditt ärende").is_visible()
        page.goto("/oppet/arenden")
        page.locator("summary").click()
        page.get_by_label("Läge").select_option(label="Besvarat")
        page.get_by_role("button", name="Visa").click()
        expect(page.locator("td.nummer")).to_have_count(1)
        context.close()
