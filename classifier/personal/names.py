"""Finds personal names in a letter: by lists, the words about them, greetings, signatures, and their coming again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from classifier.personal.cues import CUE, GREETING, HOUSEHOLD, OWN_WORDS, REGARDS, SAID, WITHIN
from classifier.personal.doings import DOES, IT_WAS, SAYS
from classifier.personal.name_lists import (
    RATHER_WORDS,
    SELDOM_WORDS,
    WORDS_TOO,
    is_unheard,
    is_word,
    last_names,
    names_written_small,
)
from classifier.personal.name_words import (
    BY_FORM,
    caseless,
    is_compound_or_place,
    is_foreign_surname,
    is_listed_anywhere,
    is_surname,
    listed,
    may_be_announced,
    may_be_foreign,
    may_be_surname,
    plain,
    surely_surname,
)
from classifier.personal.places import is_place
from classifier.personal.signatures import signature
from classifier.personal.tongues import HOME, everyday, tongue_of

_WORD = re.compile(r"(?<![\w@.-])[^\W\d_]+(?:[-’'][^\W\d_]+)*(?![\w@])")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;\n\r\"”«»(•*>]|\s[-–—])\s*$")
_AND = re.compile(r"\s(?:och|o|å|&|samt|eller|and|und|ja|og|i|та|и)\s")
_ADDRESSED = re.compile(r"\s?(?:[,!\n]|$)")
_INITIALS = re.compile(r"[A-ZÅÄÖ]-[A-ZÅÄÖ]$")
# So men and women in Sweden are called for short; A-B and C-D are houses.
_CALLED_FOR_SHORT_TEXT = "K-G K-E K-A P-O P-A P-G P-E L-E L-G L-O S-E S-G S-O B-M B-G B-O A-M A-L A-K U-B J-O J-E N-E"
_CALLED_FOR_SHORT = frozenset(_CALLED_FOR_SHORT_TEXT.split())
_PARTICLES_TEXT = "van von af de der da dos del della di el al bin bint ibn abu thi la le ter ten zu y"
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_ARABIC_THE = "ال"
_MOST_IN_NAME = 5
_LOOK_BACK = 60
_LEAST_AGAIN = 3


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name, first and last name together, in order.

    Weighs what is known: a listed name with a capital letter; an unknown word where a name is announced (*heter*, *min
    son*, *läraren*, *Mvh*); what people do (*Björn ringde*); a short last line. Lower-case names count where they are
    no word, or announced. Who was found once is found again.
    """
    letter = _Letter(text)
    spans = [span for span in letter.stretches() if not is_place(text, *span)]
    yield from sorted([*spans, *letter.again(spans)])


@dataclass(frozen=True)
class _Letter:
    """A letter's words, and which of them are everyday ones of its language, if that is not Swedish."""

    text: str

    @cached_property
    def tongue(self) -> str:
        return tongue_of(self.text)

    @cached_property
    def common(self) -> frozenset[str]:
        return everyday(self.tongue)

    @cached_property
    def words(self) -> list[re.Match[str]]:
        return list(_WORD.finditer(self.text))

    @cached_property
    def signed(self) -> frozenset[int]:
        return frozenset(signature(self.text, self.words, self.common))

    def stretches(self) -> Iterator[tuple[int, int]]:
        at, before = 0, -1
        while at < len(self.words):
            if at not in self.signed and not self._is_first(at) and not self._is_second(at, before):
                at += 1
                continue
            last = at
            while last + 1 < len(self.words) and last + 1 - at < _MOST_IN_NAME and self._goes_on(last):
                last += 1
            before = self.words[last].end()
            yield self.words[at].start(), before
            at = last + 1

    def again(self, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Other places where somebody already named is named by one word: *Vide* after *hennes son Vide*."""
        told = {plain(word.lower()) for start, end in spans for word in _WORD.findall(self.text[start:end])}
        sought = {word for word in told - RATHER_WORDS if len(word) >= _LEAST_AGAIN and self._is_somebodys(word)}
        # Sign by sign: to ask each word whether it is within a name took the square of a list of names.
        taken = {at for span in spans for at in range(*span)}
        for word in self.words:
            low = word.group().lower()
            if word.start() in taken or not word.group()[0].isupper() or not {low, low.removesuffix("s")} & sought:
                continue
            starts = low in WORDS_TOO and _STARTS_SENTENCE.search(self._before(word))
            if not starts and not is_place(self.text, *word.span()):
                yield word.span()

    def _is_somebodys(self, low: str) -> bool:
        if low in self.common:
            return False
        return listed(low) or (is_unheard(low) and not is_compound_or_place(low))

    def _before(self, found: re.Match[str]) -> str:
        return self.text[max(0, found.start() - _LOOK_BACK) : found.start()]

    def _is_second(self, at: int, before: int) -> bool:
        """Whether a capitalised word is joined to a name by *och*: *Hanna och Youssef*."""
        word = self.words[at].group()
        if before < 0 or not word[0].isupper() or not _AND.fullmatch(self.text, before, self.words[at].start()):
            return False
        low = word.lower()
        return len(low) > 1 and low not in self.common and not is_word(low) and not is_compound_or_place(low)

    def _is_first(self, at: int) -> bool:
        """Whether a name begins with this word."""
        found = self.words[at]
        word, low = found.group(), plain(found.group().lower())
        before = self._before(found)
        is_listed, capital = listed(low), self._capital(word, before)
        if low in last_names() and HOUSEHOLD.search(before):
            return capital or not is_word(low) or surely_surname(low)
        if not (is_listed or capital) or self._is_everyday(low, before):
            return False
        if len(low) > 1 and (cue := CUE.search(before) or REGARDS.search(before)):
            return self._is_announced(word, low, cue, is_listed=is_listed, capital=capital)
        if not word[0].isupper():
            return self._written_small(found, low)
        return bool(BY_FORM.match(word)) or self._greeted(found, low, before) or self._stands_alone(at, low, before)

    def _is_everyday(self, low: str, before: str) -> bool:
        """Whether a word is one of the letter's language, and neither the own name nor, but in German, another's."""
        if low not in self.common:
            return False
        return not SAID.search(before) and (self.tongue == "de" or not WITHIN.search(before))

    def _is_announced(self, word: str, low: str, cue: re.Match[str], *, is_listed: bool, capital: bool) -> bool:
        beside = cue.re is CUE and ("\n" in cue.group() or cue.group().rstrip().endswith(("(", ",")))
        surely = is_listed and (low not in RATHER_WORDS or (capital and cue.re is CUE and "\n" not in cue.group()))
        return surely or (capital and may_be_announced(word, low, beside=beside, at_home=self.tongue == HOME))

    def _written_small(self, found: re.Match[str], low: str) -> bool:
        """Whether a small word is somebody: a name that is no word, or one that is where somebody is spoken of."""
        if self.tongue != HOME or caseless(low):
            return False
        if low in names_written_small():
            return True
        spoken_of = SAYS.match(self.text, found.end()) and IT_WAS.search(self._before(found))
        return bool(spoken_of) and low not in RATHER_WORDS

    def _greeted(self, found: re.Match[str], low: str, before: str) -> bool:
        addressed = GREETING.search(before) and _ADDRESSED.match(self.text, found.end())
        return bool(addressed) and is_unheard(low) and not is_compound_or_place(low)

    def _capital(self, word: str, before: str) -> bool:
        """A capital letter, or a script without them where the name is announced in that language."""
        return word[0].isupper() or (caseless(word) and OWN_WORDS.search(before) is not None)

    def _stands_alone(self, at: int, low: str, before: str) -> bool:
        """Whether a capitalised word is a name by itself: listed and no word here, or with a last name after."""
        found = self.words[at]
        starts = bool(_STARTS_SENTENCE.search(before)) or (len(low) > 1 and found.group().isupper())
        if _INITIALS.match(found.group()):
            return found.group() in _CALLED_FOR_SHORT or self._surname_after(found)
        if len(low) == 1:
            return not starts and self.text[found.end() : found.end() + 1] == "." and self._surname_after(found)
        if listed(low):
            return low not in WORDS_TOO or self._is_somebody(found, low, starts=starts)
        if is_surname(low) and (not starts or surely_surname(low)):
            return True
        return (is_foreign_surname(low) and not starts) or self._foreign_pair(found)

    def _is_somebody(self, found: re.Match[str], low: str, *, starts: bool) -> bool:
        """Whether a capitalised name that is a word too is the name here."""
        if self._surname_after(found):
            return True
        if low in RATHER_WORDS and low not in SELDOM_WORDS:
            return False
        return not starts or (self.tongue == HOME and DOES.match(self.text, found.end()) is not None)

    def _next(self, found: re.Match[str], gap: int = 1) -> re.Match[str] | None:
        """The word after a single space, or after an initial's dot and one."""
        between = self.text[found.end() : found.end() + gap]
        return _WORD.match(self.text, found.end() + gap) if between in (" ", ". ") else None

    def _foreign_pair(self, found: re.Match[str]) -> bool:
        """Whether this word and the next have capitals and are no Swedish words: Rehman Siddiqui, Nguyen Van Minh."""
        after = self._next(found)
        if after and after.group().lower() in _PARTICLES:
            after = self._next(after)
        if after is None or self.tongue == "de":
            return False
        pair = found.group(), after.group()
        if self.common.intersection(word.lower() for word in pair):
            return False
        return all(may_be_foreign(word) or (word[0].isupper() and is_listed_anywhere(word.lower())) for word in pair)

    def _surname_after(self, found: re.Match[str]) -> bool:
        after = self._next(found) or (self._next(found, 2) if len(found.group()) == 1 else None)
        if not after or not after.group()[0].isupper():
            return False
        return len(after.group()) == 1 or may_be_surname(after.group())

    def _goes_on(self, last: int) -> bool:
        """Whether the next word belongs to the name: with a capital after a single space, or after an initial's dot."""
        found, after = self.words[last], self.words[last + 1]
        gap, so_far, word = self.text[found.end() : after.start()], found.group(), after.group()
        if gap not in (" ", ". ", ".") or (gap != " " and len(so_far) > 1):
            return False
        if word.lower() in _PARTICLES and (beyond := self._next(after)):
            return beyond.group()[0].isupper() and beyond.group().lower() not in self.common
        if word.lower() in self.common:
            return False
        if word[0].isupper():
            return len(word) == 1 or last + 1 in self.signed or may_be_surname(word)
        if caseless(so_far) and caseless(word):
            return last + 1 not in self.signed and (is_listed_anywhere(word) or word.startswith(_ARABIC_THE))
        return so_far[0].islower() and word in last_names()
