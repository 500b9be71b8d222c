"""Keys described on the dataclasses that hold them, so that reading, documents and templates share one source."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, get_type_hints

from config.kinds import SECRET, Kind

REQUIRED: Any = object()
"""Stands for the default of a key that must be given."""


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """One key: its kind, meaning in Swedish, default (as read), the rules of the routine it carries, and an example.

    ``when`` is (sibling key, value, the sibling's default): only with that value is this key read, and then it must be
    given.
    """

    kind: Kind
    meaning: str
    default: Any = REQUIRED
    rules: str = ""
    example: Any = None
    when: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of keys: the dataclass that holds it. ``many`` is an array of tables told apart by ``identity``.

    ``when`` is as for a key.
    """

    holds: type
    meaning: str
    many: bool = False
    least: int = 0
    identity: str = "id"
    when: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A field's name with its key or table."""

    name: str
    what: Key | Table

    @property
    def spellings(self) -> tuple[str, ...]:
        """The key as it is written in TOML; a secret is written as the place where it lies."""
        if isinstance(self.what, Key) and self.what.kind is SECRET:
            return f"{self.name}_env", f"{self.name}_file"
        return (self.name,)


@lru_cache(maxsize=128)
def slots(holder: type) -> tuple[Slot, ...]:
    """The keys and tables of a dataclass whose fields are ``Annotated[type, Key(...) | Table(...)]``, in order."""
    hints = get_type_hints(holder, include_extras=True)
    return tuple(Slot(item.name, hints[item.name].__metadata__[0]) for item in fields(holder))
