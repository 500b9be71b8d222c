"""Swedish words made comparable: everyday spellings, lemmas (simplemma) and the parts of compounds (wordfreq)."""

from functools import lru_cache

import simplemma
from wordfreq import get_frequency_dict, get_frequency_list

from classifier.memory import give_back

_LONGEST = 40  # longer "words" are not words
_SHORTEST_COMPOUND = 8
_PART = 3
_DEPTH = 2
_RARE = 1e-7
_EVERYWHERE = 4e-4

# How people write when they write as they speak.
_EVERYDAY = {
    "å": "och",
    "oxå": "också",
    "ja": "jag",
    "e": "är",
    "ä": "är",
    "va": "vara",
    "nån": "någon",
    "nåt": "något",
    "nåra": "några",
    "sån": "sådan",
    "såna": "sådan",
    "våran": "vår",
    "vårat": "vår",
    "eran": "er",
    "erat": "er",
    "dom": "de",
    "mej": "mig",
    "dej": "dig",
    "sej": "sig",
    "me": "med",
    "int": "inte",
    "itne": "inte",
    "ngn": "någon",
    "ngt": "något",
    "mkt": "mycket",
    "mycke": "mycket",
    "sen": "sedan",
    "ist": "istället",
    "iaf": "iallafall",
    "komunen": "kommun",
    "komun": "kommun",
    "skolgårn": "skolgård",
    "morronen": "morgon",
    "morron": "morgon",
    "stan": "stad",
}


@lru_cache(1)
def _lexicon() -> dict[str, float]:
    known = get_frequency_dict("sv", wordlist="best")
    kept = {word: share for word, share in known.items() if len(word) >= _PART and word.isalpha()}
    # The package would keep the whole list beside ours, and what it was read from: tens of megabytes.
    get_frequency_dict.cache_clear()
    get_frequency_list.cache_clear()
    return kept


def open_word_lists() -> None:
    """Reads what is otherwise read with the first letter, and takes a third of the memory for a moment more."""
    lemma("gatan")
    _lexicon()
    give_back()


@lru_cache(50_000)
def lemma(word: str) -> str:
    """The dictionary form of a lower-case word, everyday spellings mended first."""
    word = _EVERYDAY.get(word, word)
    return word if len(word) > _LONGEST else str(simplemma.lemmatize(word, lang="sv")).lower()


def _share(word: str) -> float:
    return _lexicon().get(word, 0.0)


def share(word: str) -> float:
    """How much of all Swedish text a lower-case word is; 0 where the lexicon has it not."""
    return _share(word)


def is_known(word: str) -> bool:
    """True for lower-case words of the word list, and for the short ones it leaves out."""
    return len(word) < _PART or word in _lexicon() or bool(compound_parts(lemma(word)))


def is_common(word: str) -> bool:
    """True for words so frequent (*vid*, *mellan*, *också*) that marking them as a reason tells a reader nothing."""
    return _share(word) > _EVERYWHERE or len(word) < _PART


def _heads(left: str) -> tuple[tuple[str, float], ...]:
    """What a compound's first part may be a form of, with how much we believe it (binding s, o, u, e)."""
    found = [(left, 1.0), (left + "a", 0.5)]
    if left.endswith("s") and len(left) > _PART:
        found.append((left[:-1], 1.0))
    if left[-1] in "oue" and len(left) > _PART:
        found += [(left[:-1] + "a", 0.5), (left[:-1] + "e", 0.5)]
    return tuple(found)


def _best_cut(word: str) -> tuple[str, str] | None:
    """The most believable way to cut ``word`` in two: both parts frequent, and neither very short."""
    best: tuple[float, str, str] | None = None
    for at in range(_PART, len(word) - _PART + 1):
        tail = lemma(word[at:])
        tail_share = max(_share(word[at:]), _share(tail))
        if tail_share <= _RARE:
            continue
        for head, belief in _heads(word[:at]):
            score = min(_share(head), tail_share) * belief * min(at, len(word) - at) ** 2
            if _share(head) > _RARE and (best is None or score > best[0]):
                best = (score, head, tail)
    return None if best is None else best[1:]


@lru_cache(50_000)
def compound_parts(word: str, depth: int = 0) -> tuple[str, ...]:
    """The lemmas a compound lemma is made of, first to last; empty where it is no compound we know."""
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST or depth > _DEPTH:
        return ()
    cut = _best_cut(word)
    if cut is None:
        return ()
    parts: list[str] = []
    for part in cut:
        parts += compound_parts(part, depth + 1) or (lemma(part),)
    return tuple(parts)
