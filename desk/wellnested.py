"""A stranger's HTML made well nested and shallow, before anything builds a tree of it.

A browser's own way of mending HTML (WHATWG HTML 13.2.6) takes time with the square of the depth and may repeat every
open bold or link in each paragraph: a mail of thirty kilobytes became a page of eighteen megabytes (CWE-400).
"""

import re
from collections.abc import Collection, Iterator
from html import escape, unescape

FORMATTING = frozenset({"a", "b", "code", "em", "i", "s", "small", "strong", "u"})
"""What a browser opens again in the next paragraph where it was not ended; alike ones three times at most."""
_INLINE = FORMATTING | {"abbr", "del", "ins", "span", "sub", "sup"}
_VOID = frozenset({"br", "col", "hr"})
_CELLS, _GROUPS = frozenset({"td", "th"}), frozenset({"tbody", "thead", "tfoot"})
_IN_TABLES = _CELLS | _GROUPS | {"caption", "col", "table", "tr"}
_WALLS = _CELLS | {"caption"}
# What a start tag ends, whose own end tag may be left out, and within what.
_PEERS = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": (_CELLS, {"tr", "table"}),
    "th": (_CELLS, {"tr", "table"}),
    "tr": ({"tr"}, {"table"}),
    **dict.fromkeys(_GROUPS, (_GROUPS, {"table"})),
}
_DEEPEST = 100
# Every alternative ends before the next < or takes all that it has looked at: no text is looked at twice.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<gone>script|style|title|template|svg|math)\b(?![^<>]*/>).*?(?:</(?P=gone)\b[^<>]*>?|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/<>]*+)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>"
    r"|<[!?/][^<>]*+>?",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])([a-z-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE
)


def well_nested(html: str, attributes: dict[str, set[str]], longest: int) -> str:
    """The same words in the tags that are the keys of ``attributes``, with no attribute but theirs.

    Every tag is ended within the one it began in. What is nested deeper than any mail program does is without boxes;
    what would make it longer than so many characters is left out.
    """
    kept, length = list[str](), 0
    for piece in _pieces(html, attributes):
        length += len(piece)
        if length > longest:
            return "".join([*kept, piece[: longest - length]])
        kept.append(piece)
    return "".join(kept)


def _pieces(html: str, attributes: dict[str, set[str]]) -> Iterator[str]:
    opened, at, boxes = list[str](), 0, attributes.keys() - _INLINE - {"p"}
    for tag in _TAG.finditer(html):
        yield _words(html[at : tag.start()])
        name, at = (tag["name"] or "").lower(), tag.end()
        if name not in attributes:
            continue
        if tag["end"]:
            yield _ended(opened, {name}, () if name in _IN_TABLES else _WALLS)
        elif name in _VOID:
            yield f"<{name}>"
        else:
            yield _ended(opened, *_PEERS.get(name, (() if name in _INLINE else {"p"}, boxes)))
            yield _begun(opened, name, tag["rest"], attributes[name])
    yield _words(html[at:])
    yield "".join(f"</{name}>" for name in reversed(opened))


def _words(text: str) -> str:
    return escape(unescape(text), quote=False)


def _ended(opened: list[str], names: Collection[str], within: Collection[str]) -> str:
    """End the innermost of these names, and what stands in it, unless one of ``within`` is further in."""
    for at in reversed(range(len(opened))):
        if opened[at] in names:
            ended = opened[at:]
            del opened[at:]
            return "".join(f"</{name}>" for name in reversed(ended))
        if opened[at] in within:
            break
    return ""


def _begun(opened: list[str], name: str, rest: str, allowed: set[str]) -> str:
    if len(opened) >= _DEEPEST:
        return "" if name in _INLINE else "<br>"
    opened.append(name)
    told = {key.lower(): unescape("".join(value)) for key, *value in _ATTRIBUTE.findall(rest)}
    said = (f' {key}="{escape(told[key])}"' for key in sorted(allowed & told.keys()))
    return f"<{name}{''.join(said)}>"
