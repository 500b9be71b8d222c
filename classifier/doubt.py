"""When none of the suggested areas may be right: nothing to read, hardly words, a foreign language, no area ahead."""

import re
from itertools import islice

from spacy.tokens import Doc

from classifier.personal.contacts import find_contacts
from classifier.personal.names import find_names
from classifier.swedish import is_known
from classifier.words.courtesies import SIGNING

HOME = "sv"
# Of letters the model had not seen and whose best area is below this, more than half belong elsewhere
# (docs/classifier.md).
LEAST_SHARE = 0.3
LEAST_FOREIGN_SHARE = 0.4
_LEAST_LETTERS = 12
_LEAST_WORDS = 4
_LEAST_KNOWN = 0.35
_ENOUGH = 200  # words are plenty to tell text from noise
_SHORT = 200  # characters in which a letter may be nothing but a signature
_MASHED = re.compile(r"[bcdfghjklmnpqrstvwxz]{4,}")
_VOWEL = re.compile("[aeiouyåäöæøüéèêáàóíúěęąîâôû]")
_MOST_MASHED = 0.3
# Signs over and over, or a long word of consonants: aaaa, jkljkljkl, hgfdrt. Schifffahrt and erschienenen are words.
_STRUCK = re.compile(r"(.)\1{3}|(..)\2{3}|(...)\3{2}|^[bcdfghjklmnpqrstvwxz]{6,}$")
_ROWS = "qwertyuiopå asdfghjklöä zxcvbnm"
_NEIGHBOURS = 5
_LONGEST = 40
_LEAST_SAID = 4
_LEAST_LENGTH = 1.6


def doubt(doc: Doc, best: float, language: str) -> str:
    """Why the suggestion should not be trusted, in Swedish; empty where it may. ``best`` is the first area's share."""
    words = list(islice((token.lower_ for token in doc if token.is_alpha), _ENOUGH))
    if sum(map(len, words)) < _LEAST_LETTERS or (len(doc.text) < _SHORT and _only_signed(doc)):
        return "Brevet har nästan ingen text."
    if len(words) >= _LEAST_WORDS and _noise(words, language):
        return "Brevet går knappt att läsa som text."
    if language != HOME and best < LEAST_FOREIGN_SHARE:
        return "Brevet är på ett språk som modellen kan dåligt."
    return "Inget ämne sticker ut." if best < LEAST_SHARE else ""


def is_struck(word: str) -> bool:
    """Whether a word in lower case is keys struck at random, no word of any language: it is no reason for anything."""
    if len(word) > _LONGEST or _STRUCK.search(word):
        return True
    runs = (word[at : at + _NEIGHBOURS] for at in range(len(word) - _NEIGHBOURS + 1))
    return any(run in _ROWS or run[::-1] in _ROWS for run in runs)


def _only_signed(doc: Doc) -> bool:
    """Whether hardly a letter is left beside names, addresses, numbers and greetings."""
    taken = [*find_names(doc.text), *((s.start, s.end) for s in find_contacts(doc.text))]
    said = (t for t in doc if t.is_alpha and t.lower_ not in SIGNING)
    return sum(len(t) for t in said if not any(a <= t.idx < b for a, b in taken)) < _LEAST_SAID


def _noise(words: list[str], language: str) -> bool:
    """Letters one by one, keys struck at random, or hardly a word of the language."""
    if sum(map(len, words)) < _LEAST_LENGTH * len(words):
        return True
    if language == HOME:
        return _known(words) < _LEAST_KNOWN
    return sum(bool(_MASHED.search(word)) and not _VOWEL.search(word) for word in words) > _MOST_MASHED * len(words)


def _known(words: list[str]) -> float:
    """The share of the letter's words that are in the Swedish word list; many repeats of one word are one word."""
    different = set(words)
    return sum(map(is_known, different)) / len(different)
