"""Where in a text something may stand: a pattern is tried there alone, for a large case has a thousand of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

PARTS = re.compile(r"[\s()/.–—_-]+")
"""What may stand between the digits of a number."""
_GAPS = re.compile(r"(?:[\s()/._+–—-]|%20)+")
# Patterns take the Turkish i's for ours, and the two ligatures of s and t for each other; case folding does not.
_ALIKE = {0x130: "i", 0x131: "i", 0xFB06: "\ufb05"}


@dataclass(frozen=True, slots=True)
class Needle:
    """What stands in all that a pattern finds: a word, `folded`, or a ``number``'s last digits.

    What is found has at most ``length`` characters beside ``gaps`` stretches of blanks and signs.
    """

    text: str
    length: int
    gaps: int
    number: bool = False


@dataclass(frozen=True)
class Haystack:
    """A text that is asked for many needles."""

    plain: str

    def near(self, needle: Needle) -> Iterator[tuple[int, int]]:
        """Stretches of the text, apart and in order: what holds the needle stands in them, with something beside it."""
        reach = needle.length + needle.gaps * self._widest + 2
        start = end = -1
        for at, after in self._places(needle):
            if at - reach > end:
                if end >= 0:
                    yield start, end
                start = max(0, at - reach)
            end = after + reach
        if end >= 0:
            yield start, end

    def _places(self, needle: Needle) -> Iterator[tuple[int, int]]:
        text = self._digits if needle.number else self._folded
        for found in re.finditer(re.escape(needle.text), text):
            start, last = found.start(), max(found.start(), found.end() - 1)
            yield (self._place(start), self._place(last) + 1) if needle.number else (start, last + 1)

    def _place(self, at: int) -> int:
        """Where a character of what has no gaps stands in the text."""
        lost, places = self._cuts
        return at + lost[bisect_right(places, at)]

    @cached_property
    def _folded(self) -> str:
        return folded(self.plain)

    @cached_property
    def _digits(self) -> str:
        return PARTS.sub("", self.plain)

    @cached_property
    def _cuts(self) -> tuple[Sequence[int], Sequence[int]]:
        cuts = [found.span() for found in PARTS.finditer(self.plain)]
        lost = [0, *accumulate(end - start for start, end in cuts)]
        return lost, [start - before for (start, _), before in zip(cuts, lost, strict=False)]

    @cached_property
    def _widest(self) -> int:
        return max((len(found[0]) for found in _GAPS.finditer(self.plain)), default=0)


def folded(text: str) -> str:
    """The text, as long as it was, so that letters a pattern takes for the same, whatever their case, are the same."""
    alike = text.translate(_ALIKE)
    whole = alike.casefold()
    return whole if len(whole) == len(text) else "".join(map(_fold, alike))


def _fold(letter: str) -> str:
    """A letter that folds to several is what its small form is, where that is one."""
    return next((one for one in (letter.casefold(), letter.lower()) if len(one) == 1), letter)
