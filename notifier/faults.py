"""Says in Swedish what Jinja finds wrong with a letter's template, for whoever wrote it and reads no Jinja."""

import re
from collections.abc import Callable

_TAGS = frozenset({"if", "for", "block"})
_MIDDLE = {"else": "if", "elif": "if"}


def in_swedish(message: str) -> str:
    """What Jinja says of a template (``TemplateSyntaxError.message`` or an error's text), said to a letter's writer.

    Our own words, and what is not known, are passed on as they are.
    """
    for pattern, say in _SAYINGS:
        if found := pattern.search(message):
            return say(found)
    return message


def _tag(found: re.Match[str]) -> str:
    """A tag that is unknown, or an end that does not fit what is open."""
    tag, opened = found[1], found[2]
    ends = tag.removeprefix("end") if tag.startswith("end") else _MIDDLE.get(tag, "")
    if ends not in _TAGS:
        return f"{{% {tag} %}} finns inte. Ska ordet fyllas i skriver du {{{{ {tag} }}}}."
    return _open(opened) if opened != "block" else f"{{% {tag} %}} står utan {{% {ends} %}} före."


def _open(tag: str) -> str:
    return f"{{% {tag} %}} saknar {{% end{tag} %}} efter."


_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"unknown tag '(\w+)'.*innermost block that needs to be closed is '(\w+)'", re.DOTALL), _tag),
    (re.compile(r"unknown tag '(\w+)'()"), _tag),
    (re.compile(r"innermost block that needs to be closed is '(\w+)'"), lambda found: _open(found[1])),
    (re.compile(r"Expected an expression|expected token 'name'"), lambda _: "det saknas ett ord mellan klamrarna."),
    (
        re.compile(r"end of print statement"),
        lambda _: "det som börjar med {{ ska sluta med }} och bara ha ett ord emellan.",
    ),
    (re.compile(r"end of statement block"), lambda _: "det som börjar med {% ska sluta med %}; lika med skrivs ==."),
    (re.compile(r"end of comment tag"), lambda _: "det som börjar med {# ska sluta med #}."),
    (
        re.compile(r"^unexpected (?:char )?['\"](.)['\"]"),
        lambda found: f"tecknet {found[1]} står fel. Ett ord som fylls i skrivs {{{{ ord }}}}.",
    ),
    (re.compile(r"No filter named '(\w+)'"), lambda found: f"”{found[1]}” efter strecket | finns inte."),
    (re.compile(r"'(\w+)' is undefined"), lambda found: f"variabeln ”{found[1]}” finns inte i det här brevet."),
)
