"""The signs of a signature that stand on a line near the end: a greeting, a name, a card, a telephone's line."""

import re
from itertools import takewhile

from ingest.reading.around.closings import is_closing, is_closing_by_role, is_closing_by_title, is_parting, is_phrase
from ingest.reading.around.devices import is_device_line, is_short_of_name, names_device
from ingest.reading.around.disclaimers import is_small_print
from ingest.reading.around.linekinds import (
    CONTACT,
    DASHES,
    NAME_ALONE,
    SHORT,
    SPEAKS,
    goes_on_below,
    is_footing,
    is_point,
    is_prose,
    is_ruled,
    is_sentence,
    is_title,
    line_above,
    rest_of,
    tells,
)

_NAME = re.compile(r"[\s*]{0,3}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){2,4},?\*?\s{0,3}")
_NAMES = re.compile(r"[^\W\d_]{2,30}")
# A Swede's shortest signature: "/Anna", "//Anna Lind", "/Elsas mamma".
_SLASHED = re.compile(
    r"\s{0,3}/{1,2}\s{0,2}[^\W\d_a-zåäöæøéü][^\s/!?:]{0,25}(?: [^\s/!?:]{1,25}){0,5}(?<!\w\w\.)\s{0,3}"
)
_DASHED_NAME = re.compile(
    r"[-–—]{1,2} ?[^\W\d_a-zåäöæøéü][\w'’.-]{1,25}(?: [^\W\d_a-zåäöæøéü][\w'’.-]{0,25}){0,2}\s{0,3}"
)
# How the line above a bare name ends, where the name is no end of a wrapped sentence: empty is one way.
_ENDS = ("", *".!?)…")
# A line that is a quotation and nothing else.
_QUOTATION = re.compile(r"\s{0,3}[\"“”„»«'‘’][^\"“”„»«]{3,85}[\"“”»«'’]\s{0,3}(?:[-–—] ?[\w .]{2,40})?\s{0,3}")
_NAME_AND_MOTTO = 2
_TITLES = 3
_NICK = 3
# "Mvh Anna, skickat från mobilen"
_DEVICE_TAIL = re.compile(
    r"(?<=\w)\s?[,(–-] ?(?:skicka[td]|sänt|sent|sendt) (?:från|via|from|fra) [^\n.!?]{1,40}$", re.IGNORECASE
)
_SENT = ("skicka", "sänt", "sent", "sendt")


def names_of(sender: str) -> list[str]:
    """Return the words of the name a mail came under, in small letters; an address is none."""
    return [] if "@" in sender else _NAMES.findall(sender.lower())


def begins_signature(lines: list[str], at: int, names: list[str]) -> bool:
    """Whether one of the signs of a signature stands on a line near the end; ``names`` are its sender's."""
    if len(lines[at]) >= SHORT:
        return False
    # Few lines have one of its words, and it takes long to look for its whole from each sign on.
    sent = any(word in lines[at].lower() for word in _SENT)
    if sent and not is_device_line(lines[at]) and (tail := _DEVICE_TAIL.search(lines[at])):
        lines = [*lines[:at], lines[at][: tail.start()], *lines[at + 1 :]]
    return (
        _is_dashed(lines, at, names)
        or _is_device(lines, at)
        or _is_closing(lines, at)
        or _is_name_under_thanks(lines, at)
        or _is_slashed(lines, at, names)
        or _is_named(lines, at, names)
        or _is_above_name(lines, at, names)
        or _is_phrase(lines, at)
        or _is_card(lines, at)
    )


def _is_dashed(lines: list[str], at: int, names: list[str]) -> bool:
    """Whether dashes stand above a name, ways to reach somebody, a greeting, or what is all a quotation: a motto."""
    if not DASHES.fullmatch(lines[at]):
        return False
    rest = rest_of(lines, at)
    if not rest or not all(len(line) < SHORT for line in rest):
        return False
    if _QUOTATION.fullmatch(rest[-1]) and (len(rest) == 1 or _is_sender(rest[0], names)):
        return True
    if _is_sender(rest[0], names) and len(rest) == _NAME_AND_MOTTO and not SPEAKS.search(rest[1]):
        return not goes_on_below(rest)
    prose = any(len(line.split()) >= 3 and line.rstrip()[-1:] in ".!?" and not is_footing(line) for line in rest)
    if (
        prose
        or is_ruled(lines, at)
        or is_point(rest[0])
        or goes_on_below(rest)
        or any(DASHES.fullmatch(line) for line in rest)
    ):
        return False
    return any(NAME_ALONE.fullmatch(line) or is_footing(line) or is_closing(line) for line in rest)


def _is_device(lines: list[str], at: int) -> bool:
    """Whether a line only says with what the mail was sent, near the end of the message."""
    line = lines[at]
    if not is_device_line(line):
        return False
    rest = rest_of(lines, at)
    if len(rest) > 6 or line.rstrip().endswith("?"):
        return False
    return names_device(line) or (is_short_of_name(line) and not any(map(is_sentence, rest)))


def _is_closing(lines: list[str], at: int) -> bool:
    """Whether a closing phrase stands alone, or with a name, and short lines follow until disclaimers begin."""
    if not is_closing(lines[at]):
        signs = is_closing_by_role(lines[at]) or (is_closing_by_title(lines[at]) and not tells(lines[at]))
        return signs and all(is_footing(line) or NAME_ALONE.fullmatch(line) for line in rest_of(lines, at))
    rest = list(takewhile(lambda follower: not is_small_print(follower), rest_of(lines, at)))
    return all(len(follower) < SHORT for follower in rest[:4]) and not goes_on_below(rest)


def _is_name_under_thanks(lines: list[str], at: int) -> bool:
    """Whether only a name, with ways to reach it, stands below a word of thanks; the thanks are part of the letter."""
    if not is_parting(line_above(lines, at)) or not NAME_ALONE.fullmatch(lines[at]):
        return False
    rest = rest_of(lines, at)
    return len(rest) <= 8 and all(len(line) < SHORT for line in rest) and not any(map(is_sentence, rest))


def _is_slashed(lines: list[str], at: int, names: list[str]) -> bool:
    """Whether a line is a name behind a slash: with ways to reach him below, or a few lines of the sender's."""
    if not _SLASHED.fullmatch(lines[at]):
        return False
    rest = rest_of(lines, at)
    if _is_sender(lines[at], names):
        return len(rest) <= _TITLES and not any(map(tells, rest))
    return all(map(is_footing, rest)) and not tells(lines[at])


def _is_named(lines: list[str], at: int, names: list[str]) -> bool:
    """Whether a line is the sender's full name and only short lines, some with ways to reach him, follow."""
    words = _NAMES.findall(lines[at].lower())
    dashed = _DASHED_NAME.fullmatch(lines[at]) and _ends_paragraph(lines, at)
    # "Anna" alone at the end, from Anna Lind
    alone = _is_called(words, names) and lines[at - 1].rstrip()[-1:] in _ENDS
    if (dashed or alone) and all(map(is_footing, rest_of(lines, at))):
        return True
    named = len(names) >= 2 and len(words) <= len(names) + 3 and {names[0], names[-1]} <= set(words)
    if not named or _is_said(lines[at], names):
        return False
    rest = rest_of(lines, at)
    if any(len(line) >= SHORT or is_prose(line) for line in rest) or line_above(lines, at).rstrip().endswith(":"):
        return False
    below = lines[at + 1 : at + 1 + len(rest)]
    titles = rest == below[:_TITLES] and all(map(is_title, rest)) and not lines[at - 1].strip()
    return not rest or titles or any(CONTACT.search(line) for line in rest)


def _is_sender(line: str, names: list[str]) -> bool:
    """Whether a line is the sender's whole name and nothing else."""
    return len(names) > 1 and re.findall(r"[^\W\d_]{1,30}", line.lower()) == names


def _is_called(words: list[str], names: list[str]) -> bool:
    """Whether words are names of the sender's, or one is what he is called for short: *Alex* of Alexander."""
    short = len(words) == 1 and len(words[0]) >= _NICK and any(name.startswith(words[0]) for name in names)
    return bool(words) and (short or set(words) <= set(names))


def _is_said(line: str, names: list[str]) -> bool:
    """Whether a line with the sender's name asks or says something: a question, or a full stop behind a small word."""
    last = re.search(r"([^\W\d_A-ZÅÄÖ]{3,30})\.\s{0,3}$", line)
    return line.rstrip()[-1:] in ("?", "!") or bool(last and last.group(1) not in names)


def _ends_paragraph(lines: list[str], at: int) -> bool:
    """Whether a sentence ends above a line, and not one of a list."""
    above = line_above(lines, at).strip()
    return above[-1:] in tuple(".!?") and above[:1] not in tuple("-–—*•")


def _is_above_name(lines: list[str], at: int, names: list[str]) -> bool:
    """Whether a few words begin the last paragraph and the sender's name alone follows: a greeting in any language."""
    line, below = lines[at].strip(), lines[at + 1 : at + 2]
    if lines[at - 1].strip() or not below or len(below[0]) > 60 or line[-1:] in ".!?:;" or len(line.split()) > 5:
        return False
    words = _NAMES.findall(below[0].lower())
    if not words or not set(words) <= set(names) or is_parting(line):
        return False
    return all(map(is_footing, rest_of(lines, at + 1)))


def _is_phrase(lines: list[str], at: int) -> bool:
    """Whether a paragraph is a short phrase with a comma and a name below it, in whatever language: *Yours ever,*."""
    below = lines[at + 1 : at + 2]
    if lines[at - 1].strip() or not below or not is_phrase(lines[at]) or is_parting(lines[at]):
        return False
    return (
        bool(NAME_ALONE.fullmatch(below[0]))
        and len(below[0].split()) <= 3
        and not below[0].rstrip().endswith(",")
        and all(map(is_footing, rest_of(lines, at + 1)))
    )


def _is_card(lines: list[str], at: int) -> bool:
    """Whether a paragraph of its own is a visiting card: a name, then mostly lines with ways to reach him."""
    said = lines[at].rstrip().endswith(".") or line_above(lines, at).rstrip().endswith(":")
    if lines[at - 1].strip() or not _NAME.fullmatch(lines[at]) or said:
        return False
    rest = rest_of(lines, at)
    reach = sum(bool(CONTACT.search(line)) for line in rest)
    return reach >= 2 and reach * 2 >= len(rest) and all(len(line) < SHORT for line in rest)


def is_device_alone(text: str) -> bool:
    """Whether the only line of a text is the one a telephone or mail program adds by itself."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) == 1 and _is_device(lines, 0)
