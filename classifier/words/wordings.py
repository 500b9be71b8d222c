"""Wordings as regular expressions over lower-case text, and the sentence in which one stands."""

import re
from dataclasses import dataclass

from classifier.words.passage import Passage

_ENDS = ".!?\n"
_LONGEST = 240
_GAP = re.compile(r"\{(\d)\}")
# A space of a wording, outside square brackets.
_SPACE = re.compile(r" (?![^\[\]]*\])")
# What stands for it in a letter: spaces, or the end of a line that a mail program broke; no empty line.
_SPACES = r"(?:(?:[^\S\n]{1,20}\n?|\n)[^\S\n]{0,9})"


def pattern(*wordings: str) -> re.Pattern[str]:
    """One expression for several wordings.

    ``{n}`` stands for up to n words of the same sentence, a space for spaces or a broken line.
    """
    return re.compile("|".join(rf"\b(?:{_spelled(wording)})" for wording in wordings))


def _spelled(wording: str) -> str:
    spaced = _SPACE.sub(lambda _: _SPACES, wording)
    return _GAP.sub(r"(?:[^\\s.!?]+\\s{1,20}){0,\1}", spaced)


@dataclass(frozen=True, slots=True)
class Wording:
    """What says a thing, and what in the same sentence says that it is meant otherwise."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def find(self, low: str) -> Passage | None:
        """The first sentence of a lower-case text that says it."""
        for found in self.says.finditer(low):
            where = sentence(low, found.start(), found.end())
            if self.unless is None or not self.unless.search(low, where.start, where.end):
                return where
        return None


def wording(*says: str, unless: tuple[str, ...] = ()) -> Wording:
    """A `Wording` of plain strings."""
    return Wording(pattern(*says), pattern(*unless) if unless else None)


def lower(text: str) -> str:
    """Lower case, sign for sign: a few signs (İ) become two, and positions must stay."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def sentence(text: str, start: int, end: int) -> Passage:
    """The sentence around a stretch, of bounded length, without the space around it."""
    first = max(text.rfind(sign, 0, start) for sign in _ENDS) + 1
    ends = [at for sign in _ENDS if (at := text.find(sign, end)) >= 0]
    first = max(first, end - _LONGEST)
    last = min((*(at + 1 for at in ends), len(text), first + _LONGEST))
    inside = text[first:last]
    return Passage(first + len(inside) - len(inside.lstrip()), last - (len(inside) - len(inside.rstrip())))
