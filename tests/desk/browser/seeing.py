"""What shuts people out of a page: against WCAG 2.2 AA in both widths, its colours in dark, and nothing too wide.

A page is fetched once and looked at in each way, since fetching it and handing axe to it takes longer than the looking.
"""

from collections.abc import Iterator, Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

OPEN_ALL = """() => document.querySelectorAll("main details, .menygrupp").forEach((e) => {
  e.removeAttribute("name"); e.open = true; })"""
# A colour on its way from light to dark is no colour.
_RUN = """async (options) => {
  await Promise.all(document.getAnimations().map((one) => one.finished));
  return (await axe.run(document, options)).violations; }"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Of what passes a page nothing is asked: to describe that takes axe a good part of its time.
_FAULTS = {"resultTypes": ["violations"]}
_RULES = _FAULTS | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PHONE, WIDE = (390, "light", _RULES), (1280, "light", _RULES)
# Dark changes the colours alone, so that is all that is asked of it.
DARK = (1280, "dark", _FAULTS | {"runOnly": ["color-contrast"]})
Look = tuple[int, str, dict]


def shut_out(page: Page, path: str, looks: Sequence[Look] = (PHONE, WIDE, DARK)) -> list[tuple[str, str]]:
    """The page and what is wrong on it, a line each; ``page`` is left there."""
    page.goto(path)
    return faults(page, path, looks)


def faults(page: Page, path: str, looks: Sequence[Look] = (PHONE, WIDE, DARK)) -> list[tuple[str, str]]:
    """The same of the page that is open, once what its script fetches has come."""
    expect(page.locator("[data-efter]:not([data-klar])")).to_have_count(0)
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE_SCRIPT)
    return [(path, fault) for look in looks for fault in _seen(page, *look)]


def _seen(page: Page, width: int, scheme: str, rules: dict) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for found in page.evaluate(_RUN, rules):
        first = found["nodes"][0]
        yield f"{width} {scheme} {found['id']}: {first['html'][:160]} {first['failureSummary']}"
    if page.evaluate(TOO_WIDE):
        yield f"{width} {scheme}: wider than the screen"
