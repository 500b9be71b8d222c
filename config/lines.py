"""On which line of a TOML file each dotted key was written: tomllib gives values alone."""

import re
from collections.abc import Iterator

from config.naming import Tree, item_path

_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_NAME = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_PARTS = re.compile(_PART)
_FENCE = re.compile("\"\"\"|'''")


def lines_of(text: str, tree: Tree) -> dict[str, int]:
    """Dotted key to line, counted from 1, of a text and what tomllib read of it; tables by where they begin.

    What stands inside a table on one line has none of its own.
    """
    found: dict[str, int] = {}
    counted: dict[str, int] = {}
    prefix, here = "", tree
    for number, line in _outside_texts(text):
        if header := _HEADER.match(line):
            prefix, here = _table(tree, _named(header[2]), counted, new=header[1] == "[[")
            found.setdefault(prefix.rpartition("[")[0] if prefix.endswith("]") else prefix, number)
            found.setdefault(prefix, number)
        elif (name := _NAME.match(line)) and _named(name[1])[0] in here:
            parts = _named(name[1])
            for most in range(1, len(parts) + 1):
                found.setdefault(".".join(filter(None, (prefix, *parts[:most]))), number)
    return found


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """The lines that begin outside a text of several lines, with their numbers."""
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not fence:
            yield number, line
        for mark in _FENCE.findall(line):
            fence = mark if not fence else "" if mark == fence else fence


def _named(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PARTS.findall(dotted)]


def _table(tree: Tree, parts: list[str], counted: dict[str, int], *, new: bool) -> tuple[str, Tree]:
    """The path and content of the table that a header begins; of a list, its next one where ``new``."""
    path, here = "", tree
    for place, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        inner = here.get(part)
        if isinstance(inner, list):
            counted[path] = counted.get(path, -1) + (new and place == len(parts) - 1)
            index = counted[path]
            inner = inner[index] if 0 <= index < len(inner) else None
            path = item_path(path, inner, index)
        here = inner if isinstance(inner, dict) else {}
    return path, here
