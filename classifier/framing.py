"""What stands about a letter and is not the letter.

A form's questions, small print, ways to reach the writer, a note from whoever passed it on: a letter with much of that
was taken for one to the registrator's own office (docs/classifier.md).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from classifier.personal.contacts import find_contacts
from classifier.text import SENTENCE
from classifier.words.frames import (
    ANSWERS,
    ASKS,
    CLOSING,
    COMPANY,
    FORM_SENT,
    FORM_SUBJECT,
    KIN,
    OWN,
    PASSES_ON,
    SMALL_PRINT,
    folded,
)

Stretch = tuple[int, int]
SIGNATURE_SIGN = "\n-- \n"
_LINE = re.compile(r"^[^\S\n]*\S[^\n]*", re.MULTILINE)
_LABEL_END = re.compile(r"[:?]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LEAST_ASKED = 2  # a letter with one of a form's questions may have written it itself
_LONGEST_LABEL, _LONGEST_ANSWER, _MOST_WORDS = 100, 80, 7
_TAIL = 14  # lines in which a signature is looked for
_EDGE = 3  # lines at either end in which a form says that it is one
_LONGEST_NOTE, _LONGEST_PASSING = 300, 160
_LEAST_LETTER = 60  # signs of what is passed on


def unframed(text: str) -> str:
    """The letter's own words, everything else spaces: as long as the text, whose first line is the subject.

    A text of nothing else stays as it is.
    """
    subject, line_end, body = text.partition("\n")
    said = blanked(subject, _subject(subject))
    rest = body
    for find in (_below_the_sign, _note, _form, _small_print, _signature):
        rest = blanked(rest, find(rest))
    return said + line_end + (rest if rest.strip() else body)


def blanked(text: str, found: Iterable[Stretch]) -> str:
    """The text with spaces in these stretches; line breaks stay."""
    for start, end in found:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _subject(subject: str) -> Iterator[Stretch]:
    yield from (found.span() for found in FORM_SUBJECT.finditer(subject[:200]))


def _below_the_sign(body: str) -> Iterator[Stretch]:
    """What stands below the sign of a signature (RFC 3676 4.3)."""
    at = body.find(SIGNATURE_SIGN)
    if at >= 0 and body[:at].strip():
        yield at, len(body)


def _note(body: str) -> Iterator[Stretch]:
    """What passes the letter on, in its first paragraphs."""
    found, start = [], 0
    for gap in islice(_PARAGRAPH.finditer(body), 3):
        found += _passed_on(body, start, gap.start())
        start = gap.end()
        if start > _LONGEST_NOTE:
            break
    if found and len(body[found[-1][1] :].strip()) >= _LEAST_LETTER:
        yield from found


def _passed_on(body: str, start: int, end: int) -> list[Stretch]:
    """A paragraph's sentences that pass on; with them its greeting and name, where it has hardly anything else."""
    sentences = list(SENTENCE.finditer(body, start, end))
    short = (part for part in sentences if len(part.group()) <= _LONGEST_PASSING)
    passing = [part.span() for part in short if PASSES_ON.search(part.group())]
    others = sum(len(part.group().split()) for part in sentences if part.span() not in passing)
    return [(start, end)] if passing and others <= _MOST_WORDS else passing


def _form(body: str) -> Iterator[Stretch]:
    """A form's questions; its answers, too, where they tell who writes and how to answer."""
    lines = list(_LINE.finditer(body))
    labels = [_label(line.group()) for line in lines]
    if len({label for label, _ in labels if label}) >= _LEAST_ASKED:
        for number, (label, width) in enumerate(labels):
            if label:
                yield from _question(lines, labels, number, width)
    for line in {*lines[:_EDGE], *lines[-_EDGE:]}:
        yield from (
            (line.start() + part.start(), line.start() + part.end())
            for part in SENTENCE.finditer(line.group()[:500])
            if FORM_SENT.search(part.group())
        )


def _label(line: str) -> tuple[str, int]:
    """The known question a line begins with, and how wide it is; else nothing."""
    end = _LABEL_END.search(line, 0, _LONGEST_LABEL)
    if end is None and len(line) > _LONGEST_LABEL:
        return ("", 0)
    head = line[: end.end()] if end else line
    name = folded(head)
    return (name, len(head)) if name in ASKS or name in ANSWERS else ("", 0)


def _question(lines: list[re.Match[str]], labels: list[tuple[str, int]], at: int, width: int) -> Iterator[Stretch]:
    line = lines[at]
    yield line.start(), line.start() + width
    if labels[at][0] not in ASKS:
        return
    if line.group()[width:].strip():
        answer, start = line.group()[width:], line.start() + width
    elif at + 1 < len(lines) and not labels[at + 1][0]:
        answer, start = lines[at + 1].group(), lines[at + 1].start()
    else:
        return
    if len(answer) <= _LONGEST_ANSWER and len(answer.split()) <= _MOST_WORDS:
        yield start, start + len(answer)


def _small_print(body: str) -> Iterator[Stretch]:
    """Lines that organisations and mail programs add, with what goes on below until an empty line."""
    at = 0
    while (found := SMALL_PRINT.search(body, at)) is not None:
        gap = _PARAGRAPH.search(body, found.start())
        at = gap.start() if gap else len(body)
        end = at if not OWN.search(body, found.start(), at) else _line_end(body, found.end())
        yield found.start(), end
        at = max(end, found.end())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _signature(body: str) -> Iterator[Stretch]:
    """Where to reach the writer, at the end; name, title and firm above it, too, where there is much of that."""
    lines = list(_LINE.finditer(body))[-_TAIL:]
    closing = next((at for at, line in enumerate(lines) if CLOSING.match(line.group()[:80])), None)
    tail = lines[closing + 1 :] if closing is not None else lines[1:][-_EDGE:]
    reach = [at for at, line in enumerate(tail) if _tells_where(line.group())]
    for at in reach:
        yield from _reach(tail[at])
    if closing is not None and len(reach) > 1:
        yield from (line.span() for line in tail[: reach[-1]] if _is_title(line.group()))


def _reach(line: re.Match[str]) -> Iterator[Stretch]:
    """The line; of one that says who they are to the matter, too, only where to reach them."""
    if not KIN.search(line.group()):
        yield line.span()
        return
    yield from ((line.start() + span.start, line.start() + span.end) for span in find_contacts(line.group()))


def _tells_where(line: str) -> bool:
    """Whether a line holds ways to reach somebody and hardly anything else."""
    if len(line) > 2 * _LONGEST_ANSWER:
        return False
    taken = bytearray(len(line))
    for span in find_contacts(line):
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for found in COMPANY.finditer(line):
        taken[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    letters = [at for at, sign in enumerate(line) if sign.isalnum()]
    return bool(letters) and 2 * sum(taken[at] for at in letters) >= len(letters)


def _is_title(line: str) -> bool:
    return len(line.split()) <= _MOST_WORDS and not KIN.search(line) and not OWN.search(line)
