"""Reads what somebody typed in the search box into words to be matched; any string is a query, none is an error."""

import re
import unicodedata
from dataclasses import dataclass, replace

from cases.ports import Analyser

_CHUNKS = re.compile(r'"([^"]*)"|([^\s",;]+)')
_WORDS = re.compile(r"[^\W_]+")
_MAX_WORDS = 12
_MAX_TERM = 100
# Every second word begins with any one letter.
_SHORTEST_PREFIX = 2
# Words that stand in every letter: asked together with others they choose nothing, and cost most of the time.
_COMMON = re.compile(
    "att|av|de|den|det|en|er|ett|från|för|har|i|inte|jag|kan|med|men|min|ni|när|och|om|på|som|så|till|var|vi|vår|är"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query.

    A document matches with any of ``either``, each of which is a phrase of adjacent terms, or with all of ``parts``;
    ``prefix`` is the beginning of a term that is enough, or empty.
    """

    typed: str
    either: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...] = ()
    prefix: str = ""


def parse_query(query: str, analyser: Analyser) -> list[Word]:
    """The words of a query, each of which a case must match.

    Whole words match by their lemma or as typed (*nämnd* may be of *nämna*), or by all parts of a compound together:
    ``gatlyktan`` finds *gatlyktor* and *gatans lyktor*, never every *gata*. What is written without spaces
    (``KS/2026:12``, an e-mail address) or between quotes is matched as adjacent terms. The last word may be unfinished.
    Words of every letter (*och*, *att*) are left out where others remain.
    """
    text = unicodedata.normalize("NFC", query)
    chunks = list(_CHUNKS.finditer(text))[:_MAX_WORDS]
    words = [_word(match, analyser) for match in chunks]
    found = _telling([word for word in words if word is not None])
    if found and not text.endswith((" ", '"')):
        found[-1] = _unfinished(found[-1])
    return found


def _telling(words: list[Word]) -> list[Word]:
    return [word for word in words if not _COMMON.fullmatch(word.typed.lower())] or words[:1]


def _word(match: re.Match[str], analyser: Analyser) -> Word | None:
    typed = match.group(1) or match.group(2) or ""
    terms = tuple(term[:_MAX_TERM] for term in analyser(typed) if _WORDS.fullmatch(term))
    if not terms:
        return None
    if len(_WORDS.findall(typed)) > 1:
        return Word(typed, (terms,))
    as_typed = tuple(_WORDS.findall(typed.lower()))
    return Word(typed, tuple(dict.fromkeys((terms[:1], (as_typed[0][:_MAX_TERM],)))), terms[1:])


def _unfinished(word: Word) -> Word:
    pieces = _WORDS.findall(word.typed.lower())
    prefix = pieces[0][:_MAX_TERM] if len(pieces) == 1 and len(pieces[0]) >= _SHORTEST_PREFIX else ""
    return replace(word, prefix=prefix)
