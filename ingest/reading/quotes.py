"""What the sender newly wrote, told from the thread quoted below, above or around it."""

import re

from ingest.reading.attribution import find_attribution
from ingest.reading.html import MARKS, QUOTE_BEGINS, QUOTE_ENDS, SIGNATURE_BEGINS
from ingest.reading.limits import MAX_LINES_QUOTED
from ingest.reading.quoteblocks import find_header_block, is_original_marker, is_separator

_QUOTED = re.compile(r"[ \t]{0,4}(?:>|\|\s|[A-Z]{1,3}>\s)")


def without_marks(text: str) -> str:
    """Return text as people read it, without the quote marks that the HTML reader set."""
    return (
        re.sub(r"\n{3,}", "\n\n", re.sub("[\ue0f0\ue0f1\ue0f2]\n?", "", text)).strip("\n")
        if MARKS.search(text)
        else text
    )


def new_lines(text: str) -> str:
    """Return the lines that are not quoted, in order; when nothing would be left, everything.

    A quote introduced by an attribution reaches over the quoted lines after it, or, when they carry no signs (as with
    Outlook), to the end of the text: new text between signed quotes stays.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES_QUOTED:
        return without_marks(text)
    kept: list[str] = []
    at = 0
    while at < len(lines):
        after = _quote_end(lines, at, kept)
        if after is None:
            kept.append(lines[at])
            at += 1
        else:
            at = after
    result = without_marks("\n".join(kept)).strip("\n ")
    return result if result.strip(" \n-_>*=") else without_marks(text)


def _quote_end(lines: list[str], at: int, kept: list[str]) -> int | None:
    """Return the line past the quote beginning at a line, or nothing; an attribution already kept is taken back."""
    line = lines[at]
    if QUOTE_BEGINS in line:
        return _marked_end(lines, at)
    if QUOTE_ENDS in line or SIGNATURE_BEGINS in line:
        return None
    if _QUOTED.match(line):
        return at + 1
    return _rest(lines, at + 1) if is_original_marker(line) else _introduced_end(lines, at, kept)


def _introduced_end(lines: list[str], at: int, kept: list[str]) -> int | None:
    """Return the line past a quote that an attribution or a header block introduces, or nothing."""
    found = find_attribution(lines, at)
    if found:
        _take_back(lines, found[0], at, kept)
        return _rest(lines, found[1])
    block = find_header_block(lines, at)
    if block is None:
        return None
    _drop_separator(kept)
    return _rest(lines, block)


def _take_back(lines: list[str], first: int, at: int, kept: list[str]) -> None:
    """Remove the lines of a wrapped attribution that were kept before its end was seen."""
    for line in reversed(lines[first:at]):
        if kept and kept[-1] == line:
            kept.pop()


def _drop_separator(kept: list[str]) -> None:
    while kept and (not kept[-1].strip() or is_separator(kept[-1])):
        kept.pop()


def _rest(lines: list[str], at: int) -> int:
    """Return where new text may begin again: behind signed quote lines, else never."""
    following = at
    while following < len(lines) and not lines[following].strip():
        following += 1
    if following < len(lines) and (_QUOTED.match(lines[following]) or QUOTE_BEGINS in lines[following]):
        return at
    return len(lines)


def _marked_end(lines: list[str], at: int) -> int:
    """Return the line past a quote the HTML reader marked; one without an end goes to the end of the text."""
    depth = 0
    for number in range(at, len(lines)):
        depth += lines[number].count(QUOTE_BEGINS) - lines[number].count(QUOTE_ENDS)
        if depth <= 0:
            return number + 1
    return len(lines)
