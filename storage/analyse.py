"""Swedish text as search terms: the lemma of each word, then the parts it is compounded of."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import simplemma
from wordfreq import get_frequency_dict

_WORDS = re.compile(r"[^\W_]+")
# Below this share of all words a part is a rarity or a slip, and no ground for a split.
_RARE = 1e-7
_SHORTEST = 3
_SHORTEST_COMPOUND = 7
_DEEPEST = 2
_CACHE = 200_000


def analyse(text: str) -> Sequence[str]:
    """The terms of a text, lower case, in order: for each word its lemma, then the parts of a compound."""
    words = _WORDS.findall(unicodedata.normalize("NFC", text).lower())
    return [term for word in words for term in terms_of(word)]


@lru_cache(_CACHE)
def terms_of(word: str) -> tuple[str, ...]:
    """Lemma and parts of one lower-case word; a number stays as it is."""
    if not word.isalpha():
        return (word,)
    base = lemma(word)
    return tuple(dict.fromkeys((base, *_parts(base))))


@lru_cache(_CACHE)
def lemma(word: str) -> str:
    """The dictionary form, looked up until it stays the same, so that *tåget* and *tåg* meet."""
    seen = [word]
    while (found := str(simplemma.lemmatize(seen[-1], lang="sv")).lower()) not in seen:
        seen.append(found)
    return seen[-1]


@lru_cache(1)
def _frequencies() -> dict[str, float]:
    known = get_frequency_dict("sv", wordlist="best").items()
    return {word: share for word, share in known if word.isalpha() and len(word) >= _SHORTEST}


def _parts(word: str, depth: int = 0) -> tuple[str, ...]:
    if len(word) < _SHORTEST_COMPOUND or depth == _DEEPEST:
        return ()
    best = max((_split_at(word, i) for i in range(_SHORTEST, len(word) - _SHORTEST + 1)), key=lambda one: one[0])
    score, left, right = best
    if not score:
        return ()
    return (*(_parts(left, depth + 1) or (left,)), *(_parts(right, depth + 1) or (right,)))


def _split_at(word: str, i: int) -> tuple[float, str, str]:
    left, right = word[:i], lemma(word[i:])
    known = _share(right)
    if not known:
        return 0.0, "", ""
    score, first = max((min(_share(form), known) * trust, form) for form, trust in _first_forms(left))
    # Two halves of like length are likelier than a long word and a scrap.
    return score * min(len(left), len(right)) ** 2, lemma(first), right


def _first_forms(left: str) -> list[tuple[str, float]]:
    """What the first half may be a form of, with how far to trust it: snöröjnings-, gatu-, kyrko-, skol-."""
    forms = [(left, 1.0), (left + "a", 0.5)]
    if left.endswith("s") and len(left) > _SHORTEST:
        forms.append((left[:-1], 1.0))
    if left[-1] in "oue" and len(left) > _SHORTEST:
        forms += [(left[:-1] + "a", 0.5), (left[:-1] + "e", 0.5)]
    return forms


def _share(word: str) -> float:
    share = _frequencies().get(word, 0.0) if len(word) >= _SHORTEST else 0.0
    return share if share > _RARE else 0.0
