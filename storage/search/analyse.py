"""Swedish text as search terms: the lemma of each word, then the parts it is compounded of."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import simplemma
from wordfreq import get_frequency_dict

_WORDS = re.compile(r"[^\W_]+")
_CACHE = 200_000
# Below this share of all words a part is a rarity or a slip, and no ground for a split.
_RARE = 3e-7
_SHORTEST = 3
# Longer than any word of the language that is used in earnest.
_LONGEST = 60
_SHORTEST_COMPOUND = 7
_DEEPEST = 2
# A word that is itself the dictionary form of so many others, and so much more used than what it is said to come
# from, stays: tåg is not from tåga, nor skylt from skyla.
_FORMS = 2
_MORE_LIKELY = 1.5
_FAR_LIKELIER = 4
_BEYOND_DOUBT = 15
_LONG = 5
_UNSEEN = 1e-9
# Words whose common meaning the dictionary gives to another word.
_OWN = {"bor": "bo", "ska": "ska", "skall": "ska", "skulle": "ska"} | {
    word: word for word in ("är", "var", "men", "att")
}
# Endings of number, definiteness and case, longest first, and what the dictionary form may end in instead.
_ENDINGS = ("arna", "orna", "erna", "arnas", "ens", "ets", "ar", "or", "er", "en", "et", "na", "n", "t", "s")
_INSTEAD = ("", "a", "e")
_INFLECTIONS = ("s", "en", "et", "n", "t", "ar", "er", "or", "arna", "erna", "na", "ens", "ets")
# Ends of derived words, which are no words of their own.
_NO_PARTS = re.compile(
    "ande|are|bar|bes|dom|een|else|ende|gram|het|iga|ing|inna|isk|ist|lana|lig|liga|ling|ning|rna|sam|ska|skap|tion"
)


def analyse(text: str) -> Sequence[str]:
    """The terms of a text, lower case, in order: for each word its lemma, then the parts of a compound.

    *Gatlyktan* is ``gatlykta gata lykta`` and *skolan* is ``skola``; a number stays as it is written.
    """
    words = _WORDS.findall(unicodedata.normalize("NFC", text).lower())
    # A number is its own term; remembering each case's number would fill the memory for nothing.
    # To look for the parts of one takes the square of its length: a letter of one long cry would take the day.
    return [
        term for word in words for term in (terms_of(word) if word.isalpha() and len(word) <= _LONGEST else (word,))
    ]


@lru_cache(_CACHE)
def terms_of(word: str) -> tuple[str, ...]:
    """Lemma and parts of one lower-case word of letters alone."""
    base = lemma(word)
    left, right = _halves(base)
    if not left:
        return (base,)
    if base == word and not _share(word):
        # An inflected compound no dictionary has: lekplatsgungorna is lekplatsgunga.
        base = word[: -len(right)] + lemma(right)
    return tuple(dict.fromkeys((base, *_parts(base))))


@lru_cache(_CACHE)
def lemma(word: str) -> str:
    """The dictionary form of a lower-case word, or the word itself where none is known."""
    if word in _OWN:
        return _OWN[word]
    found = _looked_up(word)
    if found == word:
        return _without_genitive(word)
    # What is known of a word is a glance; to ask the dictionary for its other forms takes a hundred times as long.
    if _times(word, found) > _MORE_LIKELY and _inflected(word) >= _FORMS:
        return word
    best = max((stem for stem in _stems(word) if _is_likelier(stem, found)), key=_share, default=found)
    doubtful = best == found and len(word) >= _LONG and _times(word, found) > _BEYOND_DOUBT
    return word if doubtful else best


def _is_likelier(stem: str, found: str) -> bool:
    """Another dictionary form the ending allows, far more used: vägarna is of väg, not of vägare."""
    times = _times(stem, found)
    if times <= _FAR_LIKELIER:
        return False
    return (len(stem) >= _LONG and times > _BEYOND_DOUBT) or _looked_up(stem) == stem or _inflected(stem) >= _FORMS


def _times(word: str, other: str) -> float:
    return _share(word) / max(_share(other), _UNSEEN)


def _stems(word: str) -> Iterator[str]:
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            yield from (stem + instead for instead in _INSTEAD if len(stem) >= _SHORTEST)


def _without_genitive(word: str) -> str:
    stem = word.removesuffix("s")
    return stem if len(stem) >= _SHORTEST and stem != word and _times(stem, word) > _FAR_LIKELIER else word


@lru_cache(1)
def _frequencies() -> dict[str, float]:
    known = get_frequency_dict("sv", wordlist="best").items()
    return {word: share for word, share in known if word.isalpha()}


@lru_cache(_CACHE)
def _inflected(word: str) -> int:
    """How many of its inflected forms the dictionary knows for a word; none for what is no dictionary form."""
    return sum(_looked_up(word + ending) == word for ending in _INFLECTIONS)


@lru_cache(_CACHE)
def _looked_up(word: str) -> str:
    return str(simplemma.lemmatize(word, lang="sv")).lower()


def _share(word: str) -> float:
    """How much of all Swedish text the word is, 0 to 1."""
    return _frequencies().get(word, 0.0)


def _parts(word: str, depth: int = 0) -> tuple[str, ...]:
    if depth == _DEEPEST:
        return ()
    left, right = _halves(word)
    if not left:
        return ()
    last = lemma(right)
    return (*(_parts(left, depth + 1) or (left,)), *(_parts(last, depth + 1) or (last,)))


@lru_cache(_CACHE)
def _halves(word: str) -> tuple[str, str]:
    """The likeliest split of a compound: its first part in dictionary form, its last as written; empty where none."""
    if len(word) < _SHORTEST_COMPOUND:
        return "", ""
    splits = [_split_at(word, i) for i in range(_SHORTEST, len(word) - _SHORTEST + 1)]
    score, left, right = max(splits)
    return (left, right) if score else ("", "")


def _split_at(word: str, i: int) -> tuple[float, str, str]:
    left, right = word[:i], word[i:]
    firsts = [(share, form, trust) for form, trust in _first_forms(left) if (share := _known(form))]
    last = _known(lemma(right)) if firsts and not _NO_PARTS.fullmatch(right) else 0.0
    if not last:
        return 0.0, "", ""
    score, first = max((min(share, last) * trust, form) for share, form, trust in firsts)
    # Two halves of like length are likelier than a long word and a scrap.
    return score * min(len(left), len(right)) ** 2, lemma(first), right


def _first_forms(left: str) -> list[tuple[str, float]]:
    """What the first part may be a form of, and how far to trust it: snöröjnings-, gatu-, kyrko-, skol-."""
    forms = [(left, 1.0), (left + "a", 0.5)]
    if left.endswith("s"):
        forms.append((left[:-1], 1.0))
    if left[-1] in "oue":
        forms += [(left[:-1] + "a", 0.5), (left[:-1] + "e", 0.5)]
    return forms


def _known(word: str) -> float:
    share = _share(word)
    return share if share > _RARE and len(word) >= _SHORTEST and not _NO_PARTS.fullmatch(word) else 0.0
