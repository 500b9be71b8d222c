"""The few words around a hit, with the hits between U+E000 and U+E001."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from cases.ports import Analyser
from storage.search.query import Word

START, END = "\ue000", "\ue001"
_TOKENS = re.compile(r"[^\W_]+")
_BEFORE, _LENGTH = 60, 200
_Seen = dict[str, frozenset[int]]
# Marks that touch, as in a number or an address, are one hit.
_TOUCHING = re.compile(rf"{END}([^\w\s]?){START}")


@dataclass(frozen=True, slots=True)
class Document:
    """One search document of a case."""

    kind: str
    plain: str
    terms: str


def best_document(documents: Sequence[Document], words: Sequence[Word]) -> Document:
    """The document that matches most of the words; the first of equals."""
    return max(documents, key=lambda document: _matched(document, words), default=Document("", "", ""))


def _matched(document: Document, words: Sequence[Word]) -> int:
    terms = f" {document.terms} "
    return sum(_matches(terms, word) for word in words)


def _matches(terms: str, word: Word) -> bool:
    if any(f" {' '.join(phrase)} " in terms for phrase in word.either):
        return True
    if word.parts and all(f" {part} " in terms for part in word.parts):
        return True
    return bool(word.prefix) and f" {word.prefix}" in terms


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    words: frozenset[int]


def snippet(plain: str, words: Sequence[Word], analyser: Analyser, seen: _Seen | None = None) -> str:
    """About two hundred characters, in one line, around the hit with most of the other words near it.

    ``seen`` keeps which words of the query a word of a text is, from one text to the next.
    """
    clean = unicodedata.normalize("NFC", plain.replace(START, "").replace(END, ""))
    text = " ".join(clean.split())
    hits = _hits(text, words, analyser, {} if seen is None else seen)
    start = _word_start(text, max(0, _best(hits) - _BEFORE))
    end = _word_end(text, start + _LENGTH)
    marked = _mark(text, [hit for hit in hits if start <= hit.start and hit.end <= end], start, end)
    return f"{'…' if start else ''}{marked}{'…' if end < len(text) else ''}"


def _hits(text: str, words: Sequence[Word], analyser: Analyser, seen: _Seen) -> list[_Hit]:
    hits = []
    for match in _TOKENS.finditer(text):
        token = match.group().lower()
        if token not in seen:
            found = {token, *analyser(token)}
            seen[token] = frozenset(i for i, word in enumerate(words) if _hit_by(found, word))
        if seen[token]:
            hits.append(_Hit(*match.span(), seen[token]))
    return hits


def _hit_by(found: set[str], word: Word) -> bool:
    wanted = {term for phrase in word.either for term in phrase} | set(word.parts)
    return bool(found & wanted) or (bool(word.prefix) and any(term.startswith(word.prefix) for term in found))


def _best(hits: Sequence[_Hit]) -> int:
    """Where the hit stands after which most different words follow within a snippet; the first of equals."""
    return max(enumerate(hits), key=lambda pair: _follow(hits, pair[0]), default=(0, _Hit(0, 0, frozenset())))[1].start


def _follow(hits: Sequence[_Hit], first: int) -> int:
    reach = hits[first].start + _LENGTH - _BEFORE
    near = takewhile(lambda hit: hit.end <= reach, islice(hits, first, None))
    return len(frozenset[int]().union(*(hit.words for hit in near)))


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", 0, at + 1)
    return at if space < 0 or at == 0 or at - space > _BEFORE else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - _BEFORE, at)
    return at if space < 0 else space


def _mark(text: str, hits: Sequence[_Hit], start: int, end: int) -> str:
    pieces, at = [], start
    for hit in hits:
        pieces += [text[at : hit.start], START, text[hit.start : hit.end], END]
        at = hit.end
    pieces.append(text[at:end])
    return _TOUCHING.sub(r"\1", "".join(pieces))
