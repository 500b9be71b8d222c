"""The few words around a hit, with the hits between U+E000 and U+E001."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cases.ports import Analyser
from storage.query import Word

START, END = "\ue000", "\ue001"
_TOKENS = re.compile(r"[^\W_]+")
_BEFORE, _LENGTH = 60, 200
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


def snippet(plain: str, words: Sequence[Word], analyser: Analyser) -> str:
    """About two hundred characters around the first hit, in one line; from the beginning where none is found."""
    clean = unicodedata.normalize("NFC", plain.replace(START, "").replace(END, ""))
    text = " ".join(clean.split())
    spans = [match.span() for match in _TOKENS.finditer(text) if _is_hit(match.group(), words, analyser)]
    start = _word_start(text, max(0, (spans[0][0] if spans else 0) - _BEFORE))
    end = _word_end(text, start + _LENGTH)
    marked = _mark(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end)
    return f"{'…' if start else ''}{marked}{'…' if end < len(text) else ''}"


def _is_hit(token: str, words: Sequence[Word], analyser: Analyser) -> bool:
    found = set(analyser(token))
    return any(_hits(found, word) for word in words)


def _hits(found: set[str], word: Word) -> bool:
    wanted = {term for phrase in word.either for term in phrase} | set(word.parts)
    return bool(found & wanted) or (bool(word.prefix) and any(term.startswith(word.prefix) for term in found))


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", 0, at + 1)
    return at if space < 0 or at == 0 or at - space > _BEFORE else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - _BEFORE, at)
    return at if space < 0 else space


def _mark(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    pieces, at = [], start
    for left, right in spans:
        pieces += [text[at:left], START, text[left:right], END]
        at = right
    pieces.append(text[at:end])
    return _TOUCHING.sub(r"\1", "".join(pieces))
