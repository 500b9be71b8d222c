"""Values written as TOML, on one line."""

import json
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any


def to_toml(value: object) -> str:
    """A value as TOML: texts quoted, lists and tables inline. Raises TypeError for what TOML has no word for."""
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"TOML has no value for {type(value).__name__}; give a text, number, date, list or table.")


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for the delete character, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(value: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {to_toml(item)}" for key, item in value.items()) + " }"


# In this order: an enumeration's member may be a text, and a truth value is a number in Python.
_WRITERS: tuple[tuple[type | UnionType, Callable[[Any], str]], ...] = (
    (Enum, lambda value: to_toml(value.value)),
    (bool, lambda value: "true" if value else "false"),
    (int | float, repr),
    (time, lambda value: _quoted(f"{value:%H:%M}")),
    (date, date.isoformat),
    (str | Path, lambda value: _quoted(str(value))),
    (Mapping, _table),
    (list | tuple, lambda value: "[" + ", ".join(map(to_toml, value)) + "]"),
)
