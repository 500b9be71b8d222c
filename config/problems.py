"""What is wrong with a configuration, collected so that all of it can be shown at once."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.errors import ConfigError
from config.naming import holder

MISSING = object()
"""Stands for the value of a key that is not there."""
HIDDEN = object()
"""Stands for a value that must not be shown."""
_LONGEST = 60
_LOGIN = re.compile(r"(?<=//)[^/@\s]*(?=@)")
"""User and password in an address."""


class Written(NamedTuple):
    """Where something was written: the file and its line, counted from 1; 0 where that is not known."""

    file: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file and dotted key it stands at, the value as shown, what is wrong and the way out.

    ``line`` is that of the key, or of the table which lacks it; 0 where none is known.
    """

    file: str
    key: str
    value: str
    what: str
    remedy: str
    line: int = 0

    @property
    def file_and_line(self) -> str:
        """Where to look, in words."""
        return f"{self.file}, rad {self.line}" if self.line else self.file

    def __str__(self) -> str:
        place = f"{self.file_and_line}: {self.key}" if self.key else self.file
        return (
            f"{place} = {self.value}: {self.what} {self.remedy}"
            if self.value
            else f"{place}: {self.what} {self.remedy}"
        )


class InvalidSettings(ConfigError):
    """The configuration cannot be used; ``problems`` holds every fault found, the message all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        head = "Ett fel i inställningarna:" if len(problems) == 1 else f"{len(problems)} fel i inställningarna:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in problems)]))


@dataclass(slots=True)
class Problems:
    """The faults found so far; ``origins`` tells where each dotted key was written."""

    file: str
    origins: dict[str, Written] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    def add(self, key: str, value: object, what: str, remedy: str) -> None:
        """Note one fault."""
        at = self._place_of(key)
        self.found.append(Problem(at.file, key, shown(value), what, remedy, at.line))

    def raise_if_any(self) -> None:
        """Raise InvalidSettings where anything was found."""
        if self.found:
            raise InvalidSettings(tuple(self.found))

    def _place_of(self, key: str) -> Written:
        while key:
            if key in self.origins:
                return self.origins[key]
            key = holder(key)
        return Written(self.file)


def shown(value: object) -> str:
    """A value as an error shows it: short, on one line, empty when missing, never a secret."""
    if value is MISSING:
        return ""
    if value is HIDDEN:
        return "(dold)"
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
        # It may hold a secret, under a key that is misspelt too.
        return "(tabell)"
    text = _LOGIN.sub("…", repr(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
