"""Fields of a printed blankett: what stands beside or below each fixed heading of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cases.inbound.documents import FIELDS, Blankett, FilledBlankett

_ALIKE = 0.82
"""Likeness from which two headings are one: a machine misreads a letter or two of a printed word."""

_PARTING = ("\t", "_", " _", "..", " ..", "…", " …")
_LONG_TEXTS = frozenset({"text", "address"})
_MAX_LINES = 2_000
_MAX_FIELD = 20_000
_RULES = "_.…·-–— \t"
"""What a blankett prints for people to write on; a full stop or a dash alone is theirs."""


@dataclass(frozen=True, slots=True)
class _Heading:
    field: str
    words: str


def read_blankett(text: str, known: Sequence[Blankett]) -> FilledBlankett | None:
    """The answers on the blankett this text is of; None where it is none of those known."""
    lines = [line.strip() for line in text.splitlines()[:_MAX_LINES]]
    found = next((blankett for blankett in known if _is_of(lines, blankett)), None)
    if found is None:
        return None
    headings = [_Heading(field, words) for field, several in found.headings for words in several]
    # The longest heading first, so that "Namn" does not take the line of "Namn på enheten".
    headings.sort(key=lambda heading: -len(heading.words))
    return FilledBlankett(**_answers(lines, headings))


def _is_of(lines: Sequence[str], blankett: Blankett) -> bool:
    return all(any(_holds(line, mark) for line in lines) for mark in blankett.marks)


def _holds(line: str, mark: str) -> bool:
    return _plain(mark) in _plain(line) or _alike(line, mark)


def _answers(lines: Sequence[str], headings: Sequence[_Heading]) -> dict[str, str]:
    answers: dict[str, list[str]] = {}
    field = ""
    for line in lines:
        heading, rest = _heading(line, headings)
        if heading is not None:
            # A second heading of the same field adds to it, as a page that goes on does.
            field = heading.field
            answers.setdefault(field, []).append(rest)
        elif field:
            answers[field].append(line)
    return {field: _joined(field, parts) for field, parts in answers.items() if field in FIELDS}


def _joined(field: str, parts: Sequence[str]) -> str:
    written = [_without_rules(part) for part in parts]
    if field not in _LONG_TEXTS:
        return next((part for part in written if part), "")[:300]
    sep = "\n" if field == "text" else ", "
    kept: Iterator[str] = iter(written) if field == "text" else (part for part in written if part)
    return sep.join(kept).strip()[:_MAX_FIELD]


def _without_rules(part: str) -> str:
    text = part.strip("_… \t")
    if text.endswith(("..", "--")) or not text.strip(_RULES):
        text = text.rstrip(_RULES)
    return text.lstrip(_RULES) if text.startswith(("..", "--")) else text


def _heading(line: str, headings: Sequence[_Heading]) -> tuple[_Heading | None, str]:
    """The heading a line begins with and what stands after it on the line; a colon or the line's end bounds it."""
    before, colon, after = line.partition(":")
    for heading in headings:
        if _alike(line.strip(_RULES), heading.words):
            return heading, ""
        if colon and _alike(before, heading.words):
            return heading, after.strip()
        words = line[: len(heading.words)]
        rest = line[len(heading.words) :]
        # A tab, or the rule to write on, parts a heading from its answer as a colon does.
        if rest.startswith(_PARTING) and _alike(words, heading.words):
            return heading, rest
    return None, ""


def _alike(one: str, other: str) -> bool:
    a, b = _plain(one), _plain(other)
    if a == b:
        return bool(a)
    if abs(len(a) - len(b)) > 2 or min(len(a), len(b)) < 4:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(":", " ").split())
