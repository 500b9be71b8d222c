"""Telling the signature from the message: names, phones and disclaimers are kept, but apart."""

import re
from itertools import dropwhile, takewhile

from ingest.reading.closings import is_closing, is_closing_by_role, is_parting, is_phrase
from ingest.reading.devices import is_device_line, is_short_of_name, names_device
from ingest.reading.disclaimers import is_small_print
from ingest.reading.html import MARKS, SIGNATURE_BEGINS, SIGNATURE_ENDS

_DASHES = re.compile(r"[ \t]{0,3}(?:-- ?|---|__+|—|–|-\s-|~~+|-{2,100}|_{2,100}|\*{2,100}|#{3,100}|={3,100})[ \t]{0,5}")
_CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]{1,64}@[\w-]{1,64}\.|(?:tel|tfn|tlf|fon|fax|phone|mobil|mob|cell|direkt|växel|org\.?\s?nr|puh|skype)\b"
    r"|(?:\+|\b0|\()\d[\d\s().\-–/]{6,20}\d|\b\d{3} ?\d{2} [A-ZÅÄÖ]|\(\d{3}\) ?\d{3}",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\s*]{0,3}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){2,4},?\*?\s{0,3}")
_NAME_ALONE = re.compile(r"[\s*/~-]{0,4}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){1,4},?\*?\s{0,3}")
# A Swede's shortest signature: "/Anna", "//Anna Lind".
_SLASHED = re.compile(r"\s{0,3}/{1,2}\s{0,2}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25}(?: (?:och|o|&) | )?){1,4}\s{0,3}")
_DASHED_NAME = re.compile(
    r"[-–—]{1,2} ?[^\W\d_a-zåäöæøéü][\w'’.-]{1,25}(?: [^\W\d_a-zåäöæøéü][\w'’.-]{0,25}){0,2}\s{0,3}"
)
_SPEAKS = re.compile(r"^[^\"“”»*'_]*\b(?:[Jj]ag|mig|mej|[Mm]in|[Mm]itt|[Mm]ina|[Nn]i|[Ee]r|[Ee]ra|[Ee]rt|I)\b")
# What a sentence has and a title, a name or an address has not; of English and German only in small letters, since
# their mottos begin with a large one.
_TELLS = re.compile(
    r"^[^\"“”»*'_]*\b(?:är|inte|har|hade|kan|kunde|ska|skall|vill|måste|får|blir|blev|heter|ligger|finns|luktar|behöver|det|att"
    r"|så|när|men|tyvärr|också|redan|ännu|gärna|helst|förresten|dessutom|ikke|hvis|skal|jeg)\b"
    r"|^\s{0,3}[^\W\d_A-ZÅÄÖÆØÜ][^\"“”]*\b(?:is|are|was|not|has|have|will|can|please|the|if|ist|sind|nicht|hat|kann|bitte|ei"
    r"|ole)\b"
)
_POSTSCRIPT = re.compile(r"\s{0,3}(?:p\.?\s?s\.?|obs|nb|n\.b\.)[\s:.!]", re.IGNORECASE)
# How the line above a bare name ends, where the name is no end of a wrapped sentence: empty is one way.
_ENDS = ("", *".!?)…")
# "Mvh Anna, skickat från mobilen"
_DEVICE_TAIL = re.compile(
    r"(?<=\w)\s?[,(–-] ?(?:skicka[td]|sänt|sent|sendt) (?:från|via|from|fra) [^\n.!?]{1,40}$", re.IGNORECASE
)
_MAX_LINES = 15
_SHORT = 90


def split_signature(message: str, sender: str = "") -> tuple[str, str]:
    """Return the message without its signature, and the signature; a message is never left empty.

    ``sender`` is the name the mail came under: a line with that name near the end begins a signature.
    """
    lines, lifted = _without_marked(message.rstrip().split("\n"))
    at = _signature_start(lines, sender)
    if at is None:
        return ("\n".join(lines).strip(), "\n".join(lifted)) if lifted else (message, "")
    above = lines[:at]
    while above and (not above[-1].strip() or _DASHES.fullmatch(above[-1])):
        above.pop()
    forgotten = _forgotten(lines[at:])
    before = "\n".join([*above, "", *forgotten] if forgotten else above).rstrip()
    below = [line for line in lines[at:] if line not in forgotten]
    signature = "\n".join(line for line in lifted + below if not _DASHES.fullmatch(line)).strip()
    return (before, signature) if MARKS.sub("", before).strip() else (message, "")


def _forgotten(lines: list[str]) -> list[str]:
    """Return the lines below somebody's greeting or name in which he speaks of himself or to us: what he forgot to say.

    Below the sign of RFC 3676, and in what a mail program marked as the signature, nobody writes.
    """
    if _DASHES.fullmatch(lines[0]) or MARKS.search(lines[0]):
        return []
    own = list(takewhile(lambda line: not is_small_print(line), lines[1:]))
    found: list[str] = []
    for number, line in enumerate(own):
        goes_on = found and found[-1] == own[number - 1] and (len(line.split()) >= 4 or line.strip()[:1].islower())
        if (goes_on or _is_forgotten(own, number)) and not _small_print(line):
            found.append(line)
    return found


def _is_forgotten(lines: list[str], at: int) -> bool:
    """Whether a line speaks of its writer or to us, or tells something above the ways to reach him."""
    line = lines[at]
    if len(line.split()) < 4:
        return False
    told = _SPEAKS.search(line) or (_TELLS.search(line) and not any(map(_CONTACT.search, lines[:at])))
    return bool(told)


def _without_marked(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take out a signature whose ends the HTML reader marked, when its writer goes on below it; return both parts."""
    begin = next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), len(lines))
    end = next((number for number in range(begin, len(lines)) if SIGNATURE_ENDS in lines[number]), len(lines))
    below = list(dropwhile(lambda line: not line.strip(), lines[end + 1 :]))
    if not any(map(_is_sentence, takewhile(lambda line: not is_small_print(line), below))):
        return lines, []
    return [*lines[:begin], *below], [line for line in lines[begin:end] if MARKS.sub("", line).strip(" \n-")]


def _signature_start(lines: list[str], sender: str) -> int | None:
    """Return the earliest line at which one of the signs of a signature stands, with some text before it."""
    tail = _tail(lines)
    starts = [
        next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), None),
        next((number for number, line in enumerate(lines) if number and _is_sign(lines, number)), None),
        next((number for number in tail if lines[number].strip() and _begins(lines, number, sender)), None),
        _disclaimer(lines),
    ]
    found = [at for at in starts if at is not None and MARKS.sub("", "\n".join(lines[:at])).strip()]
    return min(found, default=None)


def _begins(lines: list[str], at: int, sender: str) -> bool:
    """Whether one of the signs of a signature stands on a line near the end."""
    if len(lines[at]) >= _SHORT:
        return False
    if not is_device_line(lines[at]):
        lines = [*lines[:at], _DEVICE_TAIL.sub("", lines[at]), *lines[at + 1 :]]
    return (
        _is_dashed(lines, at)
        or _is_device(lines, at)
        or _is_closing(lines, at)
        or _is_name_under_thanks(lines, at)
        or _is_named(lines, at, sender)
        or _is_above_name(lines, at, sender)
        or _is_phrase(lines, at)
        or _is_card(lines, at)
    )


def _tail(lines: list[str]) -> range:
    """Return the numbers of the last lines, as many as a signature has at most, empty ones not counted."""
    number = len(lines)
    seen = 0
    while number > 1 and seen <= _MAX_LINES and len(lines) - number < 4 * _MAX_LINES:
        number -= 1
        seen += bool(lines[number].strip())
    return range(number, len(lines))


def _above(lines: list[str], at: int) -> str:
    """Return the nearest line above that is not empty."""
    return next((line for line in reversed(lines[:at]) if line.strip()), "")


def _rest(lines: list[str], at: int) -> list[str]:
    return [line for line in lines[at + 1 :] if line.strip()]


def _is_sentence(line: str) -> bool:
    """Whether a line reads like part of a letter rather than of a signature."""
    return (
        len(line.split()) >= 6 and line.rstrip()[-1:] in ".!?" and not (_CONTACT.search(line) or is_small_print(line))
    )


def _is_prose(line: str) -> bool:
    """Whether a line among names and numbers is a sentence all the same, however short."""
    ends = len(line.split()) >= 3 and line.rstrip()[-1:] in tuple(".!?")
    return ends and not (any(map(str.isdigit, line)) or "@" in line or "www" in line or is_small_print(line))


def _goes_on(rest: list[str]) -> bool:
    """Whether the letter goes on behind a seeming signature: a postscript, a question, or more than a motto."""
    if any(_POSTSCRIPT.match(line) or line.rstrip().endswith("?") for line in rest):
        return True
    return sum(_is_sentence(line) for line in rest) >= 2


def _is_sign(lines: list[str], at: int) -> bool:
    """Whether a line is the sign of RFC 3676; without its blank, a question below it shows that it is none."""
    return lines[at] == "-- " or (
        lines[at].rstrip() == "--" and not any(line.rstrip().endswith("?") for line in lines[at : at + 60])
    )


def _is_dashed(lines: list[str], at: int) -> bool:
    rest = _rest(lines, at)
    if not _DASHES.fullmatch(lines[at]) or not rest or not all(len(line) < _SHORT for line in rest):
        return False
    prose = any(len(line.split()) >= 3 and line.rstrip()[-1:] in ".!?" and not _small_print(line) for line in rest)
    if prose or _goes_on(rest) or any(_DASHES.fullmatch(line) for line in rest):
        return False
    return any(_NAME_ALONE.fullmatch(line) or _small_print(line) or is_closing(line) for line in rest)


def _small_print(line: str) -> bool:
    return bool(_CONTACT.search(line) or is_small_print(line) or is_device_line(line))


def is_device_alone(text: str) -> bool:
    """Whether the only line of a text is the one a telephone or mail program adds by itself."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) == 1 and _is_device(lines, 0)


def _is_device(lines: list[str], at: int) -> bool:
    """Whether a line only says with what the mail was sent, near the end of the message."""
    line = lines[at]
    rest = _rest(lines, at)
    if not is_device_line(line) or len(rest) > 6 or line.rstrip().endswith("?"):
        return False
    return names_device(line) or (is_short_of_name(line) and not any(map(_is_sentence, rest)))


def _is_closing(lines: list[str], at: int) -> bool:
    """Whether a closing phrase stands alone, or with a name, and short lines follow until disclaimers begin."""
    if not is_closing(lines[at]):
        return is_closing_by_role(lines[at]) and all(map(_small_print, _rest(lines, at)))
    rest = list(takewhile(lambda follower: not is_small_print(follower), _rest(lines, at)))
    return all(len(follower) < _SHORT for follower in rest[:4]) and not _goes_on(rest)


def _is_name_under_thanks(lines: list[str], at: int) -> bool:
    """Whether only a name, with ways to reach it, stands below a word of thanks; the thanks are part of the letter."""
    if not is_parting(_above(lines, at)) or not _NAME_ALONE.fullmatch(lines[at]):
        return False
    rest = _rest(lines, at)
    return len(rest) <= 8 and all(len(line) < _SHORT for line in rest) and not any(map(_is_sentence, rest))


def _is_named(lines: list[str], at: int, sender: str) -> bool:
    """Whether a line is the sender's full name and only short lines, some with ways to reach him, follow."""
    names = [name for name in re.findall(r"[^\W\d_]{2,30}", sender.lower()) if "@" not in sender]
    words = re.findall(r"[^\W\d_]{2,30}", lines[at].lower())
    last = all(map(_small_print, _rest(lines, at)))
    if last and _SLASHED.fullmatch(lines[at]):
        return True
    if last and _DASHED_NAME.fullmatch(lines[at]) and _ends_paragraph(lines, at):
        return True
    if last and words and set(words) <= set(names) and lines[at - 1].rstrip()[-1:] in _ENDS:
        return True  # "Anna" alone at the end, from Anna Lind
    named = len(names) >= 2 and len(words) <= len(names) + 3 and {names[0], names[-1]} <= set(words)
    if not named or _is_said(lines[at], names):
        return False
    rest = _rest(lines, at)
    if any(len(line) >= _SHORT or _is_prose(line) for line in rest) or _above(lines, at).rstrip().endswith(":"):
        return False
    return not rest or any(_CONTACT.search(line) for line in rest)


def _is_said(line: str, names: list[str]) -> bool:
    """Whether a line with the sender's name asks or says something: a question, or a full stop behind a small word."""
    last = re.search(r"([^\W\d_A-ZÅÄÖ]{3,30})\.\s{0,3}$", line)
    return line.rstrip()[-1:] in ("?", "!") or bool(last and last.group(1) not in names)


def _ends_paragraph(lines: list[str], at: int) -> bool:
    """Whether a sentence ends above a line, and not one of a list."""
    above = _above(lines, at).strip()
    return above[-1:] in tuple(".!?") and above[:1] not in tuple("-–—*•")


def _is_above_name(lines: list[str], at: int, sender: str) -> bool:
    """Whether a few words begin the last paragraph and the sender's name alone follows: a greeting in any language."""
    line, below = lines[at].strip(), lines[at + 1 : at + 2]
    if lines[at - 1].strip() or not below or len(below[0]) > 60 or line[-1:] in ".!?:;" or len(line.split()) > 5:
        return False
    words = re.findall(r"[^\W\d_]{2,30}", below[0].lower())
    names = set(re.findall(r"[^\W\d_]{2,30}", sender.lower())) if "@" not in sender else set()
    if not words or not set(words) <= names or is_parting(line):
        return False
    return all(map(_small_print, _rest(lines, at + 1)))


def _is_phrase(lines: list[str], at: int) -> bool:
    """Whether a paragraph is a short phrase with a comma and a name below it, in whatever language: *Yours ever,*."""
    below = lines[at + 1 : at + 2]
    if lines[at - 1].strip() or not below or not is_phrase(lines[at]) or is_parting(lines[at]):
        return False
    return (
        bool(_NAME_ALONE.fullmatch(below[0]))
        and len(below[0].split()) <= 3
        and not below[0].rstrip().endswith(",")
        and all(map(_small_print, _rest(lines, at + 1)))
    )


def _is_card(lines: list[str], at: int) -> bool:
    """Whether a paragraph of its own is a visiting card: a name, then mostly lines with ways to reach him."""
    said = lines[at].rstrip().endswith(".") or _above(lines, at).rstrip().endswith(":")
    if lines[at - 1].strip() or not _NAME.fullmatch(lines[at]) or said:
        return False
    rest = _rest(lines, at)
    reach = sum(bool(_CONTACT.search(line)) for line in rest)
    return reach >= 2 and reach * 2 >= len(rest) and all(len(line) < _SHORT for line in rest)


def _disclaimer(lines: list[str]) -> int | None:
    """Find where the legal small print begins: a paragraph's start in the later part of the message."""
    for number in range(max(1, len(lines) - 40), len(lines)):
        starts = not lines[number - 1].strip() or _DASHES.fullmatch(lines[number - 1]) or number * 2 > len(lines)
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
