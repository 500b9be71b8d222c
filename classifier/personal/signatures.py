"""The last short lines of a letter, in which its sender's name stands."""

import re
from collections.abc import Iterator

from classifier.personal.name_lists import RATHER_WORDS, is_word
from classifier.personal.name_words import known

_LINE = re.compile(r"^[^\S\n]*\S[^\n]*", re.MULTILINE)
_SIGNATURE_LINES = 4
_SIGNATURE_WORDS = 6
_NO_SIGNATURE = re.compile(r"\d{3}|[?!.]\s*$|^\s*[\w-]{2,20}\s?:\s?\S")
_LINKS = frozenset({"och", "o", "å", "&", "von", "af", "de", "med", "av", "gm", "genom"})
_POLITE_TEXT = """
bästa en ett från förhand glada hej hilsen hälsar hälsn hälsning hälsningar hälsningen högaktningsfullt kram kramar
mvh på sommar tack tacksam varm varma vh vänlig vänliga vänligen vänligt
"""
_POLITE = frozenset(_POLITE_TEXT.split())


def signature(text: str, words: list[re.Match[str]], common: frozenset[str] = frozenset()) -> Iterator[int]:
    """Which of the words look like a sender's name on one of the last lines; ``common`` ones never do."""
    lines = [found.span() for found in _LINE.finditer(text)]
    for start, end in lines[1:][-_SIGNATURE_LINES:]:
        inside = [i for i, word in enumerate(words) if start <= word.start() < end]
        telling = [i for i in inside if words[i].group().lower() not in _LINKS | _POLITE]
        short = 0 < len(telling) <= _SIGNATURE_WORDS
        if short and not _NO_SIGNATURE.search(text[start:end]):
            yield from _names_of_line(words, telling, common)


def _names_of_line(words: list[re.Match[str]], telling: list[int], common: frozenset[str]) -> Iterator[int]:
    """All of a line that holds nothing but capitalised uncommon words and initials; else what is a known name."""
    group = [words[i].group() for i in telling]
    if not any(w.lower() in common for w in group) and all(
        (w[0].isupper() and not is_word(w.lower())) or _is_name(w) or len(w) == 1 for w in group
    ):
        yield from telling
        return
    yield from (i for i in telling if known(words[i].group().lower()) and words[i].group()[0].isupper())


def _is_name(word: str) -> bool:
    return known(word.lower()) and (word[0].isupper() or word not in RATHER_WORDS)
