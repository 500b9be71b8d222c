"""``lyhord suggest``: JSON lines in, JSON lines out."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from cases.errors import LyhordError
from cases.routing.suggestion import Classifier, Suggestion
from classifier.text import whole_signs

_BATCH = 32


class LetterLineError(LyhordError):
    """A line given to be suggested for is no JSON object with ``subject`` and ``body``."""


def decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """The lines as text, each without the mark that some editors begin a file with.

    Raises `LetterLineError` with the line's number where it is not UTF-8.
    """
    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LetterLineError(
                f"Rad {number} är inte UTF-8 (byte {error.start + 1}): spara filen som UTF-8"
            ) from error


def suggest_jsonl(lines: Iterable[str], model: Classifier) -> Iterator[str]:
    """One answer for each line ``{id, subject, body}``, in order.

    An answer is ``{id, unit_ranked, unit_confidence, type, flags, severity, language, evidence}``.

    *unit* is the neutral area: ``unit_ranked`` lists area ids best first, ``unit_confidence`` their confidences in
    the same order, ``flags`` flag ids, ``evidence`` objects ``{start, end, text, weight}`` whose positions count in
    subject + line break + body. Empty lines are passed over. Raises `LetterLineError` with the line's number.
    """
    rows = (_row(number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(rows, _BATCH)):
        found = model.suggest_many([(str(r.get("subject") or ""), str(r.get("body") or "")) for r in batch])
        answers = (_answer(row.get("id"), said) for row, said in zip(batch, found, strict=True))
        yield from (whole_signs(json.dumps(answer, ensure_ascii=False)) for answer in answers)


def _row(number: int, line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LetterLineError(f"Rad {number} är inte JSON ({error}): väntade {{id, subject, body}}") from error
    if not isinstance(row, dict):
        raise LetterLineError(f"Rad {number} är {type(row).__name__}: väntade {{id, subject, body}}")
    return row


def _answer(name: object, found: Suggestion) -> dict[str, object]:
    return {
        "id": name,
        "unit_ranked": [ranked.area.value for ranked in found.areas],
        "unit_confidence": [round(ranked.confidence, 4) for ranked in found.areas],
        "type": found.type.value,
        "flags": [flag.kind.value for flag in found.flags],
        "severity": found.severity.value,
        "language": found.language,
        "evidence": [{"start": e.start, "end": e.end, "text": e.text, "weight": e.weight} for e in found.evidence],
    }
