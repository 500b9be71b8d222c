"""Swedish written without its dots and rings, or with a question mark for each: the words as they would be."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice, product

from classifier.swedish import share

_BEYOND_ASCII = re.compile(r"[^\W\d_a-zA-Z]")  # a letter that needs other keys than English
_WORD = re.compile(r"[a-zA-Z]{2,24}")
_LOST = re.compile(
    r"(?<!\w)[?\ufffd](?=[a-z])[a-z?\ufffd]{1,23}|[A-Za-z][a-z]{0,22}[?\ufffd][a-z][a-z?\ufffd]{0,22}"
    r"|\b[dfgmpsDFGMPS][?\ufffd](?=\s)"
)
# Words of no other language that we meet, some of them only folded.
_TELLING = frozenset(
    {"och", "jag", "inte", "att", "till", "mycket", "fran", "nar", "ocksa", "maste", "nagon", "ar", "pa"}
)
_LEAST_FOLDED = 2  # words that are none as they stand
_LEAST_LOST = 2
_SHORT = {"ar": "är", "pa": "på", "sa": "så", "da": "då", "fa": "få", "ga": "gå", "ma": "må"}
_MEANT = {"a": "åä", "o": "ö"}
_ANY = "åäö"
_MOST_CHANGED = 3
_SURER = 3.0  # times as frequent as the word that stands there: har is no här, for is för


def dotted(text: str) -> str:
    """The text, as long as before, with the letters å, ä and ö that its writer had no keys for.

    Where a letter has none of them and is in Swedish all the same, each word becomes the commonest one that it may
    stand for; so do words in which the letters came out as question marks. Anything else stays.
    """
    if len(_LOST.findall(text)) >= _LEAST_LOST:
        text = _LOST.sub(lambda word: _cased(word.group(), _found(word.group().lower())), text)
    if _BEYOND_ASCII.search(text) or not _is_folded(text):
        return text
    return _WORD.sub(lambda word: _cased(word.group(), _meant(word.group().lower())), text)


def _is_folded(text: str) -> bool:
    words = {word.group().lower() for word in _WORD.finditer(text)}
    none = (word for word in words if not share(word) and _meant(word) != word)
    return bool(_TELLING & words) and len(list(islice(none, _LEAST_FOLDED))) == _LEAST_FOLDED


def _cased(written: str, meant: str) -> str:
    return "".join(b.upper() if a.isupper() else b for a, b in zip(written, meant, strict=True))


@lru_cache(5_000)
def _meant(word: str) -> str:
    """The commonest word that this one may be without dots."""
    if word in _SHORT:
        return _SHORT[word]
    at = [place for place, sign in enumerate(word) if sign in _MEANT]
    best = max(_variants(word, at), key=share, default=word)
    return best if share(best) > _SURER * share(word) else word


def _variants(word: str, at: list[int]) -> Iterator[str]:
    for many in range(1, min(len(at), _MOST_CHANGED) + 1):
        for places in combinations(at, many):
            for signs in product(*(_MEANT[word[place]] for place in places)):
                yield _with(word, places, signs)


@lru_cache(5_000)
def _found(word: str) -> str:
    """The commonest word with letters where this one has question marks; itself where there is none."""
    lost = tuple(place for place, sign in enumerate(word) if not sign.isalpha())
    if len(lost) > _MOST_CHANGED:
        return word
    variants = [_with(word, lost, signs) for signs in product(_ANY, repeat=len(lost))]
    short = next((known for known in _SHORT.values() if known in variants), "")
    best = short or max(variants, key=share)
    return best if short or share(best) else word


def _with(word: str, places: tuple[int, ...], signs: tuple[str, ...]) -> str:
    letters = list(word)
    for place, sign in zip(places, signs, strict=True):
        letters[place] = sign
    return "".join(letters)
