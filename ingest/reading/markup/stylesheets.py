"""What a page's own stylesheet hides: preview lines, and boxes for other programs."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_BRACE = re.compile(r"([{}])")
# A class or an id, with or without the kind of element: what more a selector asks for is not looked into.
_SELECTOR = re.compile(r"\s*[A-Za-z]{0,12}([.#][\w-]{1,80})\s*")
_DISPLAY = re.compile(r"(?<![\w-])display\s{0,5}:\s{0,5}([a-z-]{1,20})", re.IGNORECASE)
_MAX_CHARS = 100_000


def hide_by_stylesheet(tree: HtmlElement) -> None:
    """Write ``display:none`` into the elements that a rule of the page's own stylesheet hides by class or id."""
    hidden = _hidden_names("\n".join(style.text or "" for style in tree.iter("style"))[:_MAX_CHARS])
    if not hidden:
        return
    for element in tree.xpath("//*[@class or @id]"):
        names = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id', '')}"}
        if names & hidden and not _DISPLAY.search(element.get("style", "")):
            element.set("style", f"display:none;{element.get('style', '')}")


def _hidden_names(css: str) -> set[str]:
    """Return the selectors whose last rule about ``display`` is *none*."""
    if "none" not in css.lower():
        return set()
    shown: dict[str, str] = {}
    for selectors, rules in _rules(css):
        display = _DISPLAY.findall(rules)
        for selector in filter(None, map(_SELECTOR.fullmatch, selectors.split(",") if display else ())):
            shown[selector.group(1)] = display[-1].lower()
    return {name for name, display in shown.items() if display == "none"}


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations; those for small screens, print or dark rooms stand in braces of their own."""
    first, *commented = css.replace("<!--", "").replace("-->", "").split("/*")
    pieces = _BRACE.split(first + "".join(piece.partition("*/")[2] for piece in commented))
    depth, selectors = 0, ""
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            depth, selectors = depth + 1, text if depth == 0 else selectors
        else:
            if depth == 1:
                yield selectors, text
            depth = max(0, depth - 1)
