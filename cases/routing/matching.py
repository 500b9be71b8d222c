"""Whether a letter has a word, a phrase or a place: what the conditions of a routing rule are held against.

Each question costs a few steps for each word that is asked for, whoever wrote either.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_

_WORDS = re.compile(r"[^\W_]+")
_MOST_WORDS = 5_000
"""More of a letter is not looked through."""
_MOST_SHOWN = 20
Analyse = Callable[[str], Sequence[str]]


def words_in(text: str) -> list[str]:
    """The words of a text as they are written, in lower case."""
    return _WORDS.findall(unicodedata.normalize("NFC", text).lower())


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Where each word of a letter stands: ``written`` as it is, ``meant`` by its lemma and the parts of a compound.

    Places are the bits of a number, the first word's the lowest: a letter may be nothing but the words asked for.
    """

    text: str
    written: Mapping[str, int]
    meant: Mapping[str, int]
    analyse: Analyse

    def says(self, phrase: str) -> int:
        """Where its words begin to stand side by side, in any form (*lampa* is in *gatlamporna*); 0 for nowhere."""
        return _adjacent([self._meaning(word) for word in words_in(phrase)])

    def names(self, place: str) -> int:
        """Where it stands as written, or in the genitive: *Boda* is in *Bodas*, not in *bod* or *Bodavägen*."""
        *first, last = words_in(place)
        found = [self.written.get(word, 0) for word in first]
        return _adjacent([*found, self.written.get(last, 0) | self.written.get(f"{last}s", 0)])

    def stretches(self, found: Iterable[tuple[int, str]]) -> Sequence[tuple[int, int]]:
        """From where to where in the text phrases stand that begin at these places; of each its first ones."""
        spans = [one.span() for one in islice(_WORDS.finditer(self.text), _MOST_WORDS)]
        stretches = set[tuple[int, int]]()
        for begins, phrase in found:
            last = len(words_in(phrase)) - 1
            places = (place for place in range(begins.bit_length()) if begins >> place & 1)
            inside = (place for place in places if place + last < len(spans))
            stretches |= {
                (spans[one][0], spans[one + last][1]) for one in islice(inside, _MOST_SHOWN) if self._at(one, spans)
            }
        return sorted(stretches)

    def _at(self, place: int, spans: Sequence[tuple[int, int]]) -> bool:
        """Whether the text has the word of this place there: one with loose accents is parted otherwise."""
        return all(self.written.get(word, 0) >> place & 1 for word in words_in(self.text[slice(*spans[place])]))

    def _meaning(self, word: str) -> int:
        """Where a word stands: by its lemma, as it is written, or by all its parts together."""
        lemma, *parts = self.analyse(word)
        found = self.meant.get(lemma, 0) | self.written.get(word, 0)
        return found | reduce(and_, (self.meant.get(part, 0) for part in parts)) if parts else found


def read_words(text: str, analyse: Analyse) -> LetterWords:
    """The words of a letter; ``analyse`` gives the lemma of one and then its parts."""
    written, meant = defaultdict[str, int](int), defaultdict[str, int](int)
    for place, word in enumerate(words_in(text)[:_MOST_WORDS]):
        written[word] |= 1 << place
        for term in analyse(word):
            meant[term] |= 1 << place
    return LetterWords(text, dict(written), dict(meant), analyse)


def _adjacent(places: Sequence[int]) -> int:
    return reduce(and_, (found >> further for further, found in enumerate(places)))
