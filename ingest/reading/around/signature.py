"""Telling the signature from the message: names, phones and disclaimers are kept, but apart."""

from itertools import dropwhile, islice, takewhile

from ingest.reading.around.beginnings import begins_signature, names_of
from ingest.reading.around.closings import is_closing
from ingest.reading.around.disclaimers import is_small_print
from ingest.reading.around.linekinds import (
    CONTACT,
    DASHES,
    SPEAKS,
    TELLS,
    is_footing,
    is_point,
    is_ruled,
    is_sentence,
    tells,
)
from ingest.reading.limits import MAX_SIGNS
from ingest.reading.markup.html import MARKS, SIGNATURE_BEGINS, SIGNATURE_ENDS

_MAX_LINES = 15


def split_signature(message: str, sender: str = "") -> tuple[str, str]:
    """Return the message without its signature, and the signature; a message is never left empty.

    ``sender`` is the name the mail came under: a line with that name near the end begins a signature.
    """
    message = _without_last_rule(message)
    # Spaces at the end of a line make none long; the sign of RFC 3676 has one.
    whole = [line if line == "-- " else line.rstrip() for line in message.rstrip().split("\n")]
    lines, lifted = _without_marked(whole)
    at = _signature_start(lines, sender)
    if at is None:
        return ("\n".join(lines).strip(), "\n".join(lifted)) if lifted else (message, "")
    above = _without_rule(lines[:at])
    forgotten = _forgotten(lines[at:])
    before = "\n".join([*above, "", *forgotten] if forgotten else above).rstrip()
    below = [line for line in lines[at:] if line not in forgotten]
    signature = "\n".join(line for line in lifted + below if not DASHES.fullmatch(line)).strip()
    return (before, signature) if MARKS.sub("", before).strip() else (message, "")


def _without_last_rule(message: str) -> str:
    """Return a message without the dashes that end it, where a program set a signature's sign and no signature."""
    above, _, last = message.rstrip().rpartition("\n")
    return above.rstrip() if DASHES.fullmatch(last) and above.strip() else message


def _without_rule(lines: list[str]) -> list[str]:
    """Return lines without the empty ones and the dashes at their end."""
    last = next((number for number in range(len(lines), 0, -1) if not _is_rule(lines[number - 1])), 0)
    return lines[:last]


def _is_rule(line: str) -> bool:
    return not line.strip() or bool(DASHES.fullmatch(line))


def _forgotten(lines: list[str]) -> list[str]:
    """Return the lines below somebody's greeting or name in which he speaks of himself or to us: what he forgot to say.

    Below the sign of RFC 3676, and in what a mail program marked as the signature, nobody writes.
    """
    if DASHES.fullmatch(lines[0]) or MARKS.search(lines[0]):
        return []
    own = list(takewhile(lambda line: not is_small_print(line), lines[1:]))
    found: list[str] = []
    for number, line in enumerate(own):
        goes_on = found and found[-1] == own[number - 1] and (len(line.split()) >= 4 or line.strip()[:1].islower())
        if (goes_on or _is_forgotten(own, number)) and not is_footing(line):
            found.append(line)
    return found


def _is_forgotten(lines: list[str], at: int) -> bool:
    """Whether a line speaks of its writer or to us, or tells something above the ways to reach him."""
    line = lines[at]
    if len(line.split()) < 4:
        return False
    told = SPEAKS.search(line) or (TELLS.search(line) and not any(map(CONTACT.search, lines[:at])))
    return bool(told)


def _without_marked(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take out a signature whose ends the HTML reader marked, when its writer goes on below it; return both parts."""
    begin = next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), len(lines))
    end = next((number for number in range(begin, len(lines)) if SIGNATURE_ENDS in lines[number]), len(lines))
    below = list(dropwhile(lambda line: not line.strip(), lines[end + 1 :]))
    if not any(map(is_sentence, takewhile(lambda line: not is_small_print(line), below))):
        return lines, []
    return [*lines[:begin], *below], [line for line in lines[begin:end] if MARKS.sub("", line).strip(" \n-")]


def _signature_start(lines: list[str], sender: str) -> int | None:
    """Return the earliest line at which one of the signs of a signature stands, with some text before it."""
    printed = _disclaimer(lines)
    own = lines if printed is None else _without_rule(lines[:printed])
    signs = (number for number, line in enumerate(lines) if number and line.rstrip() == "--")
    names = names_of(sender)
    starts = [
        next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), None),
        next((number for number in islice(signs, MAX_SIGNS) if _is_sign(lines, number)), None),
        next((number for number in _tail(own) if own[number].strip() and begins_signature(own, number, names)), None),
        printed,
    ]
    found = [at for at in starts if at is not None and MARKS.sub("", "\n".join(lines[:at])).strip()]
    return min(found, default=None)


def _tail(lines: list[str]) -> range:
    """Return the numbers of the last lines, as many as a signature has at most, empty ones not counted."""
    number = len(lines)
    seen = 0
    while number > 1 and seen <= _MAX_LINES and len(lines) - number < 4 * _MAX_LINES:
        number -= 1
        seen += bool(lines[number].strip())
    return range(number, len(lines))


def _is_sign(lines: list[str], at: int) -> bool:
    """Whether two dashes are the sign of RFC 3676; without its blank they may stand between two parts of a letter."""
    return lines[at] == "-- " or not (is_ruled(lines, at) or _divides(lines, at))


def _divides(lines: list[str], at: int) -> bool:
    """Whether a letter goes on below ``--``: a question, a point of a list, or at once somebody who tells more.

    One sentence may be a motto, unless its writer speaks of himself, or greets below it or did the same above.
    """
    below = list(filter(str.strip, lines[at + 1 : at + 60]))
    if any(line.rstrip().endswith("?") for line in below) or any(map(is_point, below[:1])):
        return True
    own = list(takewhile(lambda line: not is_small_print(line), below))
    if not any(map(_tells, own[:1])):
        return False
    divided = any(line.rstrip() == "--" for line in lines[max(0, at - 60) : at])
    return bool(SPEAKS.search(own[0])) or divided or sum(map(_tells, own)) > 1 or any(map(is_closing, own[1:]))


def _tells(line: str) -> bool:
    return len(line.split()) >= 4 and tells(line) and not CONTACT.search(line)


def _disclaimer(lines: list[str]) -> int | None:
    """Find where the legal small print begins: a paragraph's start in the later part of the message."""
    for number in range(max(1, len(lines) - 40), len(lines)):
        starts = not lines[number - 1].strip() or DASHES.fullmatch(lines[number - 1]) or number * 2 > len(lines)
        if starts and lines[number].strip() and _prints_from(lines, number):
            return number
    return None


def _prints_from(lines: list[str], at: int) -> bool:
    """Whether a paragraph is small print from this line on: what a scanner adds right below a sentence is not its."""
    if not is_small_print(_paragraph(lines, at)):
        return False
    below = lines[at + 1 : at + 2]
    goes_on = not below or below[0].strip()[:1].islower() or is_small_print(lines[at])
    return goes_on or not is_small_print(_paragraph(lines, at + 1))


def _paragraph(lines: list[str], at: int) -> str:
    """Return the first lines of a paragraph as one."""
    return " ".join(takewhile(str.strip, lines[at : at + 5]))
