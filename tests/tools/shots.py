"""Pictures of the desk's pages from the demonstration, for docs: ``python -m tests.tools.shots [FOLDER]``.

Every page is taken as the person who uses it, at phone and desktop width; nothing is staged by hand, so the pictures
never go stale: run it again. With Debian's chromium-l10n the browser's own words (in fields for a date) are Swedish.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.suggestion import CaseType, Severity
from cases.steps.routing.confirm import confirm
from cases.steps.working.work import assign
from cases.store.views import ListFilter, ListKind
from service.demo.installation import Installation
from service.demo.letters import sample_letters
from service.demo.people import PASSWORD
from service.demo.posting import post_letters
from tests.tools.odd_letters import ARABIC, LONG, MANY, odd_letters

WIDTHS = (1280, 390)
HEIGHT = 900
# Of a long list the beginning is enough.
TALLEST = 1400
COLOURS = 80
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RUT, ROBERT = "rut.registrator@ekdala.example", "robert.vagmark@ekdala.example"
HASSAN = "hassan.handlaggare@ekdala.example"
Scheme = Literal["light", "dark"]
GUNNAR, ADA = "gunnar.granskare@ekdala.example", "admin@ekdala.example"


def main(folder: Path) -> None:
    """Take all pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as database, Installation(Path(database)) as house:
        post_letters(house.post, sample_letters(), number_pattern=house.house.settings.numbering.case)
        for raw in odd_letters(house.house.clock):
            house.post.deliver(raw)
        _settle(house)
        _give(house, _case(house, "Hål i Storgatan"))
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for width in WIDTHS:
                _all(browser, house, folder, width)
                _late(browser, house, folder, width)
            _narrow(browser, house, folder)
            _dark(browser, house, folder)
            browser.close()


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, speaking to nobody of its own accord."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ, "LANGUAGE": "sv"})


def _settle(house: Installation) -> None:
    """Wait until every letter has its suggestion and the post is sent."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        with house.house.store.read() as tx:
            counts = tx.state_counts()
            left = len(tx.messages_to_suggest(1)) + counts["raw_waiting"] + counts.get("cases.received", 0)
        if not left and not house.unfetched():
            return
        time.sleep(0.5)


def _give(house: Installation, case_id: str) -> None:
    """Route a case to Gata och park and give it to Hassan, so that there is something to answer."""
    office, now = house.house.office, house.house.clock()
    with house.house.store.begin() as tx:
        rut, hassan = (tx.user_by_email(email) for email in (RUT, HASSAN))
        assert rut is not None
        assert hassan is not None
        case = tx.get_case(case_id, SYSTEM)
        wish = RoutingRequest(
            case.version, RoutingChoice.UNIT, "gata", Area.GATA_PARK, CaseType.FELANMALAN, Severity.NORMAL, frozenset()
        )
        case = confirm(tx, case_id, wish, rut, office, now)
        assign(tx, case_id, case.version, hassan, rut, office, now)


_REGISTRATORS = (
    "logga-in att-fordela enheten diarium inkommet utkorg karantan brevlador statistik modell brevmallar gallring "
    "oversyn borta hjalp"
)
_ADMINISTRATORS = "personer halsa enheter kontologg konto andra-system"


def _all(browser: Browser, house: Installation, folder: Path, width: int) -> None:
    for who, pages in _pages(house).items():
        _take(browser, house.url, folder, width, who, pages)


def _pages(house: Installation) -> Mapping[str, Mapping[str, str]]:
    """Whose pages, and each picture's address."""
    case, flagged, given = (_case(house, subject) for subject in ("Släckt gatlykta", "Hemtjänsten", "Hål i Storgatan"))
    steps = {name: f"/arenden/{flagged}/{name}" for name in ("lamna-ut", "avslag", "dela", "ratta")}
    registrators = {
        "arende": f"/arenden/{case}",
        "arende-skyddat": f"/arenden/{flagged}",
        "samma-handelse": f"/arenden/{case}/samma-handelse",
        "nytt-arende": "/nytt",
        "sok": "/sok?q=gatlykta",
        "arende-arabiska": f"/arenden/{_case(house, ARABIC)}",
        "brevmall": "/brevmallar/svar/sv",
        "utdrag": "/utdrag?namn=Lindahl",
    }
    owners = {
        "mina": "/mina",
        "arende-handlaggare": f"/arenden/{given}",
        "svara": f"/arenden/{given}/svara?brev=svar",
        "svara-papper": f"/arenden/{given}/svara?brev=hanvisning&satt=post",
    }
    account = {"person-ny": "/personer/ny", "losenord": "/konto/losenord", "tvasteg": "/konto/tvasteg"}
    return {
        RUT: _named(_REGISTRATORS) | steps | registrators,
        HASSAN: owners,
        ROBERT: _named("chef overlamning"),
        GUNNAR: _named("laslogg"),
        ADA: _named(_ADMINISTRATORS) | account,
    }


def _named(names: str) -> dict[str, str]:
    return {name: f"/{name}" for name in names.split()}


def _late(browser: Browser, house: Installation, folder: Path, width: int) -> None:
    """The late ones, as they stand a week on."""
    desk, clock = house.desk.app.state.desk, house.house.clock

    def later() -> datetime:
        return clock() + timedelta(days=7)

    house.desk.app.state.desk = replace(desk, clock=later)
    _take(browser, house.url, folder, width, RUT, {"forsenat": "/forsenat"})
    house.desk.app.state.desk = desk


def _narrow(browser: Browser, house: Installation, folder: Path) -> None:
    """What strains a phone, and pages with little on them."""
    pages = {
        "arende-bilagor": f"/arenden/{_case(house, MANY)}",
        "arende-lang": f"/arenden/{_case(house, LONG)}",
        "sok-inget": "/sok?q=giraff",
        "finns-inte": "/finns-inte",
    }
    _take(browser, house.url, folder, WIDTHS[1], RUT, pages)
    _take(browser, house.url, folder, WIDTHS[1], HASSAN, {"inte-din-sida": "/personer"})


def _dark(browser: Browser, house: Installation, folder: Path) -> None:
    pages = {"morkt-att-fordela": "/att-fordela", "morkt-brevmall": "/brevmallar/svar/sv"}
    _take(browser, house.url, folder, WIDTHS[0], RUT, pages, "dark")


def _case(house: Installation, subject: str) -> str:
    with house.house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=200))
    return next(line.id for line in lines if line.subject.startswith(subject))


def _take(
    browser: Browser, url: str, folder: Path, width: int, who: str, pages: Mapping[str, str], scheme: Scheme = "light"
) -> None:
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": HEIGHT}, locale="sv-SE", color_scheme=scheme
    )
    page = context.new_page()
    if "logga-in" in pages:
        _shoot(page, "/logga-in", folder / f"logga-in-{width}.png")
    _log_in(page, who)
    for name, path in pages.items():
        if name != "logga-in":
            _shoot(page, path, folder / f"{name}-{width}.png")
    context.close()


def _log_in(page: Page, who: str) -> None:
    page.goto("/logga-in")
    page.fill("#epost", who)
    page.fill("#losenord", PASSWORD)
    page.click("button:has-text('Logga in')")
    page.wait_for_load_state()


def _shoot(page: Page, path: str, file: Path) -> None:
    page.goto(path)
    # Pictures are fetched when they come into view, after the page itself.
    page.wait_for_load_state("networkidle")
    # As tall as the page, so that what sticks to the window's edge lies where the page has it.
    size = page.viewport_size or {"width": WIDTHS[0], "height": HEIGHT}
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({**size, "height": min(max(tall, HEIGHT), TALLEST)})
    with Image.open(BytesIO(page.screenshot())) as picture:
        keep(picture, file)
    page.set_viewport_size(size)
    sys.stdout.write(f"{file.name}\n")


def keep(picture: Image.Image, file: Path, palette: Image.Image | None = None) -> None:
    """Keep a picture with a palette: a third of the bytes, and no eye sees the difference on a page of text."""
    few = picture.convert("RGB").quantize(COLOURS, palette=palette, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
