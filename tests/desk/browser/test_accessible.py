"""Every page in both widths, light and dark: nothing against WCAG 2.2 AA, and nothing wider than the screen."""

import pytest

from cases.calendar import local_day
from cases.disclosure.refusal import Refusal
from cases.records.courts import Court
from cases.steps.records.appeals import Acting, appealed
from cases.steps.records.refuse import refuse
from tests.desk import house as h
from tests.desk.browser.seeing import TOO_WIDE, shut_out
from tests.desk.in_hand.test_origins import by_form, passed_on, scanned
from tests.desk.steps import routed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
PAGES = {
    "registrator": (
        "/att-fordela", "/att-fordela?typ=klagomal&valj=sakra", "/enheten", "/forsenat", "/diarium", "/sok?q=lyktan",
        "/sok", "/inkommet", "/utkorg", "/karantan", "/nytt", "/arenden/{open}", "/arenden/{school}",
        "/arenden/{lamp}", "/arenden/{doubt}", "/arenden/{scan}", "/arenden/{form}", "/finns-inte", "/hjalp",
        "/hjalp/registrator", "/arenden/{school}/lamna-ut", "/arenden/{school}/avslag", "/arenden/{long}",
    ),
    "handlaggare": (
        "/mina", "/arenden/{lamp}", "/arenden/{lamp}/svara", "/arenden/{lamp}/svara?brev=beslut_atgard",
        "/arenden/{lamp}/svara?brev=hanvisning", "/arenden/{lamp}/svara?brev=hanvisning&satt=post",
    ),
    "chef": ("/chef",),
    "admin": (
        "/personer", "/personer/handlaggare", "/personer/ny", "/halsa", "/modell", "/brevlador", "/enheter",
        "/kontologg", "/konto", "/konto/losenord", "/konto/tvasteg",
    ),
    "granskare": ("/laslogg", "/kontologg"),
}  # fmt: skip


def refused_and_appealed(house, case) -> None:
    """A decision not to hand out whose appeal is to be tried."""
    rut, now = h.PEOPLE["registrator"], house.clock()
    decision = Refusal("Brevet", True, ("23:1",), "En elevs förhållanden.", "Rut Holm", "", Court.GOTEBORG)
    with house.store.begin() as tx:
        kept = refuse(tx, case.id, tx.get_case(case.id, h.SYSTEM).version, decision, "", rut, house.office, now)
        version = tx.get_case(case.id, h.SYSTEM).version
        appealed(Acting(tx, case.id, version, kept.id, rut, house.office, now), local_day(now))


def furnish(house) -> dict[str, str]:
    lamp, school = routed(house, h.lamp(house)), routed(house, h.school(house))
    h.spoken(house)
    h.threat(house)
    refused_and_appealed(house, school)
    opened = h.lamp(house, html="<p>Hej</p>", attachments=(h.picture(),))
    long = house.letter(
        f"Om {'Storgatan' * 20}", f"Hej! {'a' * 300}", None, from_name="Anna-Karolina" * 9,
        from_addr=f"{'a' * 60}@post.example",
        attachments=(h.picture(),) * 40,
    )  # fmt: skip
    house.letter("Semester", "Jag är borta.", None, kind=h.MessageKind.AUTO_REPLY)
    with house.store.begin() as tx:
        tx.note_read(school.id, "registrator", house.clock())
    doubt, (scan, _) = passed_on(house), scanned(house)
    form = by_form(house)
    return {
        "form": form.id,
        "doubt": doubt.id,
        "scan": scan.id,
        "lamp": lamp.id,
        "school": school.id,
        "open": opened.id,
        "long": long.id,
    }


@pytest.mark.timeout(900)
def test_no_page_shuts_anybody_out(house, visit) -> None:
    ids, found = furnish(house), []
    for who, paths in PAGES.items():
        page = visit(who, "/brevlador")
        for path in paths:
            found += shut_out(page, path.format(**ids))
    assert found == []


def test_letters_twice_as_large_fit_a_telephone(house, visit) -> None:
    """WCAG 1.4.4: nobody who reads large letters must move the page sideways to reach the end of each line."""
    ids, page = furnish(house), visit("registrator", "/brevlador")
    page.set_viewport_size({"width": 390, "height": 900})
    wide = []
    for path in ("/att-fordela", "/nytt", "/diarium", "/utdrag", "/hjalp", "/arenden/{school}", "/arenden/{doubt}"):
        page.goto(path.format(**ids))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide += [path] if page.evaluate(TOO_WIDE) else []
    assert wide == []


def test_the_log_in_page_shuts_nobody_out(server, browser) -> None:
    page = browser.new_page(base_url=server)
    assert shut_out(page, "/logga-in") == []
    page.close()
