"""Questions and answers in plain text: ``Namn: Berit``, or the answer on the lines below."""

import re
from collections.abc import Mapping

from ingest.forms.source import Pair, fold

_COLUMNS = re.compile(r"\t{1,9}| {3,60}")
_RULE = re.compile(r"[-=_*~]{3,200}")
_MAX_LINES = 5_000
_LONGEST_LABEL = 120


def read_lines(text: str, known: Mapping[str, str]) -> list[Pair]:
    """The known questions of a text with their answers.

    Only a known question ends an answer, so that what a citizen wrote with a colon in it stays whole. What follows a
    one-line answer belongs to the citizen's text, if that has begun: a form's text may look like its questions.
    """
    found: list[tuple[str, list[str]]] = []
    text_at = -1
    for line in text.split("\n")[:_MAX_LINES]:
        label, rest = _question(line, known)
        if label:
            found.append((label, [rest] if rest else []))
            text_at = len(found) - 1 if known[label] == "text" and text_at < 0 else text_at
        elif found and not _RULE.fullmatch(line.strip()):
            _continue(found, text_at, line, known)
    return [Pair((label,), "\n".join(lines).strip()) for label, lines in found]


def _continue(found: list[tuple[str, list[str]]], text_at: int, line: str, known: Mapping[str, str]) -> None:
    label, lines = found[-1]
    kind = known[label]
    has_answer = any(piece.strip() for piece in lines)
    if kind == "text" or not has_answer or (kind == "address" and line.strip() and lines[-1].strip()):
        lines.append(line)
    elif text_at >= 0 and kind:
        found[text_at][1].append(line)


def _question(line: str, known: Mapping[str, str]) -> tuple[str, str]:
    """The folded question of a line and what stands behind it; empty where the line begins none."""
    head, colon, rest = line.partition(":")
    if colon and len(head) <= _LONGEST_LABEL and fold(head) in known:
        return fold(head), rest.strip()
    columns = _COLUMNS.split(line.strip(), maxsplit=1)
    if len(columns) == 2 and fold(columns[0]) in known:
        return fold(columns[0]), columns[1].strip()
    whole = fold(line) if len(line) <= _LONGEST_LABEL else ""
    return (whole, "") if whole in known else ("", "")
