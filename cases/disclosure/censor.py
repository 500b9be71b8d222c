"""Masking: words taken out of texts, however they are written, with the number of a law in their place."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from cases.disclosure.near import Haystack, Needle, folded

# A shorter string stands inside many words that have nothing to do with it.
_SHORT = 4
# Of such a name's words the capital alone tells them from others: *Bo* is called so, and *bo* is to live.
_SHORTEST = 2
_NAMES = 5
_SMALL = frozenset({"och", "till", "för", "från", "med", "vid", "den", "det", "von", "van", "der"})
_LEAST_DIGITS = 6
_LETTER = r"[^\W\d_]"
_JOIN = r"(?:[\s_.+-]|%20)*"
_PART = r"[\s()/.–—_-]*"
_MOST_LOST = len("00460")
# Soft hyphens, joiners, marks of direction and marks of byte order.
_INVISIBLE = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
# What word processors and telephones write for a hyphen, in numbers and double names.
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2212), "-")
# A word that a line's end parts.
_BROKEN = re.compile(rf"(?<={_LETTER})-[^\S\n]*\n\s*(?={_LETTER})")


@dataclass(frozen=True, slots=True)
class Masking:
    """Words to take away wherever they stand, and the key in ``GROUNDS`` of the law that says so.

    ``name`` says that they are somebody's name, of which each word is taken away alone too, however it is written.
    """

    words: str
    ground: str
    name: bool = False


@dataclass(slots=True)
class Censor:
    """Takes words away from one text after another, and counts how often for each ground."""

    maskings: Sequence[Masking]
    counts: dict[str, int] = field(default_factory=dict)

    _finders: "Sequence[_Finder]" = field(init=False, default=())

    def __post_init__(self) -> None:
        self._finders = _finders(tuple(self.maskings))

    def __call__(self, text: str) -> str:
        """The text with a stand-in for each masked stretch; nothing of it is left, nor its length."""
        plain = _plain(text)
        pieces, at = list[str](), 0
        for start, end, ground in self._stretches(plain):
            pieces += [plain[at:start], f"[maskat {ground}]"]
            self.counts[ground] = self.counts.get(ground, 0) + 1
            at = end
        return "".join([*pieces, plain[at:]])

    def _stretches(self, plain: str) -> list[tuple[int, int, str]]:
        """What is found, in order; what overlaps is one, so that no end of it is left."""
        spans = [*self._found(plain), *self._found_broken(plain)]
        found: list[tuple[int, int, str]] = []
        for start, end, ground in sorted((s for s in spans if s[1] > s[0]), key=lambda s: (s[0], -s[1])):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2])
            else:
                found.append((start, end, ground))
        return found

    def _found(self, plain: str) -> Iterator[tuple[int, int, str]]:
        hay = Haystack(plain)
        for one in self._finders:
            for near in hay.near(one.needle):
                yield from ((m.start(), m.end(), one.ground) for m in one.pattern.finditer(plain, *near))

    def _found_broken(self, plain: str) -> Iterator[tuple[int, int, str]]:
        """What is found where words that a line's end parts are whole, as stretches of the text as it stands."""
        cuts = [found.span() for found in _BROKEN.finditer(plain)]
        if not cuts:
            return
        lost = [0, *accumulate(end - start for start, end in cuts)]
        places = [start - before for (start, _), before in zip(cuts, lost, strict=False)]
        for start, end, ground in self._found(_BROKEN.sub("", plain)):
            yield start + lost[bisect_right(places, start)], end + lost[bisect_left(places, end)], ground

    def holds(self, text: str) -> bool:
        """Whether something to be masked stands in the text."""
        return bool(self._stretches(_plain(text)))


@dataclass(slots=True)
class _Finder:
    """One masking's pattern, made when it is first needed, and a ``needle`` without which it is in no text.

    The needle of words is the longest of them; of a number, the end that all its forms have. With ``capital`` the
    words begin as they are written.
    """

    words: str
    ground: str
    needle: Needle
    capital: bool = False
    _made: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the words."""
        if self._made is None:
            words = _pattern(self.words)
            self._made = re.compile(f"(?=(?-i:{self.words[0]})){words}" if self.capital else words, re.IGNORECASE)
        return self._made


# A page asks the same of every document, and of every line that tells of one.
@lru_cache(maxsize=4)
def _finders(maskings: tuple[Masking, ...]) -> "Sequence[_Finder]":
    """The longest first: where two begin together, the whole name's law stands for it and not its first word's."""
    whole = [Masking(_plain(m.words), m.ground, m.name) for m in maskings]
    ordered = sorted(_with_names(whole), key=lambda m: -len(m.words))
    return [_finder(m) for m in ordered]


def _finder(one: Masking) -> _Finder:
    if number_pattern(one.words):
        return _Finder(one.words, one.ground, _number_needle(one.words))
    longest = max(re.split(r"[\s-]+", one.words), key=len)
    gaps = len(re.findall(r"[\s-]", one.words))
    capital = one.name and len(one.words) == _SHORTEST and one.words.isalpha()
    return _Finder(one.words, one.ground, Needle(folded(longest), len(one.words) + len("s"), gaps), capital)


def _number_needle(words: str) -> Needle:
    # No form of a number loses or gains more of its beginning than a country code and a zero, or a century.
    digits = re.sub(r"\D", "", words)
    most = len(digits) + len("+") + _MOST_LOST
    return Needle(digits[_MOST_LOST:][-_LEAST_DIGITS:], most, most, number=True)


def _plain(text: str) -> str:
    """The text without invisible characters that would part a word, with one hyphen and each letter in its one form."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE | _HYPHENS)


def _with_names(maskings: Iterable[Masking]) -> dict[Masking, None]:
    """Of a name of several words each is masked alone too: ``Berit Alm`` signs as ``Berit``."""
    found: dict[Masking, None] = {}
    for one in maskings:
        words = one.words.split()
        if words:
            found[one] = None
        capital = [w for w in words if w[:1].isupper()]
        # Who writes the own name in small letters does so with all of it.
        alone = (capital or words) if one.name else capital if len(capital) == len(words) else []
        if 1 < len(words) <= _NAMES and all(w.replace("-", "").isalpha() for w in words):
            found |= dict.fromkeys(
                Masking(w, one.ground, len(w) == _SHORTEST)
                for w in alone
                if (len(w) > _SHORTEST or (len(w) == _SHORTEST and w[0].isupper())) and w.lower() not in _SMALL
            )
    return found


def _pattern(words: str) -> str:
    """The words with any blanks between them, also across a line's end, and as file names and addresses write them.

    One word stands for itself and its genitive.
    """
    if number := number_pattern(words):
        return number
    # A line may end behind the hyphen of a double name.
    each = [re.escape(w).replace(r"\-", r"-\s*") for w in words.split()]
    body, joined = r"\s+".join(each), _JOIN.join(each)
    bound = f"{_start(words[0])}{joined}{_end(words[-1])}"
    return f"(?:{body}|{bound})" if len(words) >= _SHORT and len(words.split()) > 1 else bound


def _start(first: str) -> str:
    """No letter before a letter, no digit before a digit: ``_`` and a change of case part words in a file's name."""
    if first.isalpha():
        return rf"(?:(?<!{_LETTER})|(?-i:(?<=[a-zåäöéü])(?=[A-ZÅÄÖÉÜ])))"
    return r"(?<!\d)" if first.isdigit() else ""


def _end(last: str) -> str:
    if last.isalpha():
        return rf"s?(?:(?!{_LETTER})|(?-i:(?<=[a-zåäöéü])(?=[A-ZÅÄÖÉÜ])))"
    return r"(?!\d)" if last.isdigit() else ""


def number_pattern(words: str) -> str:
    """A telephone or identity number however it is parted, with or without country code or century; empty of others."""
    digits = re.sub(r"\D", "", words)
    if len(digits) < _LEAST_DIGITS or not re.fullmatch(r"\+?[\d\s()/.–—-]+", words):
        return ""
    told = [f"(?<!\\d){_spread(digits)}"]
    for code in ("+46", "0046"):
        if words.startswith(code):
            digits = f"0{digits[len(code.lstrip('+')) :].removeprefix('0')}"
    if digits.startswith("0"):
        told.append(rf"(?:(?<!\d)(?:\+|00)46{_PART}(?:\(0\){_PART})?|(?<!\d)0{_PART}){_spread(digits[1:])}")
    if len(digits) in (10, 12):
        told.append(rf"(?<!\d)(?:(?:19|20){_PART})?{_spread(digits[-10:])}")
    return f"(?:{'|'.join(told)})(?!\\d)"


def _spread(digits: str) -> str:
    return _PART.join(digits)
