"""Whether a letter has a word, a phrase or a place: what the conditions of a routing rule are held against.

Each question costs as much as the words asked for stand in the letter, whoever wrote either.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_WORDS = re.compile(r"[^\W_]+")
_MOST_WORDS = 5_000
"""More of a letter is not looked through."""
_NOWHERE = frozenset[int]()
Analyse = Callable[[str], Sequence[str]]


def words_in(text: str) -> list[str]:
    """The words of a text as they are written, in lower case."""
    return _WORDS.findall(unicodedata.normalize("NFC", text).lower())


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Where each word of a letter stands: ``written`` as it is, ``meant`` by its lemma and the parts of a compound."""

    written: Mapping[str, set[int]]
    meant: Mapping[str, set[int]]
    analyse: Analyse

    def says(self, phrase: str) -> bool:
        """Whether its words stand there side by side, in any form: *lampa* is in *gatlamporna*."""
        return _adjacent([self._meaning(word) for word in words_in(phrase)])

    def names(self, place: str) -> bool:
        """Whether it stands there as written, or in the genitive: *Boda* is in *Bodas*, not in *bod* or *Bodavägen*."""
        *first, last = words_in(place)
        found = [self.written.get(word, _NOWHERE) for word in first]
        return _adjacent([*found, {*self.written.get(last, ()), *self.written.get(f"{last}s", ())}])

    def _meaning(self, word: str) -> Iterable[int]:
        """Where a word stands: by its lemma, as it is written, or by all its parts together."""
        lemma, *parts = self.analyse(word)
        found = {*self.meant.get(lemma, ()), *self.written.get(word, ())}
        if parts:
            found |= set.intersection(*(self.meant.get(part, set()) for part in parts))
        return found


def read_words(text: str, analyse: Analyse) -> LetterWords:
    """The words of a letter; ``analyse`` gives the lemma of one and then its parts."""
    written, meant = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for place, word in enumerate(words_in(text)[:_MOST_WORDS]):
        written[word].add(place)
        for term in analyse(word):
            meant[term].add(place)
    return LetterWords(dict(written), dict(meant), analyse)


def _adjacent(places: Sequence[Iterable[int]]) -> bool:
    starts = set(places[0])
    for further, found in enumerate(places[1:], 1):
        starts &= {place - further for place in found}
    return bool(starts)
