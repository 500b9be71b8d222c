"""How a key or a table is named in what is said of it: dotted, and a table of a list by its id."""

from typing import Any

Tree = dict[str, Any]
IDENTITIES = ("id", "kind", "outcome")
"""The keys by which tables in an array are told apart, in order of preference."""


def item_path(path: str, item: object, index: int) -> str:
    """How a table in an array is named in an error: by its identity, or its place counted from 0."""
    return f"{path}[{identity(item) or index}]"


def holder(key: str) -> str:
    """The dotted key of what a key stands in; empty for what stands in none."""
    return key[: max(key.rfind("."), key.rfind("["), 0)]


def identity(item: object) -> str:
    """What tells a table of a list from the others; empty where nothing does."""
    if not isinstance(item, dict):
        return ""
    found = next((item[key] for key in IDENTITIES if isinstance(item.get(key), str)), "")
    return str(found)


def paths(tree: Tree, prefix: str = "") -> list[str]:
    """Every dotted key of a tree, those of tables too."""
    found = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        found.append(path)
        if isinstance(value, dict):
            found += paths(value, f"{path}.")
        elif tables(value):
            for index, item in enumerate(value):
                found += [item_path(path, item, index), *paths(item, f"{item_path(path, item, index)}.")]
    return found


def tables(value: object) -> bool:
    """Whether it is a list of tables, and has some."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
