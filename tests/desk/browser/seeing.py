"""What shuts people out of a page: against WCAG 2.2 AA in both widths, its colours in dark, and nothing too wide.

A page is fetched once and looked at in each way, since fetching it and handing axe to it takes longer than the looking.
Nothing is asked twice: what a page is made of is the same in both widths, so the telephone is asked what its layout
decides and what its menu's own buttons are called; and text is measured where its colours, size and class on that
ground were not measured yet, in either width and scheme, which costs a fifth of measuring every word again.
"""

from collections.abc import Iterator, Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

OPEN_ALL = """() => document.querySelectorAll("main details, .menygrupp").forEach((e) => {
  e.removeAttribute("name"); e.open = true; })"""
# A colour on its way from light to dark is no colour.
_STILL = "() => Promise.all(document.getAnimations().map((one) => one.finished)).then(() => null)"
_RUN = "async (options) => (await axe.run(document, options)).violations"
# What each text looks like: itself and all it may stand on, up to the first ground that covers. Its class and tag too,
# and whether axe would pass it over as out of use or as a single sign: nobody of that kind speaks for the others.
_TEXTS = """() => {
  const texts = {}, grounds = new Map();
  const ground = (e) => {
    if (!e) return "";
    if (!grounds.has(e)) {
      const s = getComputedStyle(e), own = [s.backgroundColor, s.backgroundImage, s.opacity].join();
      const covers = s.backgroundColor.startsWith("rgb(") && s.opacity === "1";
      grounds.set(e, covers ? own : `${own} on ${ground(e.parentElement)}`);
    }
    return grounds.get(e);
  };
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].map((n) => (n.nodeType === 3 ? n.data.trim() : "")).join("") || e.value || "";
    if (!own || !e.checkVisibility()) continue;
    const unused = e.matches(":disabled, :disabled *") || !!e.closest("label")?.control?.disabled;
    const s = getComputedStyle(e), font = [s.color, s.fontSize, s.fontWeight, s.textShadow];
    const looks = [e.tagName, e.className, own.length > 1, unused, ...font];
    texts[`${looks.join()} on ${ground(e)}`] ??= e;
  }
  window.texts = texts;
  return Object.keys(texts); }"""
_PALE = """async ([looks, options]) =>
  (await axe.run({include: looks.map((one) => window.texts[one])}, options)).violations"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Of what passes a page nothing is asked: to describe that takes axe a good part of its time.
_FAULTS = {"resultTypes": ["violations"]}
_ALL = _FAULTS | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast": {"enabled": False}},
}
_LAYOUT = _FAULTS | {
    "runOnly": [
        "target-size", "scrollable-region-focusable", "meta-viewport", "css-orientation-lock", "aria-hidden-focus",
        "button-name", "link-name", "summary-name", "label", "select-name", "region", "bypass", "heading-order",
    ]
}  # fmt: skip
_CONTRAST = _FAULTS | {"runOnly": ["color-contrast"]}
Look = tuple[int, str, dict | None]
PHONE, WIDE, DARK = (390, "light", _LAYOUT), (1280, "light", _ALL), (1280, "dark", None)
# Colours that were told apart once are so on every page.
_clear: set[str] = set()


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


def _seen(page: Page, width: int, scheme: str, rules: dict | None) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(_STILL)
    for found in [*(page.evaluate(_RUN, rules) if rules else []), *_too_pale(page)]:
        for node in found["nodes"][:3]:
            yield f"{width} {scheme} {found['id']}: {node['html'][:160]} {node['failureSummary']}"
    if page.evaluate(TOO_WIDE):
        yield f"{width} {scheme}: wider than the screen"


def _too_pale(page: Page) -> list[dict]:
    """What axe says of the texts here that look as none did before; those without a fault are not asked again."""
    new = [look for look in page.evaluate(_TEXTS) if look not in _clear]
    pale = page.evaluate(_PALE, [new, _CONTRAST]) if new else []
    if not pale:
        _clear.update(new)
    return pale
